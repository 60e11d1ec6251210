// Package netcat connects a keyboard to a server: it stands in for the program
// nc, of which some machines have none, and others one of several that differ.
//
// What is read from the input goes to the server. When the input ends, the
// server is told so by a half-close, as nc -N does; the other direction stays open, so
// that the rest of the answer arrives. What the server sends goes to the output. It
// ends when the server closes.
//
// [Run] is all of it.
package netcat

import (
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"example.com/async/step01-tcp/tcp"
)

// dialLimit is how long a server may take to accept. On a loopback that is
// microseconds; a machine that drops packets would keep a user waiting for minutes.
const dialLimit = 10 * time.Second

// Run connects to address ("host:port"), sends what comes from in, half-closes at
// its end, and writes to out what arrives. It returns nil when the server has closed.
// Its errors are one line, for people.
//
// The server may close while Run still reads in. A Read can't be interrupted, so
// the goroutine that reads remains until in has something to say, or ends; a
// program that calls Run for its standard input is about to end anyway.
func Run(address string, in io.Reader, out io.Writer) error {
	conn, err := net.DialTimeout("tcp", address, dialLimit)
	if err != nil {
		return dialError(address, err)
	}
	if err := talk(conn, in, out); err != nil {
		return fmt.Errorf("%s: %w", address, err)
	}
	return nil
}

func dialError(address string, err error) error {
	var timeout net.Error
	switch {
	case errors.Is(err, connectionRefused):
		return fmt.Errorf("nobody listens on %s: start the server first, in another terminal", address)
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("no answer from %s within %v", address, dialLimit)
	default:
		return fmt.Errorf("cannot connect to %q: %w; an address looks like 127.0.0.1:8080", address, err)
	}
}

// talk is Run on a connection, which it closes in every case.
func talk(conn net.Conn, in io.Reader, out io.Writer) error {
	defer conn.Close()
	inErr := make(chan error, 1) // room for one: nobody may be left to receive it
	go func() { inErr <- send(conn, in) }()

	// io.Copy returns nil at EOF, and otherwise the error of one of the two sides.
	_, err := io.Copy(out, conn)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, net.ErrClosed):
		return <-inErr // send has given up, and has closed
	case errors.Is(err, connectionReset):
		return errors.New("the other side cut the connection (reset)")
	default:
		return err
	}
}

// send copies in to conn. That the peer no longer reads is no error: what it has sent
// is still to be read. A failing input is one, and ends the connection.
func send(conn net.Conn, in io.Reader) error {
	buffer := make([]byte, 32<<10)
	for {
		n, err := in.Read(buffer)
		if n > 0 {
			if _, err := conn.Write(buffer[:n]); err != nil {
				return nil
			}
		}
		switch {
		case err == io.EOF:
			// An error means that the peer is gone already: talk reads that too.
			_ = tcp.CloseWrite(conn)
			return nil
		case err != nil:
			conn.Close()
			return fmt.Errorf("cannot read the input: %w", err)
		}
	}
}
