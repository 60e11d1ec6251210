package httpdtest

import (
	"errors"
	"io"
	"net"
	"strings"
)

// The right server, with something wrong in the bytes that come or go.

// withRequests is a server that changes each connection's first request before the right server
// sees it. This is what leniency means: to take one thing for another.
// change gets what has arrived, and returns nil when it needs more.
func withRequests(change func(arrived []byte) []byte) Subject {
	return withConn(func(conn net.Conn) net.Conn {
		var arrived []byte // then changed, then what is left of it
		ready := false
		piece := make([]byte, 64<<10)
		return &wrongConn{Conn: conn, read: func(p []byte) (int, error) {
			for !ready {
				n, err := conn.Read(piece)
				arrived = append(arrived, piece[:n]...)
				if changed := change(arrived); changed != nil {
					arrived, ready = changed, true
				} else if errors.Is(err, io.EOF) {
					ready = true
				} else if err != nil {
					return 0, err
				}
			}
			if len(arrived) == 0 {
				return conn.Read(p)
			}
			n := copy(p, arrived)
			arrived = arrived[n:]
			return n, nil
		}}
	})
}

// withHead changes the lines of each connection's first head. They have no line ends.
func withHead(change func(lines []string) []string) Subject {
	return withRequests(func(arrived []byte) []byte {
		lines, rest, complete := splitHead(string(arrived))
		if !complete {
			return unlessLong(arrived)
		}
		return []byte(strings.Join(change(lines), "\r\n") + "\r\n\r\n" + rest)
	})
}

// unlessLong waits for more, but leaves what is long already for the right server to judge.
func unlessLong(arrived []byte) []byte {
	if len(arrived) > 8<<10 {
		return arrived
	}
	return nil
}

// splitHead cuts off the lines up to the first empty one. A lone LF ends a line, too. An
// empty line before the request line is one of the lines.
func splitHead(text string) (lines []string, rest string, complete bool) {
	for {
		line, after, found := strings.Cut(text, "\n")
		if !found {
			return nil, "", false
		}
		text = after
		line = strings.TrimSuffix(line, "\r")
		if line == "" && len(lines) > 0 && lines[len(lines)-1] != "" {
			return lines, text, true
		}
		lines = append(lines, line)
	}
}

// withRequestLine changes the first line that isn't empty.
func withRequestLine(change func(line string) string) Subject {
	return withHead(func(lines []string) []string {
		for i, line := range lines {
			if line != "" {
				lines[i] = change(line)
				break
			}
		}
		return lines
	})
}

// withField changes the lines of the fields with that name.
func withField(name string, change func(value string) string) Subject {
	return withHead(func(lines []string) []string {
		for i := range lines {
			if value, ok := fieldValue(lines[i], name); ok {
				lines[i] = name + ": " + change(value)
			}
		}
		return lines
	})
}

// fieldValue returns the value of a line, if it is a field with that name.
func fieldValue(line, name string) (value string, ok bool) {
	found, value, _ := strings.Cut(line, ":")
	return strings.TrimSpace(value), strings.EqualFold(found, name)
}

// withoutField leaves fields with that name out, but for the first few of them.
func withoutField(name string, butFor int) Subject {
	return withHead(func(lines []string) []string { return deleteField(lines, name, butFor) })
}

func deleteField(lines []string, name string, butFor int) (kept []string) {
	for _, line := range lines {
		if _, ok := fieldValue(line, name); ok {
			if butFor--; butFor < 0 {
				continue
			}
		}
		kept = append(kept, line)
	}
	return kept
}

// withResponse changes what the right server writes. A write that isn't one response is left
// as it is. The head comes without the empty line at its end.
func withResponse(change func(head, content string) (string, string)) Subject {
	return withConn(func(conn net.Conn) net.Conn {
		return &wrongConn{Conn: conn, write: func(p []byte) (int, error) {
			head, content, found := strings.Cut(string(p), "\r\n\r\n")
			if !found || strings.Contains(content, "HTTP/1.1 ") {
				return conn.Write(p)
			}
			head, content = change(head+"\r\n", content)
			_, err := io.WriteString(conn, head+"\r\n"+content)
			return len(p), err
		}}
	})
}
