package tcp_test

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/step01-tcp/tcp"
)

// The price of what surrounds Accept. Each benchmark runs against
//
//   - copy: the smallest echo server in Go, go io.Copy(conn, conn). On Linux
//     io.Copy moves the bytes inside the kernel, by splice(2);
//   - bare: the same loop with tcp.Echo, which reads into a buffer and writes;
//   - server: tcp.Server with tcp.Echo and no limits. Against bare, the price of the Server;
//   - limits: the Server with every limit set, as the program has it.
//
// Compare them within one run, cpu-ns/op first: the processor time of server and
// client together, which other programs on the machine hardly disturb.
//
//	go test -run='^$' -bench=. -count=10 ./step01-tcp/tcp
var benchServers = []struct {
	name  string
	serve func(ctx context.Context, listener net.Listener) error
}{
	{"copy", bareLoop(func(_ context.Context, conn net.Conn) error {
		_, err := io.Copy(conn, conn)
		return err
	})},
	{"bare", bareLoop(tcp.Echo)},
	{"server", func(ctx context.Context, listener net.Listener) error {
		return (&tcp.Server{Handler: tcp.HandlerFunc(tcp.Echo), DrainTimeout: time.Minute}).Serve(ctx, listener)
	}},
	{"limits", func(ctx context.Context, listener net.Listener) error {
		return (&tcp.Server{
			Handler: tcp.HandlerFunc(tcp.Echo), DrainTimeout: time.Minute,
			MaxConns: 1000, IdleTimeout: time.Minute, WriteTimeout: time.Minute,
		}).Serve(ctx, listener)
	}},
}

// BenchmarkEcho is the round trip of 64 bytes over loopback.
func BenchmarkEcho(b *testing.B) {
	b.Run("conns=1", func(b *testing.B) { benchmarkEcho(b, 1) })
	b.Run("conns=64", func(b *testing.B) { benchmarkEcho(b, 64) })
}

func benchmarkEcho(b *testing.B, conns int) {
	againstEach(b, func(b *testing.B, address string) {
		var clients sync.WaitGroup
		var left atomic.Int64
		left.Store(int64(b.N))
		dialed := make([]net.Conn, conns)
		for i := range dialed {
			dialed[i] = dial(b, address)
			roundTrip(b, dialed[i], make([]byte, 64)) // it is accepted now
		}
		b.ReportAllocs()
		b.ResetTimer()
		for _, conn := range dialed {
			clients.Go(func() {
				message := make([]byte, 64)
				for left.Add(-1) >= 0 && roundTrip(b, conn, message) {
				}
			})
		}
		clients.Wait()
		b.StopTimer()
		for _, conn := range dialed {
			conn.Close()
		}
	})
}

// BenchmarkStream is the throughput of one connection whose client sends and
// reads at the same time.
func BenchmarkStream(b *testing.B) {
	const block = 64 << 10
	againstEach(b, func(b *testing.B, address string) {
		conn := dial(b, address)
		var sender sync.WaitGroup
		sender.Go(func() {
			text := make([]byte, block)
			for {
				if _, err := conn.Write(text); err != nil {
					return // closed below, or the reading side sees it too and tells
				}
			}
		})
		got := make([]byte, block)
		b.SetBytes(block)
		for b.Loop() {
			if _, err := io.ReadFull(conn, got); err != nil {
				b.Error(err)
				break
			}
		}
		conn.Close()
		sender.Wait()
	})
}

// BenchmarkConnect is a client's whole visit: connect, one echo, close.
func BenchmarkConnect(b *testing.B) {
	againstEach(b, func(b *testing.B, address string) {
		message := make([]byte, 64)
		b.ReportAllocs()
		for b.Loop() {
			conn := dial(b, address)
			roundTrip(b, conn, message)
			// With a FIN each visit would keep its port for a minute (TIME_WAIT), and
			// a long run would use them up; a reset gives it back at once.
			conn.SetLinger(0)
			conn.Close()
		}
	})
}

// againstEach runs measure against each server, which listens at address
// meanwhile. Its clients must be closed when measure returns.
func againstEach(b *testing.B, measure func(b *testing.B, address string)) {
	for _, server := range benchServers {
		b.Run("server="+server.name, func(b *testing.B) {
			listener, err := tcp.Listen("127.0.0.1:0")
			require.NoError(b, err)
			ctx, stop := context.WithCancel(context.Background())
			served := make(chan error)
			go func() { served <- server.serve(ctx, listener) }()
			defer func() {
				stop()
				require.NoError(b, <-served)
			}()
			before := cpuTime()
			measure(b, listener.Addr().String())
			if used := cpuTime() - before; used > 0 {
				b.ReportMetric(float64(used.Nanoseconds())/float64(b.N), "cpu-ns/op")
			}
		})
	}
}

// bareLoop is an accept loop with nothing around it. It waits for its handlers
// only to leave no goroutine to the next benchmark.
func bareLoop(handler tcp.HandlerFunc) func(context.Context, net.Listener) error {
	return func(ctx context.Context, listener net.Listener) error {
		context.AfterFunc(ctx, func() { listener.Close() })
		var running sync.WaitGroup
		defer running.Wait()
		for {
			conn, err := listener.Accept()
			if err != nil {
				return nil
			}
			running.Go(func() {
				defer conn.Close()
				handler(ctx, conn)
			})
		}
	}
}

func dial(b *testing.B, address string) *net.TCPConn {
	conn, err := net.Dial("tcp", address)
	require.NoError(b, err)
	return conn.(*net.TCPConn)
}

// roundTrip sends the message and reads as much back.
func roundTrip(b *testing.B, conn net.Conn, message []byte) (ok bool) {
	_, err := conn.Write(message)
	if err == nil {
		_, err = io.ReadFull(conn, message)
	}
	if err != nil {
		b.Error(err) // not Fatal: this may be a client's own goroutine
	}
	return err == nil
}
