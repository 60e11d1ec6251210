package client

import (
	"cmp"
	"time"

	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// Settings are what all clients of a server have in common. The zero value is a good one.
type Settings struct {
	// Rate is how many lines a second a client can say for long, and Burst how many at once. A Rate of 0 is
	// no limit; a Burst of 0 is four seconds' worth.
	Rate  float64
	Burst int

	// WriteTimeout is how long a client may leave what is written to it unread, before it is cut off. It can
	// take an eighth more. 0 means 30 s.
	WriteTimeout time.Duration

	// PingEvery is how often a client is asked for a sign of life, if its Codec can. After three times without
	// an answer it is cut off. 0 means 20 s.
	PingEvery time.Duration
}

// WithDefaults returns s with each 0 made the default.
func (s Settings) WithDefaults() Settings {
	if s.Burst == 0 {
		s.Burst = max(1, int(4*s.Rate))
	}
	s.WriteTimeout = cmp.Or(s.WriteTimeout, 30*time.Second)
	s.PingEvery = cmp.Or(s.PingEvery, 20*time.Second)
	return s
}

// A Client is one client: what it has said and was not yet heard, and what it has still to be told.
type Client struct {
	codec   session.Codec
	session session.Session
	member  *hub.Member
	rate    float64 // of lines; and burst: see Settings
	burst   int
	limit   *limit // nil until it has said something: most clients are silent

	unheard []byte // what has come and was not yet looked at
	hungry  bool   // all that has come was looked at
	over    bool   // the client is told what is pending, and then its connection ends
	ended   bool   // it has been told all of that
	err     error  // why it ends, as the codec is told: nil if it has said so

	pings   []byte // not yet written
	silent  int    // pings without an answer
	refused int    // lines that were too long, and not yet told of
	shown   int    // messages of rooms, not yet counted
}

// New lets a client into the hub. The caller calls Leave.
func New(h *hub.Hub, codec session.Codec, entry hub.Entry, settings Settings) *Client {
	entry.Echo = codec.Echo()
	settings = settings.WithDefaults()
	return &Client{codec: codec, member: h.Enter(entry), hungry: true, rate: settings.Rate, burst: settings.Burst}
}

// Member is the client's place in the hub: an engine waits for what comes there.
func (c *Client) Member() *hub.Member { return c.member }

// Leave takes the client out of the hub. Nothing of it may be used afterwards.
func (c *Client) Leave() {
	if c.over && c.err == session.ErrStops {
		c.member.Stop()
		return
	}
	c.member.Leave()
}

// End tells the client that the server stops.
func (c *Client) End() {
	if !c.over {
		c.finish(session.ErrStops, "the server stops; goodbye")
	}
}

// finish lets the connection end when the client has got what is pending now, and the farewell if there is one. err is why.
//
// It makes the event here: in End it would be on the stack of each client that waits in an engine's loop.
func (c *Client) finish(err error, farewell string) {
	c.tellRefused()
	if farewell == "" {
		c.member.Finish()
	} else {
		c.member.Finish(session.Event{Kind: session.Notice, Text: farewell})
	}
	c.unheard, c.over, c.err = nil, true, err
}

// Over reports whether the connection is to end, because AppendPending has given all that was to be written, and
// why. The error is nil if that is in good order.
func (c *Client) Over() (over bool, err error) {
	if !c.ended || c.err == session.ErrStops {
		return c.ended, nil
	}
	return true, c.err
}

// Ping asks the client for a sign of life. It reports false if the client has not given one for so long that it
// must be gone.
func (c *Client) Ping() (alive bool) {
	if c.over {
		return true // nothing is read from it any more
	}
	asked, ok := c.codec.AppendPing(c.pings)
	if !ok {
		return true
	}
	const most = 3
	c.pings = asked
	if c.hungry { // else it has said something that was not heard yet
		c.silent++
	}
	return c.silent <= most
}
