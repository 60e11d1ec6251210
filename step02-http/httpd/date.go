package httpd

import (
	"sync/atomic"
	"time"

	"example.com/async/step02-http/http1"
)

// A cachedDate is the text of one second.
type cachedDate struct {
	second int64
	text   string
}

var lastDate atomic.Pointer[cachedDate]

// Date returns now for the Date field of a response. The text is made once a
// second, not once a response. It is safe for use by several goroutines.
func Date(now time.Time) string {
	second := now.Unix()
	if date := lastDate.Load(); date != nil && date.second == second {
		return date.text
	}
	date := &cachedDate{second, now.UTC().Format(http1.TimeFormat)}
	lastDate.Store(date)
	return date.text
}
