package console

import (
	"fmt"
	"math/rand/v2"
	"net"
	"regexp"
	"strings"
)

// address finds a port in a command or in its output; its group is the port.
// The space is how nc wants it.
var address = regexp.MustCompile(`(?:(?:127\.0\.0\.1|localhost|0\.0\.0\.0|\[::1?\])[: ]|(?:^|[\s="'(])(?::|port[ =]))(\d{4,5})\b`)

// bindings pairs the ports that a chapter shows with those of this run. A shown
// port means one real port throughout a session, and no two mean the same.
type bindings []binding

type binding struct{ shown, real string }

// bind extends b, or returns false when that contradicts it.
func (b bindings) bind(shown, real string) (bindings, bool) {
	for _, pair := range b {
		if pair.shown == shown || pair.real == real {
			return b, pair.shown == shown && pair.real == real
		}
	}
	return append(b[:len(b):len(b)], binding{shown, real}), true
}

// command replaces the shown ports in a command, or in an address, by real
// ones. A port that has not been seen yet gets a free one.
func (b *bindings) command(text string) (string, error) {
	var out strings.Builder
	end := 0
	for _, at := range address.FindAllStringSubmatchIndex(text, -1) {
		real, err := b.real(text[at[2]:at[3]])
		if err != nil {
			return "", err
		}
		out.WriteString(text[end:at[2]])
		out.WriteString(real)
		end = at[3]
	}
	out.WriteString(text[end:])
	return out.String(), nil
}

func (b *bindings) real(shown string) (string, error) {
	for _, pair := range *b {
		if pair.shown == shown {
			return pair.real, nil
		}
	}
	real, err := b.freePort(len(shown))
	if err != nil {
		return "", err
	}
	*b = append(*b, binding{shown, real})
	return real, nil
}

// freePort finds a port that nobody listens on. It has as many digits as the
// one in the chapter, because lengths and columns depend on them. It lies below
// the ports that systems give to clients, so that nobody is likely to take it
// before the program does.
func (b bindings) freePort(digits int) (string, error) {
	low, high := 2000, 10_000
	if digits == 5 {
		low, high = 10_000, 30_000
	}
	for range 200 {
		port := fmt.Sprint(low + rand.IntN(high-low))
		if _, free := b.bind("", port); !free {
			continue
		}
		listener, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err == nil {
			listener.Close()
			return port, nil
		}
	}
	return "", fmt.Errorf("console: no free port of %d digits in 200 tries", digits)
}

// asShown puts the chapter's ports back into real output, for a message that
// can be compared with the chapter.
func (b bindings) asShown(line string) string {
	at := address.FindAllStringSubmatchIndex(line, -1)
	for i := len(at) - 1; i >= 0; i-- {
		from, to := at[i][2], at[i][3]
		for _, pair := range b {
			if pair.real == line[from:to] {
				line = line[:from] + pair.shown + line[to:]
				break
			}
		}
	}
	return line
}
