//go:build solution

package engine

import (
	"errors"
	"io"

	"example.com/async/step02-http/http1"
)

func Serve(conn Conn, parser *http1.Parser, site Site) error {
	var in, out []byte
	piece := make([]byte, 4096)
	for {
		rest, complete, err := parser.Parse(in)
		in = rest
		var refusal *http1.Error
		if errors.As(err, &refusal) {
			return finish(conn, site.Refuse(out, parser.Request(), refusal))
		}
		if complete {
			var last bool
			if out, last = site.Answer(out, parser.Request()); last {
				return finish(conn, out)
			}
			in = in[parser.Len():]
			parser.Next()
			continue
		}

		if request := parser.Request(); parser.State().InBody() && request.ExpectsContinue {
			out = append(out, http1.Continue...)
			request.ExpectsContinue = false
		}
		if len(out) > 0 {
			if _, err := conn.Write(out); err != nil {
				return err
			}
			out = out[:0]
		}
		n, err := conn.Read(piece)
		in = append(in, piece[:n]...)
		switch {
		case n > 0: // an error will come again
		case err == io.EOF && parser.State() == http1.Start:
			return nil
		case err == io.EOF:
			return finish(conn, site.Refuse(out, parser.Request(), http1.ErrIncomplete))
		default:
			return err
		}
	}
}

// finish sends the last response, and sees to it that the client can read it.
func finish(conn Conn, out []byte) error {
	if _, err := conn.Write(out); err != nil {
		return err
	}
	if err := conn.CloseWrite(); err != nil {
		return err
	}
	_, err := io.CopyN(io.Discard, conn, 256<<10)
	if err == io.EOF {
		return nil
	}
	return err
}
