package party

import "example.com/async/step05-select/hub"

// judge compares a diary with the truth, which is sealed.
func (t *truth) judge(d *diary) {
	for _, s := range d.stays {
		t.judgeStay(d, s, true)
	}
	for _, s := range d.recalled {
		t.judgeStay(d, s, false)
	}
}

// judgeStay compares what was heard in one room. fromBegin says that the first message must be the one that comes after
// all that the client has seen already.
func (t *truth) judgeStay(d *diary, s *stay, fromBegin bool) {
	var in *room
	last := -1 // index of the last line in the room
	if s.after != (tag{}) {
		if p, ok := t.where[s.after]; ok {
			in, last = p.room, p.index
		}
	}
	for i, e := range s.entries {
		p, ok := t.where[e.tag]
		switch {
		case !ok:
			d.run.fault("%s has heard %v, which was never said", d.who, e.tag)
			return
		case p.room.name != s.room:
			d.run.fault("%s was in %s, and has heard %v, which was said in %s", d.who, s.room, e.tag, p.room.name)
			return
		case in != nil && p.room != in:
			if i == 0 && last >= 0 { // the room has been another one since it was here before
				in, last = nil, -1
				break
			}
			d.run.fault("%s has heard %v, which was said in %s when all had left it meanwhile", d.who, e.tag, s.room)
			return
		case p.index <= last:
			d.run.fault("%s has heard %v in %s after %v", d.who, e.tag, s.room, p.room.events[last].tag)
			return
		}
		if i == 0 && in != nil {
			e = e.and(s.since)
		}
		in = p.room
		if i > 0 || fromBegin && s.earlier < hub.DefaultHistory {
			t.judgeGap(d, s, e, in, last, p.index, i > 0 && !s.entries[i-1].past)
		}
		last = p.index
	}
	if s.mark != 0 && (len(s.entries) > 0 || s.earlier < hub.DefaultHistory) {
		t.judgeTail(d, s, in, last)
	}
}

// judgeGap looks at what has happened between two lines that were heard one after the other. live says that the client was
// there meanwhile, and should have seen also who came and went.
func (t *truth) judgeGap(d *diary, s *stay, e entry, in *room, after, before int, live bool) {
	said, moved, own := 0, 0, 0
	for _, h := range in.events[after+1 : before] {
		switch {
		case h.moved && h.from == s.name:
			own++ // its own coming, of which it is not told; or who had the name before it has left only now
		case h.moved:
			moved++
		case s.echo || e.past || !h.by(d.client, s.name):
			said++
		}
	}
	exact := live && in.witnessed && !s.renamed
	extra := e.told + e.moved + e.other - said - moved
	switch {
	case exact && 0 <= extra && extra <= own:
	case !exact && (said == e.other || e.told > 0 && said <= e.other+e.told):
	default:
		what := "and since the line before"
		switch {
		case after < 0:
			what = "its first one there, and before that"
		case e.past:
			what = "as something said before it came, and since the line before"
		case !live:
			what = "its first one that was said when it was there, and since the last one before"
		}
		d.run.fault("%s heard %v in %s, %s, %d messages were said and %d people moved, of which it was told %d and %d, and that it has missed %d",
			d.who, e.tag, s.room, what, said, moved, e.other, e.moved, e.told)
	}
}

// judgeTail looks at what was said between the last line that was heard and the moment when the client wanted to leave.
func (t *truth) judgeTail(d *diary, s *stay, in *room, last int) {
	if in == nil {
		in = t.find(s.room, s.mark)
	}
	if in == nil {
		return
	}
	tail := s.tail
	if len(s.entries) == 0 {
		tail = tail.and(s.since)
	}
	said := 0
	for _, h := range in.events[last+1:] {
		if h.id <= s.mark && !h.moved && (s.echo || !h.by(d.client, s.name)) {
			said++
		}
	}
	if said > tail.other+tail.told {
		d.run.fault("%s has left %s in good order, and of the last messages that were said before, %d never came, and of %d it was told that they are missed",
			d.who, s.room, said-tail.other, tail.told)
	}
}

func (t *truth) find(name string, id uint64) *room {
	for _, room := range t.rooms {
		if n := len(room.events); room.name == name && n > 0 && room.events[0].id <= id && id <= room.events[n-1].id {
			return room
		}
	}
	return nil
}
