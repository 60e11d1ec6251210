package party

import (
	"sync"

	"example.com/async/step05-select/session"
)

// whispers is what was said to one alone.
type whispers struct {
	run *run

	mu   sync.Mutex
	sent map[tag]*whisper
}

type whisper struct {
	to   string
	sure bool // who it is for stays, and reads
	gone bool // its sender was told that
	got  bool
}

func (w *whispers) send(t tag, to string, sure bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent[t] = &whisper{to: to, sure: sure}
}

func (w *whispers) gone(t tag) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if it := w.sent[t]; it == nil || it.gone {
		w.run.fault("client %d was told twice, or for no reason, that it has whispered %d", t.client, t.number)
	} else {
		it.gone = true
	}
}

func (w *whispers) heard(t tag, to string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch it := w.sent[t]; {
	case it == nil || it.got:
		w.run.fault("%s was told twice, or for no reason, that client %d has whispered %d", to, t.client, t.number)
	case session.Key(it.to) != session.Key(to):
		w.run.fault("client %d has whispered to %s, and %s has got it", t.client, it.to, to)
	default:
		it.got = true
	}
}

// judge looks at all of them, when everybody has left, and forgets them.
func (w *whispers) judge() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for t, it := range w.sent {
		if it.sure && it.gone && !it.got {
			w.run.fault("client %d was told that its whisper %d has gone to %s, who has never got it", t.client, t.number, it.to)
		}
	}
	clear(w.sent)
}
