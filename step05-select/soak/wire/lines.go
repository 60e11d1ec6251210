package wire

import (
	"bufio"
	"io"
	"net"
	"strings"

	"example.com/async/step05-select/session"
)

// Lines returns the Conn of a terminal.
func Lines(conn net.Conn) Conn { return &terminal{conn, bufio.NewReaderSize(conn, 1<<10)} }

type terminal struct {
	conn net.Conn
	in   *bufio.Reader
}

func (t *terminal) Say(line []byte) error {
	_, err := t.conn.Write(append(line[:len(line):len(line)], '\n'))
	return err
}

func (t *terminal) Next() (session.Event, error) {
	line, err := t.in.ReadString('\n')
	switch {
	case err == io.EOF && line != "":
		return session.Event{}, io.ErrUnexpectedEOF // half a line
	case err != nil:
		return session.Event{}, err
	}
	return Parse(strings.TrimSuffix(line, "\n")), nil
}

func (t *terminal) Leave() {}

func (t *terminal) Finish() error {
	if half, ok := t.conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return t.conn.Close()
}

func (t *terminal) Echo() bool       { return false }
func (t *terminal) Socket() net.Conn { return t.conn }
