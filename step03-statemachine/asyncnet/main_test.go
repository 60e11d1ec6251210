package asyncnet

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	serveIfBenchmark() // this may be the server's process of a benchmark
	goleak.VerifyTestMain(m)
}
