package web

import (
	"errors"
	"fmt"

	"github.com/gobwas/ws"
)

// An EndError says that nothing more comes from a client, and why: it has closed its WebSocket, or has broken
// the protocol.
type EndError struct {
	// Code is the status code with which the client is answered; 0 if it has closed without one.
	Code ws.StatusCode
	// Fault is what the client has done wrong; nil if it has closed in good order.
	Fault error
}

func (e *EndError) Error() string {
	if e.Fault == nil {
		return fmt.Sprintf("web: the client has closed, with status %d", e.Code)
	}
	return fmt.Sprintf("web: the client is closed with status %d: %v", e.Code, e.Fault)
}

// Unwrap returns Fault.
func (e *EndError) Unwrap() error { return e.Fault }

// frame is the close frame that answers the client.
func (e *EndError) frame() ws.Frame {
	switch {
	case e.Code == 0:
		return ws.NewCloseFrame(nil)
	case e.Fault != nil:
		return ws.NewCloseFrame(ws.NewCloseFrameBody(e.Code, e.Fault.Error()))
	}
	return ws.NewCloseFrame(ws.NewCloseFrameBody(e.Code, ""))
}

var (
	errTooBig = errors.New("the message is too big")
	errBinary = errors.New("messages are text")
	errUTF8   = errors.New("the message is not UTF-8")
)

// closed says what a close frame with that payload means (RFC 6455 section 5.5.1).
func closed(payload []byte) *EndError {
	if len(payload) == 0 {
		return &EndError{}
	}
	code, reason := ws.ParseCloseFrameData(payload) // half a code is one that nobody may send
	switch err := ws.CheckCloseFrameData(code, reason); err {
	case nil:
		return &EndError{Code: code}
	case ws.ErrProtocolInvalidUTF8:
		return &EndError{Code: ws.StatusInvalidFramePayloadData, Fault: err}
	default:
		return &EndError{Code: ws.StatusProtocolError, Fault: err}
	}
}
