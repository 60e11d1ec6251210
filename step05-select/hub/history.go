package hub

import "example.com/async/step05-select/session"

// A history is the last messages of a room.
type history struct {
	most   int
	kept   []*session.Message // a ring once it is full
	oldest int                // its index
}

// add remembers a message, in place of the oldest if there is no room for one more.
func (h *history) add(m *session.Message) {
	switch {
	case h.most == 0:
	case len(h.kept) < h.most:
		h.kept = append(h.kept, m)
	default:
		h.kept[h.oldest] = m
		h.oldest = (h.oldest + 1) % h.most
	}
}

// addBefore remembers what was said before all that is remembered, as far as there is room for it.
func (h *history) addBefore(earlier []*session.Message) {
	all := append(earlier[:len(earlier):len(earlier)], h.since(0, h.most)...)
	h.kept, h.oldest = all[max(0, len(all)-h.most):], 0
}

// since returns the messages with a larger ID than that, oldest first, but no more than the last so many.
func (h *history) since(id uint64, most int) []*session.Message {
	var found []*session.Message
	for i := max(0, len(h.kept)-most); i < len(h.kept); i++ {
		if m := h.kept[(h.oldest+i)%len(h.kept)]; m.ID > id {
			found = append(found, m)
		}
	}
	return found
}
