package session_test

import (
	"testing"

	"example.com/async/step05-select/session"
)

func BenchmarkLine(b *testing.B) {
	for name, line := range map[string]string{
		"said": "hello, this is an ordinary line of chat", "join": "/join #go", "nick": "/nick Алиса", "typo": "/jion #go",
	} {
		b.Run(name, func(b *testing.B) {
			var s session.Session
			text := []byte(line)
			b.ReportAllocs()
			for b.Loop() {
				s.Line(text)
			}
		})
	}
}

// BenchmarkMessage is what each further receiver of a message pays for its bytes.
func BenchmarkMessage(b *testing.B) {
	m := &session.Message{Event: session.Event{Kind: session.Said, From: "alice", Text: "hello"}}
	b.ReportAllocs()
	for b.Loop() {
		m.In(session.Text)
	}
}
