package httpd

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"time"

	"example.com/async/step02-http/http1"
)

// A version is one state of a file, as its validators name it (RFC 9110 section 8.8).
type version struct {
	etag    string    // strong
	changed time.Time // the zero time if nobody knows
}

// version returns which version of a file there is now.
func (f *files) version(v variant) (version, error) {
	suffix := ""
	if v.gzip {
		suffix = "-gzip" // the same content in other bytes needs another ETag
	}
	if changed := v.info.ModTime(); !changed.IsZero() && changed.Unix() != 0 {
		return version{fmt.Sprintf(`"%x-%x%s"`, changed.UnixNano(), v.info.Size(), suffix), changed}, nil
	}
	if etag, ok := f.etags.Load(v.name); ok {
		return version{etag: etag.(string)}, nil
	}
	file, err := f.fsys.Open(v.name)
	if err != nil {
		return version{}, err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return version{}, err
	}
	etag := fmt.Sprintf(`"%x%s"`, hash.Sum(nil)[:16], suffix)
	f.etags.Store(v.name, etag)
	return version{etag: etag}, nil
}

// announce sets the validators in the response. A time that is still to come, from a machine whose
// clock is wrong perhaps, is not told (RFC 9110 section 8.8.2.1).
func (v version) announce(w *ResponseWriter) {
	w.Header().Set("ETag", v.etag)
	if !v.changed.IsZero() && !v.changed.After(time.Now()) {
		w.Header().Set("Last-Modified", v.changed.UTC().Format(http1.TimeFormat))
	}
}

// check looks at the conditions of a GET or HEAD in the order of RFC 9110 section 13.2.2. It
// returns 412 or 304, or 0 if the file is to be sent. An ETag goes before a time, which
// knows only seconds.
func (v version) check(r *Request) int {
	if wanted, ok := r.list("If-Match"); ok {
		if !matchesETag(wanted, v.etag, false) {
			return 412
		}
	} else if since, ok := parseTime(string(r.Field("If-Unmodified-Since"))); ok && v.changedAfter(since) {
		return 412
	}
	if had, ok := r.list("If-None-Match"); ok {
		if matchesETag(had, v.etag, true) {
			return 304
		}
	} else if since, ok := parseTime(string(r.Field("If-Modified-Since"))); ok && !v.changed.IsZero() && !v.changedAfter(since) {
		return 304
	}
	return 0
}

// changedAfter reports whether the file was changed later, as far as is known.
func (v version) changedAfter(t time.Time) bool { return v.changed.Truncate(time.Second).After(t) }

// isThat reports whether the client means this version by the value of If-Range: by its ETag
// in the strong comparison, or by its time, if that is old enough to be the
// only one in its second (RFC 9110 sections 13.1.5 and 8.8.2.2).
func (v version) isThat(ifRange string) bool {
	if t, ok := parseTime(ifRange); ok {
		return v.changed.Truncate(time.Second).Equal(t) && time.Since(v.changed) > 2*time.Second
	}
	return ifRange == v.etag
}

// matchesETag reports whether a list of entity tags has etag, or is "*". In the weak
// comparison W/"a" matches "a", in the strong one it matches nothing (RFC 9110 section 8.8.3.2).
func matchesETag(list, etag string, weak bool) bool {
	if strings.Trim(list, " \t") == "*" {
		return true
	}
	for one := range strings.SplitSeq(list, ",") { // our own tags have no comma in them
		one = strings.Trim(one, " \t")
		if weak {
			one = strings.TrimPrefix(one, "W/")
		}
		if one == etag {
			return true
		}
	}
	return false
}

// parseTime understands the three formats of RFC 9110 section 5.6.7.
func parseTime(text string) (time.Time, bool) {
	if text == "" {
		return time.Time{}, false // the usual case
	}
	for _, format := range []string{http1.TimeFormat, time.RFC850, time.ANSIC} {
		if t, err := time.Parse(format, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
