//go:build solution

package client

import (
	"bufio"
	"context"
	"errors"
	"net"
	"time"
)

func Serve(ctx context.Context, conn net.Conn, room *Room) error {
	member := room.Join()
	defer member.Leave()
	defer context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })()

	leaving := make(chan struct{}) // closed by the reader, which is this goroutine
	written := make(chan error, 1) // what ended the writer
	go func() {
		err := write(conn, member, leaving)
		if err != nil {
			conn.Close() // wakes the reader
		}
		written <- err
	}()

	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		member.Send(lines.Text())
	}
	readErr := lines.Err()
	if ctx.Err() != nil {
		readErr = nil // the deadline
	}
	close(leaving)
	writeErr := <-written
	if readErr != nil && !errors.Is(readErr, net.ErrClosed) {
		return readErr
	}
	return writeErr // which has closed conn, if the Read says so
}

// write writes what others say until the reader has left, and then what there is already.
func write(conn net.Conn, member *Member, leaving <-chan struct{}) error {
	for {
		select {
		case message := <-member.Messages:
			if err := writeLine(conn, message); err != nil {
				return err
			}
		case <-leaving:
			for range len(member.Messages) {
				if err := writeLine(conn, <-member.Messages); err != nil {
					return err
				}
			}
			return nil
		}
	}
}

func writeLine(conn net.Conn, message string) error {
	if err := conn.SetWriteDeadline(time.Now().Add(WriteTimeout)); err != nil {
		return err
	}
	_, err := conn.Write([]byte(message + "\n"))
	return err
}
