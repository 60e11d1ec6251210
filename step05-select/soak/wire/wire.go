package wire

import (
	"net"

	"example.com/async/step05-select/session"
)

// A Conn is a client's connection to the chat. One goroutine may call Next while another one calls the
// other methods.
type Conn interface {
	// Say sends one line, given without its end.
	Say(line []byte) error

	// Next returns the next event. At the end of the connection the error is [io.EOF], or says what is wrong with it.
	Next() (session.Event, error)

	// Leave says that the next line is the last one, and that pings are answered no more. A server that closes a
	// connection while something of the client is unread makes its kernel send a reset, and what the client has not read
	// yet is lost. The chat waits for what may still come on a WebSocket alone, and not for long. So whoever wants to read to the end
	// sends nothing after its last word.
	Leave()

	// Finish says that nothing more comes from this client, in good order. What is pending for it can still be read.
	Finish() error

	// Echo reports whether the client gets what it says itself.
	Echo() bool

	// Socket is what all this travels on.
	Socket() net.Conn
}
