package httpd

import (
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"example.com/async/step02-http/http1"
)

// sendFile sends a file, or the one range of it that the client wants (RFC 9110 section 14).
func sendFile(w *ResponseWriter, r *Request, file fs.File, size int64, v version) {
	seeker, canSeek := file.(io.Seeker)
	if !canSeek {
		w.Stream(file, size)
		return
	}
	w.Header().Set("Accept-Ranges", "bytes")
	wanted := r.Field("Range")
	condition := r.Field("If-Range")
	if r.Method != http1.MethodGet || wanted == nil || condition != nil && !v.isThat(string(condition)) {
		w.Stream(file, size)
		return
	}
	start, end, answer := parseRange(string(wanted), size)
	if answer == rangeBeyond {
		file.Close()
		Error(w, 416, "the file has "+strconv.FormatInt(size, 10)+" bytes")
		w.Header().Set("Content-Range", fmt.Sprintf("bytes */%d", size))
		return
	}
	if answer == rangeWhole {
		w.Stream(file, size)
		return
	}
	if _, err := seeker.Seek(start, io.SeekStart); err != nil {
		file.Close()
		notServed(w, err)
		return
	}
	w.SetStatus(206)
	w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", start, end-1, size))
	w.Stream(file, end-start)
}

// A rangeAnswer is how to answer a field Range.
type rangeAnswer uint8

const (
	rangeWhole  rangeAnswer = iota // with the whole, as if the field weren't there
	rangePart                      // with 206
	rangeBeyond                    // with 416: nothing of it is in the file
)

// parseRange understands "bytes=5-9", "bytes=5-" and "bytes=-5" for a file of size bytes. A
// wrong field, another unit or a list of ranges may be ignored (RFC 9110 section 14.2).
func parseRange(field string, size int64) (start, end int64, answer rangeAnswer) {
	unit, set, _ := strings.Cut(field, "=")
	first, last, isRange := strings.Cut(strings.Trim(set, " \t"), "-")
	if !strings.EqualFold(unit, "bytes") || !isRange {
		return 0, 0, rangeWhole
	}
	lastByte, lastOK := parsePosition(last)
	if first == "" { // the last so many bytes
		switch {
		case !lastOK:
			return 0, 0, rangeWhole
		case lastByte == 0 || size == 0:
			return 0, 0, rangeBeyond
		}
		return max(0, size-lastByte), size, rangePart
	}
	start, firstOK := parsePosition(first)
	switch {
	case !firstOK || last != "" && (!lastOK || lastByte < start):
		return 0, 0, rangeWhole
	case start >= size:
		return 0, 0, rangeBeyond
	case last == "" || lastByte >= size:
		return start, size, rangePart
	}
	return start, lastByte + 1, rangePart
}

// parsePosition understands digits and nothing else. A number that doesn't fit is as large as can be.
func parsePosition(text string) (int64, bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil || n > 0 // ParseInt returns the largest number when it's too large
}
