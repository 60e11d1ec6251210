package report

import (
	"fmt"
	"io"
	"os"
	"time"
)

// ShowProgress writes a line, once a second over the last one, until quiet is called: that
// removes it, and waits until it is gone.
func ShowProgress(out io.Writer, line func() string) (quiet func()) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				fmt.Fprintf(out, "\r%s\x1b[K", line())
			case <-stop:
				fmt.Fprint(out, "\r\x1b[K") // the report takes the line's place
				return
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
	}
}

// IsTerminal reports whether somebody looks at a file.
func IsTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
