//go:build solution

package typing

import (
	"bufio"
	"net"
	"time"
)

func Serve(conn net.Conn, messages <-chan string, say func(line string)) error {
	lines := make(chan string)
	var readErr error // of the reader, until it has closed lines
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(conn)
		for scanner.Scan() {
			lines <- scanner.Text() // waits for the loop, or for the deferred drain
		}
		readErr = scanner.Err()
	}()
	defer func() {
		conn.SetReadDeadline(time.Unix(1, 0)) // wakes a Read
		for range lines {                     // takes what is being handed over, until the reader has ended
		}
	}()
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				return readErr
			}
			say(line)
		case message, ok := <-messages:
			if !ok {
				return nil
			}
			if _, err := conn.Write([]byte(message + "\n")); err != nil {
				return err
			}
		}
	}
}
