package parser

import (
	"encoding/json"
	"fmt"

	"example.com/async/step02-http/httpd"
)

// Register adds the route that parser.js asks: POST /live/parser with {"bytes": "…"}, in base64. It
// answers with a [Trace]. Nothing is kept between two questions but the numbers of /api/stats.
func Register(router *httpd.Router) {
	server := newServer()
	router.HandleFunc("POST", "/live/parser", func(w *httpd.ResponseWriter, r *httpd.Request) {
		var question struct{ Bytes []byte }
		if err := json.Unmarshal(r.Body(), &question); err != nil {
			httpd.Error(w, 400, `the question must be {"bytes": "…"}, in base64`)
			return
		}
		if len(question.Bytes) > MaxBytes {
			httpd.Error(w, 413, fmt.Sprintf("this picture follows %d bytes, not more", MaxBytes))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		// A Trace is made of texts and numbers: it can always be written.
		_ = json.NewEncoder(w).Encode(Follow(r.Context(), server, question.Bytes))
	})
}
