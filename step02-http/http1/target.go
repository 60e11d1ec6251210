package http1

import "bytes"

// setTarget understands the three forms of a target (RFC 9112 section 3.2) that
// an origin server gets. offset is where the target stands in the buffer.
//
//	/path?query             origin-form
//	http://host/path?query  absolute-form: its host replaces the Host field
//	*                       asterisk-form, for OPTIONS
func (r *Request) setTarget(target []byte, offset int) *Error {
	r.target = span{offset, offset + len(target)}
	switch {
	case target[0] == '/':
		return r.setPath(target, offset)
	case string(target) == "*":
		if r.Method != MethodOptions {
			return errAsterisk
		}
		r.path = r.target
		return nil
	}

	scheme, rest, found := bytes.Cut(target, []byte("://"))
	switch {
	case found && equalFold(scheme, "https"):
		return errScheme // nothing here speaks TLS
	case !found || !equalFold(scheme, "http"):
		return firstWrong(target, errTargetForm)
	}
	offset += len(scheme) + len("://")
	end := bytes.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	if !validHost(rest[:end]) {
		return errAuthority
	}
	r.authority = span{offset, offset + end}
	return r.setPath(rest[end:], offset+end)
}

// setPath checks "/path?query", either part of which may be absent.
func (r *Request) setPath(text []byte, offset int) *Error {
	end, err := checkURI(text, &pathChars)
	if err != nil {
		return err
	}
	r.path = span{offset, offset + end}
	if end == len(text) {
		return nil
	}
	query := end + len("?")
	r.query = span{offset + query, offset + len(text)}
	_, err = checkURI(text[query:], &queryChars)
	return err
}

// checkURI reports what is wrong with a part of the target, or nil. The part ends with text,
// or before a question mark that isn't allowed in it.
func checkURI(text []byte, allowed *charSet) (end int, err *Error) {
	for i, b := range text {
		switch {
		case allowed[b]:
		case b == '?':
			return i, nil
		case b == ' ':
			return i, errRequestLine
		case b == '#':
			return i, errTargetFragment
		case b != '%':
			return i, errTargetChar
		case !isEncoded(text[i:]):
			return i, errTargetPercent
		}
	}
	return len(text), nil
}

// isEncoded reports whether text, which begins with a %, goes on with two hex digits.
func isEncoded(text []byte) bool {
	return len(text) > 2 && unhex(text[1]) >= 0 && unhex(text[2]) >= 0
}

// AppendDecoded appends text, a part of a target, to dst, with each %XX made the byte that
// it stands for. Split a path at its slashes first: what is decoded can't be split any
// more, because %2F is no slash. A % without two hex digits, which a [Parser]
// lets through nowhere, stays as it is.
func AppendDecoded(dst, text []byte) []byte {
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && isEncoded(text[i:]) {
			dst = append(dst, byte(unhex(text[i+1])<<4|unhex(text[i+2])))
			i += 2
		} else {
			dst = append(dst, text[i])
		}
	}
	return dst
}

// firstWrong prefers the complaint about a character to the one about the form.
func firstWrong(target []byte, otherwise *Error) *Error {
	if _, err := checkURI(target, &queryChars); err != nil {
		return err
	}
	return otherwise
}

// validHost reports whether text is a host with an optional port, as RFC 9110
// section 7.2 wants it. The host must not be empty (section 4.2.1), and there is
// no user name before it (section 4.2.4).
func validHost(text []byte) bool {
	end := 0
	if len(text) > 0 && text[0] == '[' { // an IPv6 address: it holds colons itself
		bracket := bytes.IndexByte(text, ']')
		if bracket < 2 || !holdsOnly(text[1:bracket], &addressChars) {
			return false
		}
		end = bracket + 1
	} else {
		for end < len(text) && nameChars[text[end]] {
			if text[end] == '%' && !isEncoded(text[end:]) {
				return false
			}
			end++
		}
	}
	return end > 0 && (end == len(text) || text[end] == ':' && holdsOnly(text[end+1:], &digitChars))
}
