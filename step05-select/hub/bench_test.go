package hub_test

import (
	"fmt"
	"testing"

	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// BenchmarkSay is one message of one member, taken by each of the others. An operation is the delivery of one message to one
// member: what a room costs without any network, beside step 4's BenchmarkSendRecv, which is its ring alone.
func BenchmarkSay(b *testing.B) {
	for _, others := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("others=%d", others), func(b *testing.B) {
			h := hub.New(hub.Config{})
			speaker := h.Enter(hub.Entry{})
			members := make([]*hub.Member, others)
			for i := range members {
				members[i] = h.Enter(hub.Entry{})
				takeOwn(members[i])
			}
			drain := func(m *hub.Member) {
				for {
					if _, err := m.TryRecv(); err != nil {
						return
					}
				}
			}
			for _, m := range members {
				drain(m)
			}
			say := session.Action{Verb: session.Say, Text: "hello, this is an ordinary line of chat"}
			b.ReportAllocs()
			for i := 0; i < b.N; i += others {
				speaker.Do(say)
				for _, m := range members {
					drain(m)
				}
			}
		})
	}
}

// BenchmarkEnter is one client that comes into a room with a full history, and leaves.
func BenchmarkEnter(b *testing.B) {
	h := hub.New(hub.Config{})
	speaker := h.Enter(hub.Entry{})
	for range hub.DefaultHistory {
		speaker.Do(session.Action{Verb: session.Say, Text: "hello"})
	}
	b.ReportAllocs()
	for b.Loop() {
		m := h.Enter(hub.Entry{})
		takeOwn(m)
		m.Leave()
	}
}

// takeOwn takes what is for m alone, as a client does.
func takeOwn(m *hub.Member) {
	for more := true; more; {
		_, more = m.TakeOwn()
	}
}
