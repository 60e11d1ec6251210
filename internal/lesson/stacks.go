package lesson

import (
	"fmt"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// A stack is what runtime.Stack tells of one goroutine.
type stack struct {
	id     string
	state  string // "chan receive", "IO wait", "running" …
	bubble string // the number of its synctest bubble, or ""
	frames []frame
	// created is where its go statement stands.
	created frame
}

type frame struct {
	function string // with its import path
	place    string // file:line
}

type stacks []stack

// goroutines returns the stacks of all goroutines, the calling one first.
func goroutines() stacks {
	text := make([]byte, 64<<10)
	for {
		n := runtime.Stack(text, true)
		if n < len(text) {
			text = text[:n]
			break
		}
		text = make([]byte, 2*len(text))
	}
	var all stacks
	for block := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n\n") {
		all = append(all, parseStack(block))
	}
	return all
}

// goroutineHeader matches "goroutine 21 [select (durable), synctest bubble 3]:".
var goroutineHeader = regexp.MustCompile(`^goroutine (\d+).*? \[([^],(]*)[^]]*?(?:synctest bubble (\d+))?\]:$`)

func parseStack(block string) stack {
	header, rest, _ := strings.Cut(block, "\n")
	var s stack
	if m := goroutineHeader.FindStringSubmatch(header); m != nil {
		s.id, s.state, s.bubble = m[1], strings.TrimSpace(m[2]), m[3]
	}
	lines := strings.Split(rest, "\n")
	for i := 0; i+1 < len(lines); i += 2 { // a line for the call, a line for the place
		place, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " ")
		if creator, ok := strings.CutPrefix(lines[i], "created by "); ok {
			creator, _, _ = strings.Cut(creator, " in goroutine")
			s.created = frame{creator, place}
			continue
		}
		function := lines[i]
		if arguments := strings.LastIndexByte(function, '('); arguments > 0 {
			function = function[:arguments]
		}
		s.frames = append(s.frames, frame{function, place})
	}
	return s
}

// module is the import path under which learners and authors write code.
const module = "example.com/async/"

// own reports whether a frame is in the tutorial's code, this package and its
// parts excepted: those are never the mistake.
func (f frame) own() bool {
	return strings.HasPrefix(f.function, module) && !strings.HasPrefix(f.function, module+"internal/lesson")
}

// where is the innermost frame in the tutorial's code, or else the go statement.
func (s stack) where() (frame, bool) {
	if i := slices.IndexFunc(s.frames, frame.own); i >= 0 {
		return s.frames[i], true
	}
	return s.created, s.created.own()
}

// inThisBubble returns the goroutines of the caller's bubble: not the caller,
// not synctest's own two.
func (all stacks) inThisBubble() stacks {
	mine := all[0].bubble
	return all[1:].filter(func(s stack) bool {
		return s.bubble == mine && !slices.ContainsFunc(s.frames, func(f frame) bool {
			return f.function == "testing/synctest.Test" || f.function == "testing/synctest.testingSynctestTest"
		})
	})
}

// without returns the goroutines that run the tutorial's code and are not in before.
func (all stacks) without(before stacks) stacks {
	return all[1:].filter(func(s stack) bool {
		_, ours := s.where()
		return ours && !slices.ContainsFunc(before, func(old stack) bool { return old.id == s.id })
	})
}

// busy returns the goroutines of bubbles that run, or could.
func (all stacks) busy() stacks {
	return all[1:].filter(func(s stack) bool {
		return s.bubble != "" && (s.state == "running" || s.state == "runnable")
	})
}

func (all stacks) filter(keep func(stack) bool) stacks {
	return slices.DeleteFunc(slices.Clone(all), func(s stack) bool { return !keep(s) })
}

// String is a line for each place in the tutorial's code where goroutines are.
func (all stacks) String() string {
	const most = 8
	var lines []string
	count := make(map[string]int)
	for _, s := range all {
		f, ours := s.where()
		if !ours {
			continue
		}
		name := path.Base(f.function)
		line := fmt.Sprintf("    %s: %s, in %s", shortPlace(f.place), s.state, name)
		if count[line]++; count[line] == 1 {
			lines = append(lines, line)
		}
	}
	for i, line := range lines {
		if n := count[line]; n > 1 {
			lines[i] = fmt.Sprintf("%s (%d goroutines)", line, n)
		}
	}
	if more := len(lines) - most; more > 0 {
		lines = append(lines[:most], fmt.Sprintf("    and %d places more", more))
	}
	return strings.Join(lines, "\n")
}

// shortPlace keeps the last three parts of a path: enough to find the file.
func shortPlace(place string) string {
	parts := strings.Split(place, "/")
	return strings.Join(parts[max(0, len(parts)-3):], "/")
}
