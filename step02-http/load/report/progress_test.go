package report

import (
	"bytes"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestProgress_isOneLineThatIsWrittenAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		began := time.Now()
		quiet := ShowProgress(&out, func() string { return fmt.Sprintf("%.0f s", time.Since(began).Seconds()) })
		<-time.After(2500 * time.Millisecond)
		quiet()
		assert.Equal(t, "\r1 s\x1b[K\r2 s\x1b[K\r\x1b[K", out.String())
	})
}
