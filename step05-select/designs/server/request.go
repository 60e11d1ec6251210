package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// A request is a line that is for the server, and not for the others.
type request struct {
	stats bool          // tell the Stats; otherwise
	work  time.Duration // compute for so long
}

// MaxWork is the longest computation that a client may ask for.
const MaxWork = time.Second

// Answered are the beginnings of the lines that answer requests.
const (
	AnsweredWork  = "* worked "
	AnsweredStats = "* stats "
)

// asRequest returns what a line asks for. Most lines are none, and are told apart by their first byte.
func asRequest(line []byte) (r request, ok bool) {
	if len(line) == 0 || line[0] != '/' {
		return request{}, false
	}
	if string(line) == "/stats" {
		return request{stats: true}, true
	}
	number, ok := bytes.CutPrefix(line, []byte("/work "))
	if !ok {
		return request{}, false
	}
	ms, err := strconv.Atoi(string(number))
	if err != nil || ms < 1 || ms > int(MaxWork/time.Millisecond) {
		return request{}, false
	}
	return request{work: time.Duration(ms) * time.Millisecond}, true
}

// answer does what is asked, and returns the line that says so. It may take as long as [MaxWork], on whatever
// goroutine it is called.
func (r request) answer(observed *observer) []byte {
	if r.stats {
		text, _ := json.Marshal(observed.stats()) // it consists of finite numbers
		return fmt.Appendf(nil, "%s%s\n", AnsweredStats, text)
	}
	return fmt.Appendf(nil, "%s%08x\n", AnsweredWork, work(r.work))
}
