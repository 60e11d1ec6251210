package scheduler

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

// ask posts a body to a path as the engine does, and returns the status and the content.
func ask(t *testing.T, path, body string) (status int, content []byte) {
	t.Helper()
	var router httpd.Router
	Register(&router)
	parser := http1.NewParser(http1.Limits{})
	request := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: me\r\nContent-Length: %d\r\n\r\n%s", path, len(body), body)
	_, complete, err := parser.Parse([]byte(request))
	require.NoError(t, err)
	require.True(t, complete)
	var x httpd.Exchange
	x.Reset()
	defer x.Reset()
	require.NoError(t, x.Answer(t.Context(), &router, parser.Request(), nil))
	response, _, err := x.Append(nil, "", false)
	require.NoError(t, err)
	_, after, _ := strings.Cut(string(response), "\r\n\r\n")
	return x.Response.Status(), []byte(after)
}

func TestHandler_answersAScheduleWithWhatThePageDraws(t *testing.T) {
	status, content := ask(t, "/live/scheduler", `{"program": "hasty", "choices": ["waiter", "event", "event", "waiter"]}`)
	require.Equal(t, 200, status)
	var a answer
	require.NoError(t, json.Unmarshal(content, &a))
	require.Equal(t, *play(t, "hasty", "waiter event event waiter"), a)

	status, content = ask(t, "/live/scheduler", `{}`)
	require.Equal(t, 200, status)
	require.NoError(t, json.Unmarshal(content, &a))
	require.Equal(t, programs[0].name, a.Program.Name, "the page begins with the first one")
	require.Len(t, a.Programs, len(programs))
}

func TestHandler_answersASearch(t *testing.T) {
	status, content := ask(t, "/live/scheduler/search", `{"program": "hasty"}`)
	require.Equal(t, 200, status)
	var f finding
	require.NoError(t, json.Unmarshal(content, &f))
	require.Equal(t, []string{"waiter", "event", "event", "waiter"}, f.Choices)
}

func TestHandler_refusesWhatIsNoQuestion(t *testing.T) {
	for _, body := range []string{
		``, `null null`, `[]`, `"hasty"`, `{`, `{"program": 1}`, `{"choices": "waiter"}`, `{"choices": [1]}`,
		`{"program": "hasty"} {}`, `{"program": "hasty", "choises": []}`, `{"program": "no such"}`,
		`{"program": "hasty"` + strings.Repeat(" ", maxBody) + `}`, // nothing else is wrong with it
	} {
		for _, path := range []string{"/live/scheduler", "/live/scheduler/search"} {
			status, _ := ask(t, path, body)
			assert.Equal(t, 400, status, "%s %.60s", path, body)
		}
	}
	for _, choices := range []string{
		`["nobody"]`, `["waiter event"]`, `[""]`, `["waiter", "waiter", "waiter"]`,
		`["waiter"` + strings.Repeat(`, "waiter"`, maxChoices) + `]`,
	} {
		status, content := ask(t, "/live/scheduler", `{"program": "hasty", "choices": `+choices+`}`)
		assert.Equal(t, 400, status, choices)
		assert.NotContains(t, string(content), ".go", "no path of this machine")
	}
}

// A reader who plays with the address bar, or a fuzzer, gets an answer or a refusal, nothing else.
func FuzzHandler(f *testing.F) {
	f.Add(`{"program": "hello", "choices": ["hello", "clock"]}`)
	f.Add(`{"program": "letter", "choices": ["key", "sender", "sender"]}`)
	f.Add(`{"choices": null}`)
	f.Fuzz(func(t *testing.T, body string) {
		q, p, err := read([]byte(body))
		if err != nil {
			return
		}
		if a, err := played(p, q.Choices); err == nil {
			require.Len(t, a.Rows, len(q.Choices)+1)
		}
	})
}
