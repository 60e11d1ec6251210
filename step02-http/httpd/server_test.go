package httpd_test

import (
	"testing"

	"go.uber.org/goleak"

	"example.com/async/step02-http/httpd"
	"example.com/async/step02-http/httpdtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestServer(t *testing.T) {
	httpdtest.TestServer(t, func(settings *httpd.Server) httpdtest.Server { return settings })
}
