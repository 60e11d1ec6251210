package parser

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func follow(t *testing.T, input string) Trace {
	t.Helper()
	return Follow(t.Context(), newServer(), []byte(input))
}

// stateAfter is the state after n bytes, found as the page finds it.
func stateAfter(trace Trace, n int) string {
	for _, run := range trace.States {
		if n <= run.To {
			return run.State
		}
	}
	return ""
}

func TestFollow_tellsTheStateAfterEveryByte(t *testing.T) {
	const line, fields = "POST /echo HTTP/1.1\r\n", "Host: me\r\nContent-Length: 2\r\n\r\n"
	trace := follow(t, line+fields+"hi")
	require.Equal(t, []Run{
		{1, "Start", 0},
		{1, "RequestLine", len(line) - 1},
		{1, "HeaderFields", len(line+fields) - 1},
		{1, "FixedBody", len(line+fields) + 1},
		{1, "Done", len(line+fields) + 2},
	}, trace.States)
	require.Equal(t, len(line+fields)+2, trace.Read)
	require.Len(t, trace.Replies, 1)
	reply := trace.Replies[0]
	require.Equal(t, trace.Read, reply.At)
	require.Equal(t, 200, reply.Status)
	require.False(t, reply.Close)
	require.True(t, strings.HasPrefix(reply.Text, "HTTP/1.1 200 OK\r\n"), reply.Text)
	require.True(t, strings.HasSuffix(reply.Text, "\r\n\r\nhi"), reply.Text)
}

// The states must be those of the parser itself, whatever the engine around it does.
func TestFollow_agreesWithTheParserAtEveryByte(t *testing.T) {
	input := "POST /echo HTTP/1.1\r\nHost: me\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nMore: 1\r\n\r\n"
	trace := follow(t, input)
	parser, buffer := http1.NewParser(limits), []byte(nil)
	for n := range len(input) + 1 {
		if n > 0 {
			var err error
			buffer, _, err = parser.Parse(append(buffer, input[n-1]))
			require.NoError(t, err)
		}
		require.Equal(t, parser.State().String(), stateAfter(trace, n), "after %q", input[:n])
	}
	require.Contains(t, trace.Replies[0].Text, "\r\n\r\nabcd")
}

func TestFollow_answersRequestsThatCameTogether(t *testing.T) {
	const first, second = "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /nowhere HTTP/1.0\r\n\r\n"
	trace := follow(t, first+second+"GET / HTTP/1.1\r\n")
	require.Len(t, trace.Replies, 2)
	require.Equal(t, len(first), trace.Replies[0].At)
	require.Contains(t, trace.Replies[0].Text, "Hello, world!")
	require.Equal(t, 404, trace.Replies[1].Status)
	require.True(t, trace.Replies[1].Close, "HTTP/1.0 keeps no connection")
	require.Equal(t, len(first+second), trace.Read, "what comes behind is not looked at")
	require.Equal(t, 2, trace.States[len(trace.States)-1].Request)
}

func TestFollow_stopsAtTheByteThatBreaksARule(t *testing.T) {
	for name, test := range map[string]struct {
		input  string
		status int
		rule   string
	}{
		"smuggling": {"POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 37\r\nTransfer-Encoding: chunked\r\n\r\n|0\r\n\r\nGET /admin HTTP/1.1\r\n", 400, "RFC 9112 section 6.1"},
		"a space":   {"GET / HTTP/1.1\r\nHost : me\r\n|\r\n", 400, "RFC 9112 section 5.1"},
		"a chunk":   {"POST /echo HTTP/1.1\r\nHost: me\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n|a", 400, "RFC 9112 section 7.1"},
		"too long":  {"GET /" + strings.Repeat("a", limits.RequestLine-len("GET /")) + "aaa|", 414, "RFC 9112 section 3"},
	} {
		t.Run(name, func(t *testing.T) {
			before, behind, _ := strings.Cut(test.input, "|")
			trace := follow(t, before+behind)
			require.Equal(t, len(before), trace.Read)
			require.Equal(t, "Failed", stateAfter(trace, trace.Read))
			require.NotEqual(t, "Failed", stateAfter(trace, trace.Read-1))
			require.Len(t, trace.Replies, 1)
			reply := trace.Replies[0]
			require.Equal(t, test.status, reply.Status)
			require.Equal(t, test.rule, reply.Rule)
			require.NotEmpty(t, reply.Message)
			require.True(t, reply.Close)
			require.Contains(t, reply.Text, reply.Message, "the client is told, too")
		})
	}
}

func TestFollow_sendsWhatAnExpectationAsksFor(t *testing.T) {
	const head = "POST /echo HTTP/1.1\r\nHost: me\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
	trace := follow(t, head+"hi")
	require.Equal(t, Reply{At: len(head), Status: 100, Text: "HTTP/1.1 100 Continue\r\n\r\n"}, trace.Replies[0])
	require.Equal(t, 200, trace.Replies[1].Status)

	trace = follow(t, strings.Replace(head, "/echo", "/nowhere", 1)+"hi")
	require.Len(t, trace.Replies, 1)
	require.Equal(t, 404, trace.Replies[0].Status)
	require.True(t, trace.Replies[0].Close, "the body is in the way of the next request")
}

// Ten events would take ten seconds.
func TestFollow_doesNotWaitForAStream(t *testing.T) {
	trace := follow(t, "GET /stream HTTP/1.1\r\nHost: me\r\n\r\nGET / HTTP/1.1\r\n")
	require.Len(t, trace.Replies, 1)
	require.True(t, trace.Replies[0].Cut)
	require.Contains(t, trace.Replies[0].Text, "event 1 of 10")
	require.NotContains(t, trace.Replies[0].Text, "event 2 of 10")
}

func TestFollow_isBounded(t *testing.T) {
	trace := follow(t, strings.Repeat("GET / HTTP/1.1\nHost:a\n\n", 300))
	require.Len(t, trace.Replies, mostReplies)
	trace = follow(t, strings.Repeat("\x00\xff", MaxBytes/2))
	require.Len(t, trace.Replies, 1)
}

func TestFollow_ofNothingWaits(t *testing.T) {
	require.Equal(t, Trace{States: []Run{{1, "Start", 0}}, Replies: []Reply{}}, follow(t, ""))
}

// post asks the route as the page does.
func post(t *testing.T, body string) (status int, answer string) {
	t.Helper()
	router := new(httpd.Router)
	Register(router)
	parser := http1.NewParser(http1.Limits{})
	_, complete, err := parser.Parse(fmt.Appendf(nil, "POST /live/parser HTTP/1.1\r\nHost: me\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
	require.NoError(t, err)
	require.True(t, complete)
	var x httpd.Exchange
	x.Reset()
	require.NoError(t, x.Answer(t.Context(), router, parser.Request(), nil))
	out, _, err := x.Append(nil, "", false)
	require.NoError(t, err)
	_, answer, _ = strings.Cut(string(out), "\r\n\r\n")
	return x.Response.Status(), answer
}

func TestHandler_answersWithATrace(t *testing.T) {
	status, answer := post(t, `{"bytes": "`+base64.StdEncoding.EncodeToString([]byte("GET / HTTP/1.1\r\n\r\n\xff"))+`"}`)
	require.Equal(t, 200, status)
	var trace Trace
	require.NoError(t, json.Unmarshal([]byte(answer), &trace))
	require.Equal(t, 400, trace.Replies[0].Status)
	require.Equal(t, "a request in HTTP/1.1 must have a Host field", trace.Replies[0].Message)
}

func TestHandler_refusesWhatIsNoQuestion(t *testing.T) {
	for body, want := range map[string]int{
		`GET /`:              400,
		`{"bytes": "%%"}`:    400,
		`{"bytes": [1,300]}`: 400,
		`{"bytes": "` + strings.Repeat("AAAA", MaxBytes/3+1) + `"}`: 413,
	} {
		status, _ := post(t, body)
		require.Equal(t, want, status, "%.40s", body)
	}
	status, _ := post(t, `{"bytes": "`+base64.StdEncoding.EncodeToString(make([]byte, MaxBytes))+`"}`)
	require.Equal(t, 200, status)
}

// The page draws one box for each state.
func TestPage_knowsEveryState(t *testing.T) {
	script, err := os.ReadFile("parser.js")
	require.NoError(t, err)
	for state := http1.Start; state <= http1.Failed; state++ {
		require.Contains(t, string(script), `"`+state.String()+`"`)
	}
}

// What a reader sees without scripts is a table of the states after each line.
func TestChapter_showsAStillPictureThatIsTrue(t *testing.T) {
	chapter, err := os.ReadFile("../../02-http.md")
	require.NoError(t, err)
	_, after, found := strings.Cut(string(chapter), "<!-- play parser -->\n```text\n")
	require.True(t, found)
	table, _, _ := strings.Cut(after, "```")
	rows := strings.Split(strings.TrimSpace(table), "\n")
	stateAt, sentAt := strings.Index(rows[0], "the parser"), strings.Index(rows[0], "what is sent")

	type row struct {
		seen        int
		state, sent string
	}
	var input strings.Builder
	var want []row
	for _, line := range rows[1:] {
		line += strings.Repeat(" ", sentAt)
		bytes := strings.NewReplacer(`\r`, "\r", `\n`, "\n").Replace(strings.TrimSpace(line[:stateAt]))
		input.WriteString(bytes)
		want = append(want, row{input.Len(), strings.TrimSpace(line[stateAt:sentAt]), strings.TrimSpace(line[sentAt:])})
	}
	require.Len(t, want, 9)
	trace := follow(t, input.String())
	for _, row := range want {
		require.Equal(t, row.state, stateAfter(trace, row.seen), "%+v", row)
		sent := ""
		for _, reply := range trace.Replies {
			if reply.At == row.seen {
				sent, _, _ = strings.Cut(strings.TrimPrefix(reply.Text, "HTTP/1.1 "), "\r\n")
			}
		}
		require.Equal(t, row.sent, sent, "%+v", row)
	}
}
