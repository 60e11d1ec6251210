package measure

import (
	"time"

	"example.com/async/step04-chat/load/generator"
)

// A load is one way in which all designs are used.
type load struct {
	generator.Load
	idle bool // the clients only listen: memory and threads are told
	work bool // one more client lets the server compute
	pool bool // ... and the server has a pool for that
}

// The loads by their names, which the rows of the table refer to.
const (
	flood  = "flood"
	talk   = "talk"
	calm   = "calm"
	idle   = "idle"
	busy   = "busy"
	pooled = "pooled"
)

// order is in which the loads come in a round.
var order = []string{flood, talk, idle, calm, busy, pooled}

const (
	messageSize = 32  // bytes
	inFlight    = 64  // messages; each design keeps 128 for a client, so none has a reason to lose one
	rate        = 100 // messages a second, of all who talk
)

// What the client that works asks for, and how long it then pauses.
const (
	workTime  = 100 * time.Millisecond
	workPause = 200 * time.Millisecond
)

func (o *Options) loads() map[string]load {
	few := o.Clients / 10
	someTalk := generator.Load{Clients: few, Senders: few, Rate: rate}
	all := map[string]load{
		flood:  {Load: generator.Load{Clients: few, Senders: max(1, few/10), Window: inFlight}},
		talk:   {Load: generator.Load{Clients: o.Clients, Senders: o.Clients, Rate: rate}},
		idle:   {idle: true},
		calm:   {Load: someTalk},
		busy:   {Load: someTalk, work: true},
		pooled: {Load: someTalk, work: true, pool: true},
	}
	for name, l := range all {
		l.Size, l.Duration = messageSize, time.Hour // until Stop
		all[name] = l
	}
	return all
}
