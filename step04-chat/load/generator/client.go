package generator

import (
	"bytes"
	"net"
	"time"
)

// A client reads all that is said in the room.
type client struct {
	run    *Run
	number int
	conn   net.Conn
}

// readSize is the buffer of each client. A line must fit; the more lines come with one read, the less each
// of them costs.
const readSize = 8 << 10

// receive reads until the connection ends.
func (c *client) receive() {
	buffer := make([]byte, readSize)
	held := 0         // bytes of a line whose end has not come
	skipping := false // in a line that is too long
	for {
		n, err := c.conn.Read(buffer[held:])
		arrived := buffer[:held+n]
		if err != nil {
			c.run.leave(c.number, err)
			return
		}
		if skipping {
			end := bytes.IndexByte(arrived, '\n') + 1
			if end == 0 {
				continue
			}
			arrived, skipping = arrived[end:], false
		}
		rest := c.run.receive(c.number, arrived)
		held = copy(buffer, rest)
		if held == len(buffer) {
			held, skipping = 0, true
		}
	}
}

// receive takes the lines that a client has got, and returns the beginning of the next.
func (r *Run) receive(client int, lines []byte) (rest []byte) {
	b := r.books
	b.mu.Lock()
	defer b.mu.Unlock()
	before, now := b.arrivals, time.Now()
	for {
		end := bytes.IndexByte(lines, '\n')
		if end < 0 {
			break
		}
		is, sender, number := r.wire.parse(bytes.TrimSuffix(lines[:end], []byte("\r")))
		switch is {
		case message:
			b.receive(client, sender, number, now.Sub(b.begin))
		case garbled:
			b.result.Garbled++
		case missed:
			b.receivers[client].told += number
			b.result.Told += int64(number)
		case hello:
			b.seat(client)
		}
		lines = lines[end+1:]
	}
	if b.arrivals != before {
		b.arrived, b.moved = now, now
	}
	return lines
}

// leave takes a client out whose connection has ended.
func (r *Run) leave(client int, why error) {
	b := r.books
	b.mu.Lock()
	defer b.mu.Unlock()
	if !r.leaving {
		b.leave(client, why)
	}
}
