package soak

import (
	"bytes"
	"context"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step04-chat/chat"
)

// goleak sees to it that neither the clients nor the server leave a goroutine.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func dialer(address string) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", address)
	}
}

func TestRun_findsNothingLeftBehindByStepFoursChat(t *testing.T) {
	for name, hub := range map[string]chat.Hub[[]byte]{
		"channel": chat.NewChannelHub[[]byte](chat.DefaultCapacity), "mutex": chat.NewMutexHub[[]byte](chat.DefaultCapacity),
	} {
		t.Run(name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			ctx, stop := context.WithCancel(t.Context())
			served := make(chan error, 1)
			go func() { served <- (&chat.Server{Hub: hub}).Serve(ctx, listener) }()
			defer func() {
				stop()
				require.NoError(t, <-served)
			}()
			var rounds int
			result, err := Run(t.Context(), Soak{
				Dial: dialer(listener.Addr().String()), Duration: time.Second, Rounds: 2, Clients: 20, Seed: 1, Pid: os.Getpid(),
				Progress: func(round, clients int) { rounds = round },
			})
			require.NoError(t, err)
			assert.Empty(t, result.Faults)
			assert.Equal(t, 2, rounds)
			require.Len(t, result.Rounds, 2)
			assert.Equal(t, runtime.GOOS == "linux", result.Looked)
			for _, kind := range Kinds {
				assert.Positive(t, result.Came[kind], kind)
			}
			assert.Positive(t, result.Heard)
		})
	}
}

func TestRun_findsWhatAServerDoesWrong(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault fault
		says  string
	}{
		{"drops", fault{drop: true}, "was told of 0 missed messages"},
		{"swaps", fault{swap: true}, "of the speaker after line"},
		{"keeps", fault{keep: true}, "its connection has not been closed"},
		{"throws out", fault{throwOut: true}, "the speaker can't speak"},
		{"freezes", fault{freeze: true}, "the listener hears the speaker no more"},
	} {
		t.Run(test.name, func(t *testing.T) {
			room := newRoom(t, test.fault)
			result, err := Run(t.Context(), Soak{
				Dial: dialer(room.address), Duration: 300 * time.Millisecond, Rounds: 1, Clients: 5, Seed: 1, Patience: time.Second,
			})
			require.NoError(t, err)
			assert.Contains(t, strings.Join(result.Faults, "\n"), test.says)
			assert.Positive(t, result.FaultCount)
		})
	}
}

func TestRun_saysThatNobodyIsHeard(t *testing.T) {
	room := newRoom(t, fault{deaf: true})
	_, err := Run(t.Context(), Soak{Dial: dialer(room.address), Duration: time.Second, Rounds: 1, Clients: 1, Patience: 50 * time.Millisecond})
	require.ErrorContains(t, err, "one client does not hear another")
}

func TestRun_endsWithItsContext(t *testing.T) {
	room := newRoom(t, fault{})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := Run(ctx, Soak{Dial: dialer(room.address), Duration: time.Hour, Rounds: 1, Clients: 5, Seed: 1})
	require.ErrorIs(t, err, context.Canceled)
}

func TestDraw_isDecidedByTheSeed(t *testing.T) {
	total := 0
	for _, n := range share {
		total += n
	}
	assert.Equal(t, 100, total)
	assert.Len(t, share, len(Kinds))
}

func TestRun_seesFilesAndMemoryThatWereKept(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems don't tell")
	}
	r := &run{Soak: Soak{Pid: os.Getpid(), Patience: time.Millisecond}}
	before := r.look()
	kept, err := os.Open(os.DevNull)
	require.NoError(t, err)
	r.lookForLeftovers(t.Context(), before)
	kept.Close()
	r.lookForLeftovers(t.Context(), before)
	require.Len(t, r.result.Faults, 1)
	assert.Contains(t, r.result.Faults[0], "1 more open files")

	r.result.Rounds[1].Memory = r.result.Rounds[0].Memory + mostGrowth + 1
	r.compareMemory()
	require.Len(t, r.result.Faults, 2)
	assert.Contains(t, r.result.Faults[1], "grown by 16.0 MiB")
}

func TestWrite_tellsRoundsClientsAndFaults(t *testing.T) {
	r := &Result{
		Came: map[Kind]int{Talks: 7, Stalls: 2}, Heard: 90, Missed: 3,
		Rounds: []Round{{Clients: 5, Memory: 20 << 20}, {Clients: 9, Files: 1, Memory: 21 << 20}}, Looked: true,
	}
	text := func() string {
		var b bytes.Buffer
		require.NoError(t, r.Write(&b, false))
		return b.String()
	}
	assert.Regexp(t, `(?m)^ +1 +5 +0 +20.0 MiB$`, text())
	assert.Regexp(t, `(?m)^ +7 talked$`, text())
	assert.Contains(t, text(), "heard 90 lines of the speaker, and was told of the 3")
	assert.Contains(t, text(), "No fault was found.")
	r.Faults, r.FaultCount = []string{"something"}, 12
	assert.Contains(t, text(), "12 faults, of which the first are:\n- something\n")
	r.Looked = false
	assert.Regexp(t, `(?m)^ +2 +9 +unknown +unknown$`, text())
}

func TestCheck_refuses(t *testing.T) {
	for _, s := range []Soak{{Rounds: 1, Clients: 1}, {Duration: 1, Clients: 1}, {Duration: 1, Rounds: 1}} {
		_, err := Run(t.Context(), s)
		require.Error(t, err)
	}
}
