package http1

// A State says which part of a request the [Parser] is waiting for. Each state
// but the last two can be left and entered again at any byte.
//
//	Start → RequestLine → HeaderFields ─┬──────────────────────────────→ Done
//	                                    ├→ FixedBody ──────────────────→ Done
//	                                    └→ ChunkSize ⇄ ChunkData/ChunkEnd
//	                                           └────────────→ Trailers → Done
//
// Any state goes to Failed at the first byte that breaks a rule.
type State uint8

const (
	// Start: nothing of the request has arrived, but perhaps one empty line.
	// A connection that rests here is idle.
	Start State = iota
	// RequestLine: the method, the target and the version.
	RequestLine
	// HeaderFields: the lines up to the empty one.
	HeaderFields
	// FixedBody: a body whose Content-Length was announced.
	FixedBody
	// ChunkSize: the line above each chunk of a chunked body.
	ChunkSize
	// ChunkData: the bytes of a chunk.
	ChunkData
	// ChunkEnd: the CRLF under the bytes of a chunk.
	ChunkEnd
	// Trailers: the fields under the last chunk, up to the empty line.
	Trailers
	// Done: the request is complete.
	Done
	// Failed: a rule was broken; the Parser is of no more use.
	Failed
)

var stateNames = [...]string{
	Start: "Start", RequestLine: "RequestLine", HeaderFields: "HeaderFields",
	FixedBody: "FixedBody", ChunkSize: "ChunkSize", ChunkData: "ChunkData",
	ChunkEnd: "ChunkEnd", Trailers: "Trailers", Done: "Done", Failed: "Failed",
}

// String returns the name of the constant.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "unknown state"
}

// InBody reports whether the head is complete and the body is not.
func (s State) InBody() bool { return s >= FixedBody && s <= Trailers }
