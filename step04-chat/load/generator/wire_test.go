package generator

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWire_knowsItsOwn(t *testing.T) {
	w := newWire(0x2a, 24)
	line := string(w.append(nil, 7, 123))
	assert.Equal(t, "~002a 7 123 xxxxxxxxxxxx\n", line)
	assert.Len(t, line, 24+1)

	for _, test := range []struct {
		line   string
		is     kind
		sender int
		number uint64
	}{
		{"[127.0.0.1:4711] " + line, message, 7, 123},
		{"[[::1]:4711] " + line, message, 7, 123},
		{"[127.0.0.1:4711] ~002a hello", hello, 0, 0},
		{"[127.0.0.1:4711] ~002b 7 123 xxxxxxxxxxxx", other, 0, 0},
		{"[127.0.0.1:4711] how are you?", other, 0, 0},
		{"[127.0.0.1:4711] ~002a 7 123 xxxxxxxxxxx", garbled, 0, 0},
		{"[127.0.0.1:4711] ~002a 7 123 xxxxxxyxxxxx", garbled, 0, 0},
		{"[127.0.0.1:4711] ~002a 7 123 xxxxxxxxxxxxx", garbled, 0, 0},
		{"[127.0.0.1:4711] ~002a 7 " + strings.Repeat("9", 19) + " x", garbled, 0, 0},
		{"[127.0.0.1:4711] ~002a 7", garbled, 0, 0},
		{"[127.0.0.1:4711] ~002a  7 1 ", garbled, 0, 0},
		{"~002a 7 123 xxxxxxxxxxxx", other, 0, 0},
		{"* you missed 37 messages", missed, 0, 37},
		{"* you missed 1 message", missed, 0, 1},
		{"* you missed the train", other, 0, 0},
		{"[", other, 0, 0},
		{"", other, 0, 0},
	} {
		is, sender, number := w.parse([]byte(strings.TrimSuffix(test.line, "\n")))
		assert.Equal(t, test.is, is, "%q", test.line)
		assert.Equal(t, test.sender, sender, "%q", test.line)
		assert.Equal(t, test.number, number, "%q", test.line)
	}
}

func TestWire_ofSmallMessagesHasRoomForTheNumbers(t *testing.T) {
	w := newWire(0x2a, 1)
	line := w.append([]byte("[a] "), 999, 123456)
	is, sender, number := w.parse(line[:len(line)-1])
	assert.Equal(t, message, is)
	assert.Equal(t, 999, sender)
	assert.EqualValues(t, 123456, number)
}

func FuzzWire_takesForItsOwnOnlyWhatItWouldSend(f *testing.F) {
	w := newWire(0x2a, 24)
	for _, line := range []string{"[a] ~002a 7 123 xxxxxxxxxxxx", "[a] ~002a hello", "* you missed 37 messages", "[a] ~002a 7 0000000123 xxxxx"} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		is, sender, number := w.parse(line)
		if is == message {
			again := w.append(nil, sender, number)
			at, _, _ := w.parse(append([]byte("[a] "), again[:len(again)-1]...))
			assert.Equal(t, message, at)
		}
	})
}

func BenchmarkReceive(b *testing.B) {
	load := Load{Clients: 2, Senders: 1, Size: 32}
	r := &Run{load: load, wire: newWire(0x2a, load.Size), books: newLedger(load)}
	var lines []byte
	const count = 64
	for b.Loop() {
		b.StopTimer()
		lines = lines[:0]
		for n := range uint64(count) {
			lines = append(lines, "[127.0.0.1:12345] "...)
			lines = r.wire.append(lines, 0, r.books.senders[0].next+n)
		}
		for range count {
			r.books.send(0, 0)
		}
		b.StartTimer()
		r.receive(1, lines)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*count), "ns/delivery")
}
