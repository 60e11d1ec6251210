package typing

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"time"
)

// moment is how long BrokenServe reads before it looks for messages.
const moment = 10 * time.Millisecond

// BrokenServe is one client, on one goroutine. It works, as long as everybody types a line in one go.
func BrokenServe(conn net.Conn, messages <-chan string, say func(line string)) error {
	reader := bufio.NewReader(conn)
	for {
		select {
		case message, ok := <-messages:
			if !ok {
				return nil
			}
			if _, err := conn.Write([]byte(message + "\n")); err != nil {
				return err
			}
		default:
		}
		conn.SetReadDeadline(time.Now().Add(moment))
		line, err := reader.ReadString('\n')
		switch {
		case err == nil:
			say(strings.TrimSuffix(line, "\n"))
		case errors.Is(err, os.ErrDeadlineExceeded):
			// The next round. But ReadString has returned with the error what was typed so far.
		case err == io.EOF:
			return nil
		default:
			return err
		}
	}
}
