package lines

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTelnet_takesCommandsOutHoweverTheyAreCut(t *testing.T) {
	for in, want := range map[string]struct {
		text  string
		asked int
	}{
		"no command at all\n":                   {"no command at all\n", 0},
		"\xff\xf4\xff\xfd\x06after Ctrl-C\n":    {"after Ctrl-C\n", 1},
		"half\xff\xf6way\n":                     {"halfway\n", 0},
		"\xff\xfb\x06\xff\xfc\x06\xff\xfe\x06x": {"x", 0},
		"\xff\xfd\x01\xff\xfd\x06\xff\xfd\x06x": {"x", 2},
		"\xff\xfa\x18\x00xterm\xff\xf0x":        {"x", 0},
		"\xff\xfa\xff\xff\xff\xf0x":             {"x", 0},
		"\xff\xfa\xff\xffmore\xff\xf0x":         {"x", 0},
		"\xff\xfanever ends\nx":                 {"\nx", 0},
		"an\xff\xff itself":                     {"an\xff itself", 0},
		"left\xffright":                         {"left\xffright", 0},
		"你好\xff\xf4你好":                          {"你好你好", 0},
	} {
		for size := 1; size <= len(in); size++ {
			var telnet Telnet
			var text []byte
			asked := 0
			for rest := []byte(in); len(rest) > 0; {
				piece := rest[:min(size, len(rest))]
				got, also := telnet.Strip(piece)
				text = append(text, got...)
				if also {
					asked++
				}
				rest = rest[len(piece):]
			}
			assert.Equal(t, want.text, string(text), "%q in pieces of %d", in, size)
			if size == 1 {
				assert.Equal(t, want.asked, asked, "%q", in)
			}
		}
	}
}

func TestTelnet_copiesNothingThatIsPlain(t *testing.T) {
	var telnet Telnet
	p := []byte("plain text\n")
	assert.Zero(t, testing.AllocsPerRun(10, func() { telnet.Strip(p) }))
}
