package httpd

import (
	"errors"
	"io/fs"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// A faultyFS has its files, but opening one or moving in it fails: it is not ours to read, it
// was removed a moment ago, the process has too many open.
type faultyFS struct {
	fstest.MapFS
	open, seek error
}

func (f faultyFS) Open(name string) (fs.File, error) {
	if f.open != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: f.open}
	}
	file, err := f.MapFS.Open(name)
	return faultyFile{file, f.seek}, err
}

type faultyFile struct {
	fs.File
	seek error
}

func (f faultyFile) Seek(int64, int) (int64, error) { return 0, f.seek }

func TestFiles_sayWhatTheyMayOfAFault(t *testing.T) {
	timed := fstest.MapFS{"a": {Data: []byte("0123456789"), ModTime: changed}}
	untimed := fstest.MapFS{"a": {Data: []byte("0123456789")}}
	for _, test := range []struct {
		name string
		fsys faultyFS
		want int
	}{
		{"may not be read", faultyFS{MapFS: timed, open: fs.ErrPermission}, 404},
		{"may not be read for its ETag", faultyFS{MapFS: untimed, open: fs.ErrPermission}, 404},
		{"too many files", faultyFS{MapFS: timed, open: syscall.EMFILE}, 503},
		{"too many files for its ETag", faultyFS{MapFS: untimed, open: syscall.ENFILE}, 503},
		{"a seek fails", faultyFS{MapFS: timed, seek: errors.New("seek")}, 404},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := get(t, fileRouter(test.fsys), "/a", "Range: bytes=2-4")
			require.Equal(t, test.want, got.status)
			require.NotContains(t, got.content, "open a", "what the system says is no business of the client")
			require.Empty(t, got.header.Get("Etag"), "it belongs to the file")
		})
	}
}
