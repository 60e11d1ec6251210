package book

import (
	"bytes"
	"compress/gzip"
	"maps"
	"slices"
)

// writeCompressed puts NAME.gz beside each file NAME, for httpd.Files to send to clients that
// accept it. What gzip doesn't make smaller has no such neighbour.
//
// The whole book takes a fiftieth of a second at the best level, once: so there is no
// reason for a lower one, nor for a list of the types that are worth it.
func (b *builder) writeCompressed() error {
	for _, name := range slices.Sorted(maps.Keys(b.site.files)) {
		plain := b.site.files[name].Data
		small, err := compressed(plain)
		if err != nil {
			return err
		}
		if len(small) < len(plain) {
			b.write(name+".gz", small)
		}
	}
	return nil
}

func compressed(data []byte) ([]byte, error) {
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := zip.Write(data); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
