package trace

import (
	"fmt"
	"time"
)

// draw draws everything, from back to front.
func (d *drawing) draw() {
	bottom := topSpace + len(d.lanes)*laneHeight
	d.axis(bottom)
	for _, l := range d.lanes {
		y, _ := d.y(l)
		d.printf(`<text class="lane" x="0" y="%d">%s</text>`+"\n", y+4, escape(shortened(d.name(l), labelWidth-8)))
		if alive, ok := d.tl.lives[l.task]; ok && l.kind == taskLane {
			d.life(alive, y)
		}
	}
	for _, p := range d.tl.parks {
		y, _ := d.y(lane{kind: workerLane, n: p.worker})
		d.bar("park", p, y, laneHeight-10, "asleep")
	}
	for _, p := range d.tl.polls {
		d.poll(p)
	}
	for _, e := range d.tl.marks {
		d.mark(e)
	}
	d.legend(bottom + 46)
}

// axis draws the lines of the time, and what they mean.
func (d *drawing) axis(bottom int) {
	step := niceStep(d.tl.to - d.tl.from)
	first := (d.tl.from + step - 1) / step * step
	for at := first; at <= d.tl.to; at += step {
		x := d.x(at)
		d.printf(`<line class="grid" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`, x, topSpace, x, bottom)
		d.printf(`<text class="note" x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n", x, bottom+16, at)
	}
}

// life draws a line from the task's beginning to its end, and the end: a stroke if it completed, a
// cross if it was cancelled.
func (d *drawing) life(l life, y int) {
	from, to := d.x(l.from), d.x(l.to)
	if l.end == Spawned {
		to = d.x(d.tl.to)
	}
	d.printf(`<line class="life" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`, from, y, to, y)
	switch l.end {
	case Completed:
		d.printf(`<path class="end" d="M%.1f %dv14"><title>completed at %s</title></path>`, to, y-7, milliseconds(l.to))
	case Cancelled:
		d.printf(`<path class="end" d="M%.1f %dl8 8m0-8l-8 8"><title>cancelled at %s</title></path>`, to-4, y-4, milliseconds(l.to))
	}
	d.printf("\n")
}

// poll draws a poll, in the colour of its result.
func (d *drawing) poll(p span) {
	l := lane{kind: taskLane, task: p.task}
	y, ok := d.y(l)
	if !ok {
		return
	}
	class := map[Kind]string{PollPending: "pending", PollReady: "ready", Panicked: "panicked", PollStart: "running"}[p.result]
	d.bar(class, p, y, barHeight, p.result.String())
	if p.note != "" {
		d.note(l, d.x(p.from), p.note)
	}
}

// note writes a text above a lane, or below if there is one already in its way.
func (d *drawing) note(l lane, x float64, text string) {
	y, _ := d.y(l)
	width := float64(len([]rune(text))) * charWidth
	left, anchor := x, "start"
	if x+width > svgWidth {
		left, anchor = x-width, "end"
	}
	above := y - barHeight/2 - 4
	if left < d.noted[l] {
		above += barHeight + 15
	} else {
		d.noted[l] = left + width + charWidth
	}
	d.printf(`<text class="note" x="%.1f" y="%d" text-anchor="%s">%s</text>`+"\n", x, above, anchor, escape(text))
}

func (d *drawing) bar(class string, s span, y, height int, what string) {
	from := d.x(s.from)
	width := max(d.x(s.to)-from, minBar)
	title := fmt.Sprintf("%s: %s, %s", milliseconds(s.from), what, (s.to - s.from).Round(time.Nanosecond))
	if s.note != "" {
		title += ", " + s.note
	}
	d.printf(`<rect class="%s" x="%.1f" y="%d" width="%.1f" height="%d" rx="2"><title>%s</title></rect>`+"\n",
		class, from, y-height/2, width, height, escape(title))
}

// mark draws what has no duration: arrows for wakes and aborts, points for timers and readiness,
// and notes.
func (d *drawing) mark(e Event) {
	x := d.x(e.At)
	title := fmt.Sprintf("%s: %s %s", milliseconds(e.At), d.t.who(e), d.t.what(e))
	switch e.Kind {
	case Woken, Aborted:
		d.arrow(e, x, title)
	case TimerFired, IOReady:
		from, _ := sourceOf(e)
		y, _ := d.y(from)
		d.printf(`<circle class="mark" cx="%.1f" cy="%d" r="4"><title>%s</title></circle>`+"\n", x, y, escape(title))
	case Noted:
		at := lane{kind: taskLane, task: e.Task}
		if from, ok := sourceOf(e); ok {
			at = from
		}
		if y, ok := d.y(at); ok {
			d.printf(`<circle class="said" cx="%.1f" cy="%d" r="3"><title>%s</title></circle>`, x, y, escape(title))
			d.note(at, x, e.Note)
		}
	case Joined:
		if y, ok := d.y(lane{kind: taskLane, task: e.Task}); ok {
			d.printf(`<circle class="set" cx="%.1f" cy="%d" r="4"><title>%s</title></circle>`+"\n", x, y, escape(title))
		}
	}
}

// arrow draws a wake from where it came from to the task.
func (d *drawing) arrow(e Event, x float64, title string) {
	from, _ := sourceOf(e)
	start, ok := d.y(from)
	end, known := d.y(lane{kind: taskLane, task: e.Task})
	switch {
	case !ok || !known:
	case start == end: // it has woken itself: a loop above the bar
		d.printf(`<path class="wake" marker-end="url(#trace-head)" d="M%.1f %dc-6 -16 12 -16 6 -1"><title>%s</title></path>`+"\n",
			x-3, start-barHeight/2, escape(title))
	default:
		tip := end - barHeight/2 - 1
		if start > end {
			tip = end + barHeight/2 + 1
		}
		d.printf(`<path class="wake" marker-end="url(#trace-head)" d="M%.1f %dV%d"><title>%s</title></path>`+"\n",
			x, start, tip, escape(title))
	}
}

// legend explains the shapes that occur, and says what is missing.
func (d *drawing) legend(y int) {
	x := 0
	add := func(shape, text string) {
		width := 24 + int(float64(len(text))*6.4)
		if x+width > svgWidth {
			x, y = 0, y+22
		}
		d.printf(`<g transform="translate(%d %d)">%s<text x="24" y="0">%s</text></g>`+"\n", x, y, shape, text)
		x += width + 16
	}
	for _, bar := range []struct {
		result      Kind
		class, text string
	}{
		{PollPending, "pending", "poll: pending"},
		{PollReady, "ready", "poll: ready"},
		{Panicked, "panicked", "poll: panic"},
		{PollStart, "running", "still running"},
	} {
		for _, p := range d.tl.polls {
			if p.result == bar.result {
				add(fmt.Sprintf(`<rect class="%s" y="-9" width="18" height="10" rx="2"/>`, bar.class), bar.text)
				break
			}
		}
	}
	seen := make(map[Kind]bool)
	for _, e := range d.tl.marks {
		seen[e.Kind] = true
	}
	if seen[Woken] || seen[Aborted] {
		text := "wake"
		if seen[Aborted] {
			text = "wake or abort"
		}
		add(`<path class="wake" marker-end="url(#trace-head)" d="M0 -4H18"/>`, text)
	}
	if seen[Joined] {
		add(`<circle class="set" cx="9" cy="-4" r="4"/>`, "somebody waits for its end")
	}
	if seen[TimerFired] {
		add(`<circle class="mark" cx="9" cy="-4" r="4"/>`, "timer fired")
	}
	if seen[IOReady] {
		add(`<circle class="mark" cx="9" cy="-4" r="4"/>`, "readable or writable")
	}
	if len(d.tl.parks) > 0 {
		add(`<rect class="park" y="-10" width="18" height="13" rx="2"/>`, "worker asleep")
	}
	if len(d.tl.marks)+len(d.tl.polls)+len(d.tl.parks) == 0 {
		add("", "no events")
	}
	d.height = y + 12
	missing := ""
	if d.hidden > 0 {
		missing = fmt.Sprintf("%d more tasks are not drawn. ", d.hidden)
	}
	if d.lost > 0 {
		missing += fmt.Sprintf("%d earlier events are not kept.", d.lost)
	}
	if missing != "" {
		d.printf(`<text x="0" y="%d">%s</text>`+"\n", y+22, missing)
		d.height += 22
	}
}

// shortened cuts a name that is wider than its lane's label.
func shortened(name string, width int) string {
	if most := int(float64(width) / 7); len([]rune(name)) > most {
		return string([]rune(name)[:most-1]) + "…"
	}
	return name
}
