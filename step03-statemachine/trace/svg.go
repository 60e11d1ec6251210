package trace

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"math"
	"strings"
	"time"
)

// Measures of the picture, in pixels.
const (
	svgWidth   = 720 // of the book's text
	labelWidth = 104 // the lanes' names, left
	rightSpace = 16
	laneHeight = 44
	barHeight  = 14
	minBar     = 3 // a poll of a microsecond shall be seen beside a sleep of a second
	topSpace   = 12
	charWidth  = 6.2 // of the small text, about: to tell where a note ends
)

// maxLanes bounds the picture: nobody reads more.
const maxLanes = 48

// svgStyle follows the reader's choice of light or dark, if the picture stands on its own or in an
// img element. As a part of a page (not svg:root) it takes the page's text colour.
const svgStyle = `
.trace text { font: 12px system-ui, sans-serif; fill: currentColor }
.trace .lane { font-size: 13px }
.trace .note { font-size: 11px; opacity: .8 }
.trace .grid { stroke: currentColor; opacity: .15 }
.trace .life { stroke: currentColor; opacity: .45 }
.trace .pending { fill: #e0a021 }
.trace .ready { fill: #3aa655 }
.trace .panicked { fill: #d1453b }
.trace .running { fill: none; stroke: currentColor }
.trace .park { fill: currentColor; opacity: .14 }
.trace .wake { stroke: #2f7dd1; stroke-width: 1.5; fill: none }
.trace .mark { fill: #2f7dd1 }
.trace .set { fill: none; stroke: #2f7dd1; stroke-width: 1.5 }
.trace .said { fill: currentColor }
.trace .end { stroke: currentColor; stroke-width: 2; fill: none }
svg.trace:root { color: #1c1f23 }
@media (prefers-color-scheme: dark) { svg.trace:root { color: #e4e7eb } }
`

const arrowHead = `<defs>
<marker id="trace-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto">
<path class="mark" d="M0 0 8 4 0 8z"/>
</marker>
</defs>
`

// WriteSVG draws the events as a picture 720 pixels wide: time runs to the right; there is a lane
// for each task with its polls as bars, and an arrow for each wake, from the one who woke to the
// one who was woken. Below stand the workers, and when they slept. At most 48 tasks are drawn.
func (t *Trace) WriteSVG(w io.Writer) error {
	events, lost := t.snapshot()
	d := &drawing{t: t, tl: newTimeline(events), lost: lost, noted: make(map[lane]float64)}
	d.chooseLanes()
	d.draw()
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" class="trace" role="img" viewBox="0 0 %d %d">
<title>Timeline of %s and %s</title>
<desc>A lane for each task. Bars are polls, arrows are wakes, shaded is a sleeping worker.</desc>
<style>%s</style>
%s%s</svg>
`, svgWidth, d.height, counted(len(d.tl.tasks), "task"), counted(len(events), "event"), svgStyle, arrowHead, d.body.String())
	return out.Flush()
}

func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// A drawing is one picture in the making.
type drawing struct {
	t      *Trace
	tl     *timeline
	lost   uint64
	lanes  []lane
	index  map[lane]int
	hidden int              // tasks without a lane
	noted  map[lane]float64 // where the last text above it ends
	height int
	body   strings.Builder
}

// A lane is a row of the picture: a task, a worker, or a source of wakes that is no task.
type lane struct {
	kind laneKind
	task TaskID
	n    int // of the worker, or the Source
}

type laneKind uint8

const (
	sourceLane laneKind = iota
	taskLane
	workerLane
)

// chooseLanes puts sources above tasks above workers, and leaves out those without events.
func (d *drawing) chooseLanes() {
	d.index = make(map[lane]int)
	add := func(l lane) {
		if _, ok := d.index[l]; !ok {
			d.index[l] = len(d.lanes)
			d.lanes = append(d.lanes, l)
		}
	}
	for _, source := range []Source{Outside, Timer, Reactor} {
		for _, e := range d.tl.marks {
			if from, ok := sourceOf(e); ok && from == (lane{kind: sourceLane, n: int(source)}) {
				add(from)
			}
		}
	}
	for i, id := range d.tl.tasks {
		if i == maxLanes {
			d.hidden = len(d.tl.tasks) - maxLanes
			break
		}
		add(lane{kind: taskLane, task: id})
	}
	for _, n := range d.tl.workers {
		add(lane{kind: workerLane, n: n})
	}
}

// sourceOf returns the lane that an event comes from, if it has one: wakes and aborts come from
// somebody, and the timers and the reactor have lanes of their own.
func sourceOf(e Event) (lane, bool) {
	switch {
	case e.Kind == TimerFired:
		return lane{kind: sourceLane, n: int(Timer)}, true
	case e.Kind == IOReady:
		return lane{kind: sourceLane, n: int(Reactor)}, true
	case e.Kind == Noted && e.Task == 0:
		return lane{kind: sourceLane, n: int(Outside)}, true
	case e.Kind != Woken && e.Kind != Aborted:
		return lane{}, false
	case e.By != 0:
		return lane{kind: taskLane, task: e.By}, true
	case e.Source == Timer || e.Source == Reactor:
		return lane{kind: sourceLane, n: int(e.Source)}, true
	}
	return lane{kind: sourceLane, n: int(Outside)}, true
}

func (d *drawing) name(l lane) string {
	switch l.kind {
	case taskLane:
		return d.t.Name(l.task)
	case workerLane:
		return fmt.Sprintf("worker %d", l.n)
	}
	switch Source(l.n) {
	case Timer:
		return "timers"
	case Reactor:
		return "reactor"
	}
	return d.t.Name(0)
}

// x returns the place of a moment.
func (d *drawing) x(at time.Duration) float64 {
	all := max(d.tl.to-d.tl.from, 1)
	return labelWidth + float64(at-d.tl.from)/float64(all)*(svgWidth-labelWidth-rightSpace)
}

// y returns the middle of a lane. ok is false if it has no place in the picture.
func (d *drawing) y(l lane) (y int, ok bool) {
	i, ok := d.index[l]
	return topSpace + i*laneHeight + laneHeight/2, ok
}

func (d *drawing) printf(format string, args ...any) { fmt.Fprintf(&d.body, format, args...) }

// niceStep returns a distance of 1, 2 or 5 times a power of ten, at most ten of which fit into all.
func niceStep(all time.Duration) time.Duration {
	step := math.Pow(10, math.Floor(math.Log10(float64(max(all, 1))/10)))
	for _, factor := range []float64{1, 2, 5, 10} {
		if float64(all) <= 10*step*factor {
			return max(time.Duration(step*factor), 1)
		}
	}
	return max(time.Duration(10*step), 1)
}

func escape(s string) string { return html.EscapeString(s) }
