package measure

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"example.com/async/step05-select/designs/server"
)

// askLimit is how long an answer may take.
const askLimit = 30 * time.Second

// ask sends a request on a connection, and returns what follows the prefix in the line that answers it. All that
// others say meanwhile is passed over.
func ask(conn net.Conn, lines *bufio.Reader, request, prefix string) (answer string, err error) {
	if _, err := io.WriteString(conn, request+"\n"); err != nil {
		return "", err
	}
	conn.SetReadDeadline(time.Now().Add(askLimit))
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return "", fmt.Errorf("no answer to %s: %w", request, err)
		}
		if answer, ok := strings.CutPrefix(line, prefix); ok {
			return answer, nil
		}
	}
}

// askStats returns what a server tells of its pauses.
func askStats(ctx context.Context, address string) (stats server.Stats, err error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return stats, err
	}
	defer conn.Close()
	text, err := ask(conn, bufio.NewReader(conn), "/stats", server.AnsweredStats)
	if err != nil {
		return stats, err
	}
	return stats, json.Unmarshal([]byte(text), &stats)
}

// A labourer is a client that lets the server compute, again and again.
type labourer struct {
	conn  net.Conn
	first chan struct{}   // closed with the first answer
	done  chan struct{}   // closed when it has ended
	times []time.Duration // from each request to its answer
	err   error
}

// startWork lets a client work until its end is called.
func startWork(ctx context.Context, address string) (*labourer, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	l := &labourer{conn: conn, first: make(chan struct{}), done: make(chan struct{})}
	go l.work()
	return l, nil
}

func (l *labourer) work() {
	defer close(l.done)
	lines := bufio.NewReader(l.conn)
	request := fmt.Sprintf("/work %d", workTime.Milliseconds())
	for {
		began := time.Now()
		if _, l.err = ask(l.conn, lines, request, server.AnsweredWork); l.err != nil {
			return
		}
		if l.times = append(l.times, time.Since(began)); len(l.times) == 1 {
			close(l.first)
		}
		// It goes on reading in its pause: what waits in its socket afterwards would delay the next answer.
		l.conn.SetReadDeadline(time.Now().Add(workPause))
		for l.err == nil {
			_, l.err = lines.ReadString('\n')
		}
		if netErr, ok := errors.AsType[net.Error](l.err); !ok || !netErr.Timeout() {
			return
		}
	}
}

// end returns how long an answer took, the median. It waits for the first one.
func (l *labourer) end() (time.Duration, error) {
	select {
	case <-l.first:
	case <-l.done:
	}
	l.conn.Close()
	<-l.done
	if len(l.times) == 0 {
		return 0, fmt.Errorf("no work was done: %w", l.err)
	}
	slices.Sort(l.times)
	return l.times[(len(l.times)-1)/2], nil
}
