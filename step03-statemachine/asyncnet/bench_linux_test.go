package asyncnet

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"example.com/async/step01-tcp/tcp"
)

// A benchServer is an echo server that is measured in a process of its own.
type benchServer struct {
	name  string
	serve func(ctx context.Context, listener net.Listener) error
}

var benchServers = []benchServer{
	{"goroutines", func(ctx context.Context, listener net.Listener) error {
		return (&tcp.Server{Handler: tcp.HandlerFunc(tcp.Echo)}).Serve(ctx, listener)
	}},
	{"epoll", (&Server{Handler: Echo, Network: NewEpoll}).Serve},
	{"portable", (&Server{Handler: Echo, Network: newPortable}).Serve},
}

// BenchmarkEcho is the round trip of 64 bytes over loopback, with a server that is
// allowed one processor. server-ns/op is the processor time of the server alone, kernel included: compare
// that, it is steady where ns/op depends on what else the machine does.
//
//	go test -run='^$' -bench=Echo -benchtime=200000x -count=5 ./step03-statemachine/asyncnet
func BenchmarkEcho(b *testing.B) {
	for _, conns := range []int{1, 64, 1000} {
		for _, server := range benchServers {
			b.Run(fmt.Sprintf("conns=%d/server=%s", conns, server.name), func(b *testing.B) {
				address, stop := startBenchServer(b, server.name)
				var left atomic.Int64
				left.Store(int64(b.N))
				clients := make([]net.Conn, conns)
				for i := range clients {
					conn, err := net.Dial("tcp", address)
					require.NoError(b, err)
					clients[i] = conn
				}
				b.ResetTimer()
				var running sync.WaitGroup
				for _, conn := range clients {
					running.Go(func() {
						message := make([]byte, 64)
						for left.Add(-1) >= 0 {
							if _, err := conn.Write(message); err != nil {
								b.Error(err)
								return
							}
							if _, err := io.ReadFull(conn, message); err != nil {
								b.Error(err)
								return
							}
						}
					})
				}
				running.Wait()
				b.StopTimer()
				for _, conn := range clients {
					conn.Close()
				}
				b.ReportMetric(float64(stop())/float64(b.N), "server-ns/op")
			})
		}
	}
}

const benchVariable = "ASYNCNET_BENCHMARK"

// startBenchServer starts this test's program again, as a server. stop ends it, and returns how much
// processor time it has used.
func startBenchServer(b *testing.B, name string) (address string, stop func() time.Duration) {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), benchVariable+"="+name, "GOMAXPROCS=1")
	command.Stderr = os.Stderr
	stdin, err := command.StdinPipe()
	require.NoError(b, err)
	stdout, err := command.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, command.Start())
	address, err = bufio.NewReader(stdout).ReadString('\n')
	require.NoError(b, err)
	return strings.TrimSpace(address), func() time.Duration {
		stdin.Close()
		require.NoError(b, command.Wait())
		usage := command.ProcessState.SysUsage().(*syscall.Rusage)
		return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	}
}

// serveIfBenchmark serves until its standard input ends, if this is a process of startBenchServer.
func serveIfBenchmark() {
	name := os.Getenv(benchVariable)
	if name == "" {
		return
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr())
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	for _, server := range benchServers {
		if server.name == name {
			server.serve(ctx, listener)
		}
	}
	os.Exit(0)
}

// BenchmarkCall is what it costs to tell Go's scheduler of a system call: a read that finds nothing, by
// call and by package syscall.
func BenchmarkCall(b *testing.B) {
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	require.NoError(b, err)
	defer unix.Close(fd)
	p := make([]byte, 8)
	b.Run("raw", func(b *testing.B) {
		for b.Loop() {
			if _, err := call(unix.SYS_READ, fd, p); err != unix.EAGAIN {
				b.Fatal(err)
			}
		}
	})
	b.Run("syscall", func(b *testing.B) {
		for b.Loop() {
			if _, err := syscall.Read(fd, p); err != unix.EAGAIN {
				b.Fatal(err)
			}
		}
	})
}
