package http1

import "fmt"

// An Error says which rule a request breaks, and how to answer it. After an
// Error nobody knows where the next request would begin, so the answer is the
// last one on its connection (RFC 9112 section 9.2).
type Error struct {
	// Status is the status code to answer with.
	Status int
	// Message is one sentence for whoever wrote the client.
	Message string
	// Rule is where that is written, as in "RFC 9112 section 5.1".
	Rule string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%d %s: %s (%s)", e.Status, StatusText(e.Status), e.Message, e.Rule)
}

// All errors are made beforehand, so that an attack allocates nothing.
var (
	errEmptyLines     = &Error{400, "only one empty line may stand before a request", "RFC 9112 section 2.2"}
	errRequestLine    = &Error{400, "a request line is: method, one space, target, one space, HTTP/1.1", "RFC 9112 section 3"}
	errMethodToken    = &Error{400, "the method must be a token", "RFC 9112 section 3.1"}
	errMethodUnknown  = &Error{501, "this server does not know the method", "RFC 9110 section 9.1"}
	errRequestLong    = &Error{414, "the request line is too long", "RFC 9112 section 3"}
	errVersion        = &Error{400, "the version must look like HTTP/1.1", "RFC 9112 section 2.3"}
	errVersionMajor   = &Error{505, "this server speaks HTTP/1.1 and HTTP/1.0", "RFC 9110 section 15.6.6"}
	errTargetForm     = &Error{400, "the target must be a path that begins with /, or http://host/path", "RFC 9112 section 3.2"}
	errTargetChar     = &Error{400, "the target may hold only the characters of a URI; encode others as %XX", "RFC 9112 section 3.2"}
	errTargetPercent  = &Error{400, "a % in the target must be followed by two hex digits", "RFC 3986 section 2.1"}
	errTargetFragment = &Error{400, "a fragment (#) is never sent to a server", "RFC 9112 section 3.2"}
	errAsterisk       = &Error{400, "the target * is for OPTIONS only", "RFC 9112 section 3.2.4"}
	errScheme         = &Error{421, "an https URI needs a connection that is secured, and this one is not", "RFC 9110 section 7.4"}
	errAuthority      = &Error{400, "the host in the target is not valid", "RFC 9110 section 4.2"}

	errFieldFolded = &Error{400, "a header line must not begin with a space or a tab", "RFC 9112 section 5.2"}
	errFieldFirst  = &Error{400, "no space or tab may stand before the first header line", "RFC 9112 section 2.2"}
	errFieldName   = &Error{400, "a header line is: name, colon, value; the name must be a token", "RFC 9112 section 5"}
	errFieldSpace  = &Error{400, "no space is allowed between a field name and its colon", "RFC 9112 section 5.1"}
	errFieldValue  = &Error{400, "a field value must not hold control characters", "RFC 9110 section 5.5"}
	errHeaderLong  = &Error{431, "the header is too long", "RFC 6585 section 5"}
	errFieldCount  = &Error{431, "the header has too many fields", "RFC 6585 section 5"}

	errHostMissing = &Error{400, "a request in HTTP/1.1 must have a Host field", "RFC 9112 section 3.2"}
	errHostTwice   = &Error{400, "a request must not have two Host fields", "RFC 9112 section 3.2"}
	errHostInvalid = &Error{400, "the Host field must be a host name, with a port if need be", "RFC 9112 section 3.2"}
	errExpectation = &Error{417, "the only expectation that this server can meet is 100-continue", "RFC 9110 section 10.1.1"}

	errLengthTwice    = &Error{400, "a request must not have two Content-Length fields", "RFC 9112 section 6.3"}
	errLengthInvalid  = &Error{400, "Content-Length must be one plain decimal number", "RFC 9110 section 8.6"}
	errLengthAndCoded = &Error{400, "Content-Length and Transfer-Encoding must not come together", "RFC 9112 section 6.1"}
	errCodingInvalid  = &Error{400, "Transfer-Encoding must be a list of coding names", "RFC 9112 section 6.1"}
	errCodingOld      = &Error{400, "there is no Transfer-Encoding in HTTP/1.0", "RFC 9112 section 6.1"}
	errCodingOrder    = &Error{400, "chunked must be the last transfer coding, and be applied once", "RFC 9112 section 6.3"}
	errCodingUnknown  = &Error{501, "the only transfer coding that this server knows is chunked", "RFC 9112 section 6.1"}
	errBodyLong       = &Error{413, "the body is too long", "RFC 9110 section 15.5.14"}

	errChunkSize   = &Error{400, "a chunk must begin with its size in hex digits", "RFC 9112 section 7.1"}
	errChunkExt    = &Error{400, "only an extension (;name=value) may follow a chunk's size", "RFC 9112 section 7.1.1"}
	errChunkLine   = &Error{400, "the lines of a chunked body must end with CRLF", "RFC 9112 section 7.1"}
	errChunkEnd    = &Error{400, "a chunk must end with CRLF, right after as many bytes as its size says", "RFC 9112 section 7.1"}
	errChunkExcess = &Error{413, "the chunked body has too many bytes that are no data", "RFC 9112 section 7.1.1"}
)

// The two errors of a request that isn't wrong, but never arrives. Only the
// engine can see that, so it takes them from here.
var (
	// ErrTimeout answers a request that took too long to arrive.
	ErrTimeout = &Error{408, "the request took too long to arrive", "RFC 9110 section 15.5.9"}
	// ErrIncomplete answers a client that stopped sending within a request.
	ErrIncomplete = &Error{400, "the request ended before it was complete", "RFC 9112 section 8"}
)
