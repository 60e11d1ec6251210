package generator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// A Load says who is in the room, and what they send.
type Load struct {
	// Dial opens a connection to the server. It is called by several goroutines.
	Dial func(ctx context.Context) (net.Conn, error)

	// Clients is how many clients read everything, at least 2. The first Senders of them send too.
	Clients int
	Senders int

	// Window is how many messages may be in flight at the same time, of all senders together; 0 is no limit.
	Window int
	// Rate is how many messages a second are due, of all senders together. Their times count from when they
	// were due, however long a sender could not send. 0 sends as fast as Window allows.
	Rate float64
	// Size is how many bytes a message has, the server's additions and the end of the line not
	// counted. One that is too short for its two numbers gets longer.
	Size int
	// Typing is how long a sender pauses in the middle of each line, as who types does. 0 sends whole lines,
	// many at once.
	Typing time.Duration

	// Count is how many messages are sent in all, Duration for how long; 0 is no limit. One must be set.
	Count    int
	Duration time.Duration
	// Patience is how long nothing may arrive at anybody before what is in flight counts as lost; 0
	// is 2 s.
	Patience time.Duration
}

const (
	defaultPatience = 2 * time.Second
	// MaxSize is the largest size of a message.
	MaxSize = 4000
	// maxRate keeps the time between messages above 0.
	maxRate = 1e8
	// maxPairs bounds the books: each receiver remembers a number for each sender, of 8 bytes.
	maxPairs = 16 << 20
)

// Check says what is wrong with the load: what Join would refuse it for.
func (l Load) Check() error {
	switch {
	case l.Clients < 2:
		return errors.New("there must be at least 2 clients: nobody hears himself")
	case l.Senders < 1 || l.Senders > l.Clients:
		return errors.New("of the clients, at least 1 must send and at most all can")
	case l.Clients > maxPairs/l.Senders:
		return fmt.Errorf("clients times senders must be at most %d: each pair takes memory", maxPairs)
	case l.Window < 0:
		return errors.New("the window is negative")
	case !(l.Rate >= 0 && l.Rate <= maxRate):
		return fmt.Errorf("the rate must be between 0 and %.0f messages a second", maxRate)
	case l.Size < 1 || l.Size > MaxSize:
		return fmt.Errorf("a message must have 1 to %d bytes", MaxSize)
	case l.Typing < 0 || l.Patience < 0:
		return errors.New("a time is negative")
	case l.Count < 0 || l.Duration < 0 || l.Count == 0 && l.Duration == 0:
		return errors.New("how many messages, or for how long?")
	}
	return nil
}

// patience is how long nothing may arrive; while a line is typed, nothing can.
func (l Load) patience() time.Duration { return cmp.Or(l.Patience, defaultPatience) + l.Typing }
