package scheduler

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"example.com/async/step02-http/httpd"
	"example.com/async/step03-statemachine/explore"
)

// maxBody bounds a question: maxChoices names of lanes take a fraction of it.
const maxBody = 4 << 10

// A question is a schedule of a program. An empty name is the first program.
type question struct {
	Program string   `json:"program"`
	Choices []string `json:"choices"`
}

// Register adds the routes that scheduler.js asks. POST /live/scheduler with a program and the choices so far
// answers with what the page draws, or with 400 if these choices are not possible. POST
// /live/scheduler/search answers with an order that loses a wake-up. Nothing is kept between two questions.
func Register(router *httpd.Router) {
	router.HandleFunc("POST", "/live/scheduler", func(w *httpd.ResponseWriter, r *httpd.Request) {
		q, p, err := read(r.Body())
		if err != nil {
			httpd.Error(w, 400, err.Error())
			return
		}
		a, err := played(p, q.Choices)
		if err != nil {
			httpd.Error(w, 400, err.Error())
			return
		}
		writeJSON(w, a)
	})
	router.HandleFunc("POST", "/live/scheduler/search", func(w *httpd.ResponseWriter, r *httpd.Request) {
		_, p, err := read(r.Body())
		if err != nil {
			httpd.Error(w, 400, err.Error())
			return
		}
		writeJSON(w, searched(p))
	})
}

func read(body []byte) (q question, p *program, err error) {
	if len(body) > maxBody {
		return q, nil, fmt.Errorf("the question is longer than %d bytes", maxBody)
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&q); err != nil {
		return q, nil, errors.New(`the question must be {"program": "…", "choices": ["…"]}`)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return q, nil, errors.New("there is something behind the question")
	}
	if q.Program == "" {
		q.Program = programs[0].name
	}
	if p = programOf(q.Program); p == nil {
		return q, nil, errors.New("there is no such program")
	}
	return q, p, nil
}

func writeJSON(w *httpd.ResponseWriter, a any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(a) // it is made of texts and numbers: it can always be written
}

// A finding is what a search for a lost wake-up has found.
type finding struct {
	Choices []string `json:"choices"` // the order that loses one; none if there is no such order
	Says    string   `json:"says"`
}

// maxOrders bounds a search. The programs have fewer: a test searches each to its end.
const maxOrders = 5000

// searched lets package explore try the orders of the program.
func searched(p *program) finding {
	failure, stats := explore.Search(explore.Limits{Orders: maxOrders, Steps: maxChoices}, Program(p.name))
	if failure == nil {
		return finding{[]string{}, fmt.Sprintf("The explorer has tried all %d orders: none loses a wake-up.", stats.Orders)}
	}
	f := finding{Says: fmt.Sprintf("The explorer has found this in order %d of those that it tries.", stats.Orders)}
	for _, step := range failure.Steps {
		f.Choices = append(f.Choices, step.Thread)
	}
	return f
}
