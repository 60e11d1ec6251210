package hub

import (
	"fmt"
	"strings"
	"time"

	"example.com/async/step05-select/session"
)

// gatherAbove is how many people a room has at most in which each coming and going is told by itself, and
// gatherTime for how long they are gathered in a larger one.
const (
	gatherAbove = 50
	gatherTime  = time.Second
)

// A crowd counts who comes, goes and changes the name in a large room, until it is told. The room's lock guards it.
type crowd struct {
	joined, left, renamed int
	timer                 *time.Timer // runs while there is something to tell

	// The last of them: what is told of it in a small room, and whose seat is not told.
	last session.Event
	of   *seat
}

// gather counts a movement in a room of so many people. It reports false if it is to be told by itself.
// later is called when what was gathered is to be told.
func (c *crowd) gather(people int, kind session.Kind, later func()) bool {
	if people <= gatherAbove && c.timer == nil {
		return false
	}
	switch kind {
	case session.Joined:
		c.joined++
	case session.Left:
		c.left++
	default:
		c.renamed++
	}
	if c.timer == nil {
		c.timer = time.AfterFunc(gatherTime, later)
	}
	return true
}

// text says how many have done what.
func (c *crowd) text() string {
	var parts []string
	for _, part := range []struct {
		count     int
		one, many string
	}{
		{c.joined, "1 person has joined", "%d people have joined"},
		{c.left, "1 has left", "%d have left"},
		{c.renamed, "1 has another name", "%d have other names"},
	} {
		switch part.count {
		case 0:
		case 1:
			parts = append(parts, part.one)
		default:
			parts = append(parts, fmt.Sprintf(part.many, part.count))
		}
	}
	return strings.Join(parts, ", ")
}

// forget begins anew. The timer is stopped: nobody may be left to be told.
func (c *crowd) forget() {
	if c.timer != nil {
		c.timer.Stop()
	}
	*c = crowd{}
}
