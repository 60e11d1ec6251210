package soak

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"time"
)

// A Kind is what a client does.
type Kind string

// What clients do, and how many of a hundred do it.
const (
	Talks    Kind = "talked"                    // reads, says some lines, half-closes, and reads to the end
	Floods   Kind = "flooded"                   // the same with as many lines as fit
	Shouts   Kind = "flooded, and read nothing" // until its connection is full, and goes
	Stalls   Kind = "read nothing"              // says a line, and goes after a while
	Vanishes Kind = "vanished in a line"        // resets its connection
	LooksIn  Kind = "came and went at once"
)

// Kinds are all of them, in the order in which they are told.
var Kinds = []Kind{Talks, Floods, Shouts, Stalls, Vanishes, LooksIn}

var share = map[Kind]int{Talks: 45, Floods: 5, Shouts: 5, Stalls: 15, Vanishes: 15, LooksIn: 15}

// draw draws a kind according to the shares.
func draw(random *rand.Rand) Kind {
	n := random.IntN(100)
	for _, k := range Kinds {
		if n -= share[k]; n < 0 {
			return k
		}
	}
	panic("soak: the shares are less than a hundred")
}

// client is client number n, from its arrival to its end.
func (r *run) client(ctx context.Context, n uint64, mark string) {
	random := rand.New(rand.NewPCG(r.Seed, n))
	kind := draw(random)
	conn, err := r.Dial(ctx)
	if err != nil {
		if ctx.Err() == nil {
			r.fault("client %d could not come: %v", n, err)
		}
		pause(ctx, r.Patience/10) // not to try again and again
		return
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	r.count(kind)
	upTo := func(most time.Duration) { pause(ctx, time.Duration(random.Int64N(int64(most)))) }
	// Nothing here should take that long.
	conn.SetDeadline(time.Now().Add(r.Patience + longestStay))

	switch kind {
	case Talks, Floods:
		lines, between := 1+random.IntN(10), 30*time.Millisecond
		if kind == Floods {
			// Not so many that it takes long until the room has passed them on.
			lines, between = 100+random.IntN(400), 0
		}
		r.talk(ctx, conn, &listening{run: r, who: fmt.Sprintf("client %d", n), mark: mark}, func() error {
			for i := range lines {
				if err := say(conn, random, n, i); err != nil {
					return err
				}
				if between > 0 {
					upTo(between)
				}
			}
			return nil
		})
	case Shouts:
		conn.SetWriteDeadline(time.Now().Add(time.Duration(random.Int64N(int64(longestStay)))))
		for i := 0; say(conn, random, n, i) == nil; i++ {
		}
	case Stalls:
		say(conn, random, n, 0)
		upTo(longestStay)
	case Vanishes:
		io.WriteString(conn, "half a li")
		upTo(longestStay / 10)
		if tcp, ok := conn.(*net.TCPConn); ok {
			tcp.SetLinger(0) // so that Close resets the connection
		}
	}
}

// longestStay is how long a client stays that does nothing.
const longestStay = time.Second

// say writes a line of some length, now and then in two pieces.
func say(conn net.Conn, random *rand.Rand, client uint64, number int) error {
	line := fmt.Appendf(nil, "client %d says %d ", client, number)
	line = append(line, bytes.Repeat([]byte("x"), random.IntN(100))...)
	line = append(line, '\n')
	cut := 0
	if random.IntN(8) == 0 {
		cut = random.IntN(len(line))
	}
	if _, err := conn.Write(line[:cut]); err != nil {
		return err
	}
	_, err := conn.Write(line[cut:])
	return err
}

// talk is a client that reads while it says what it has to say. Then it half-closes, and the server should
// end the connection.
func (r *run) talk(ctx context.Context, conn net.Conn, heard *listening, sayAll func() error) {
	read := make(chan error, 1)
	go func() { read <- heard.read(conn) }()
	err := sayAll()
	if half, ok := conn.(interface{ CloseWrite() error }); ok && err == nil {
		err = half.CloseWrite()
	}
	if err != nil {
		conn.Close()
	}
	err = errors.Join(err, <-read)
	switch {
	case ctx.Err() != nil:
	case errors.Is(err, os.ErrDeadlineExceeded):
		r.fault("%s has finished, and after %v its connection has not been closed", heard.who, r.Patience)
	case err != nil:
		r.fault("%s reads, and was cut off: %v", heard.who, err)
	}
}

func (r *run) count(k Kind) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Came[k]++
}
