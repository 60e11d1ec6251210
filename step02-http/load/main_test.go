package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"example.com/async/internal/lesson"
	"example.com/async/internal/program/programtest"
	"example.com/async/step02-http/httpd"
)

func TestMain(m *testing.M) {
	programtest.Main(main)
	goleak.VerifyTestMain(m)
}

// startArticle builds and starts the article's server, and returns its URL.
func startArticle(t *testing.T) string {
	if testing.Short() {
		t.Skip("it builds a program")
	}
	program := filepath.Join(t.TempDir(), "article.exe") // Windows wants the ending, the others don't mind
	output, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../article").CombinedOutput()
	require.NoError(t, err, "%s", output)
	command := exec.Command(program, "-addr", "127.0.0.1:0")
	stdout, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	greeting := make([]byte, 200)
	n, err := stdout.Read(greeting)
	require.NoError(t, err)
	url := regexp.MustCompile(`http://[^/\s]+`).FindString(string(greeting[:n]))
	require.NotEmpty(t, url, "%s", greeting[:n])
	return url
}

// startSite serves what the mix asks for by step 2's server, and returns its URL.
func startSite(t *testing.T) string {
	site := new(httpd.Router)
	site.HandleFunc("GET", "/", func(w *httpd.ResponseWriter, _ *httpd.Request) { w.WriteString("Hello, world!") })
	site.HandleFunc("GET", "/api/stats", func(w *httpd.ResponseWriter, _ *httpd.Request) { w.WriteString(`{"uptime": 1}`) })
	site.HandleFunc("POST", "/echo", func(w *httpd.ResponseWriter, r *httpd.Request) { w.Write(r.Body()) })
	return serve(t, site)
}

// serve starts step 2's server with a handler, and returns its URL.
func serve(t *testing.T, handler httpd.Handler) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- (&httpd.Server{Handler: handler}).Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-done)
	})
	return "http://" + listener.Addr().String()
}

func TestLoad_showsTheArticlesReport(t *testing.T) {
	status, stdout, stderr := programtest.Run(t, startArticle(t))
	require.Zero(t, status, stderr)
	assert.Empty(t, stderr)
	for _, says := range []string{
		"requests            1000 in ",
		"successful          667 (66.7 %)",
		"failed              333",
		"right answers       334 (33.4 %)",
		"GET /api/stats: 333 of 333 succeeded with other content than was asked for.",
	} {
		assert.Contains(t, stdout, says)
	}
	// The server closes with the request's rest unread: a reset may overtake the end.
	assert.Regexp(t, `POST /echo: \d+ of 333 failed: (the server closed the connection without an answer|connection reset by peer)\.`, stdout)
	assert.Regexp(t, `333 +0 +0 +POST /echo: no answer`, stdout)
}

func TestLoad_findsStepTwosServerRight(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.json")
	status, stdout, stderr := programtest.Run(t, "-json", file, startSite(t)+"/")
	require.Zero(t, status, stderr)
	assert.Contains(t, stdout, "successful          1000 (100.0 %)")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var report struct {
		Summary struct {
			Successful int     `json:"successful_requests"`
			Rate       float64 `json:"success_rate_percent"`
			Right      int     `json:"right_answers"`
		} `json:"summary"`
	}
	require.NoError(t, json.Unmarshal(text, &report))
	assert.Equal(t, 1000, report.Summary.Successful)
	assert.Equal(t, 100., report.Summary.Rate)
	assert.Equal(t, 1000, report.Summary.Right)
}

func TestLoad_sendsWhatItIsTold(t *testing.T) {
	url := startSite(t)
	for _, test := range []struct {
		args string
		says []string
	}{
		{"-n 64 -c 2 -pipeline 16 ", []string{"2 connections, 16 requests at once on each", "successful          64 (100.0 %)"}},
		{"-n 5 -c 1 -no-keepalive", []string{"a new one for each request", "connections opened  5\n"}},
		{"-n 20 -rate 2000", []string{"2000 due each second", "from when it was due"}},
		{"-d 50ms -c 2", []string{"0.05 s, 2 connections", "(100.0 %)"}},
		{"-n 100 -c 2 -idle 5 -slow 3", []string{"answered  failed", "alone       100       0", "beside 5 idle and 3 slow       100       0", "alone again       100", "has ended 0 connections of idle clients"}},
		{"-n 3 -method DELETE", []string{"DELETE /: 405 (3 times)"}},
		{"-n 3 -body hello", []string{"POST /: 405 (3 times)"}},
		{"-n 3 -method GET -H X-A:b -H X-C:d", []string{"GET /: 200 (3 times)"}},
	} {
		status, stdout, stderr := programtest.Run(t, append(strings.Fields(test.args), url)...)
		require.Zero(t, status, stderr)
		for _, says := range test.says {
			assert.Contains(t, stdout, says, test.args)
		}
	}
	_, stdout, _ := programtest.Run(t, url+"/nothing", "-n", "3", "-json", "-")
	assert.True(t, json.Valid([]byte(stdout)), stdout)
	assert.Contains(t, stdout, `"404": 3`)
}

func TestLoad_printsWhatThereIsWhenItIsInterrupted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process can't be sent a Ctrl-C alone there")
	}
	asked := make(chan struct{}, 1)
	url := serve(t, httpd.HandlerFunc(func(w *httpd.ResponseWriter, _ *httpd.Request) {
		w.WriteString("Hello, world!")
		select {
		case asked <- struct{}{}:
		default:
		}
	}))
	command := programtest.Command(t, "-d", "10m", "-c", "1", url)
	var out bytes.Buffer
	command.Stdout = &out
	require.NoError(t, command.Start())
	<-asked
	<-asked // so one answer at least has been counted
	require.NoError(t, command.Process.Signal(os.Interrupt))
	require.NoError(t, command.Wait())
	assert.Contains(t, out.String(), "It was interrupted")
	assert.Contains(t, out.String(), "(100.0 %)")
}

func TestLoad_refusesWrongArgumentsInOneLine(t *testing.T) {
	const url = "http://127.0.0.1:1"
	programtest.Refuses(t, []programtest.Refusal{
		{Args: "", Says: "which server?"},
		{Args: "-x", Says: "flag provided but not defined: -x"},
		{Args: url + " extra", Says: `unexpected argument "extra"`},
		{Args: "https://127.0.0.1", Says: "no URL that begins with http://"},
		{Args: "-c 0 " + url, Says: "at least 1 connection"},
		{Args: "-c 70000 " + url, Says: "no more ports"},
		{Args: "-n -1 " + url, Says: "how many requests"},
		{Args: "-rate NaN " + url, Says: "the rate must be"},
		{Args: "-pipeline 9999 " + url, Says: "64 KiB together"},
		{Args: "-rate 1 -pipeline 2 " + url, Says: "can't be pipelined"},
		{Args: "-H nothing " + url, Says: "must have a colon"},
		{Args: "-method G@T " + url, Says: "no method"},
		{Args: "-idle -1 " + url, Says: "can't be negative"},
		{Args: "-idle 1 -json - " + url, Says: "-json has no place"},
		{Args: "-idle 40000 -slow 30000 " + url, Says: "no more ports"},
		{Args: "-compare " + url, Says: "takes no URL"},
		{Args: "-compare -rounds 0", Says: "-rounds must be"},
	})
}

func TestFitsFileLimit_tellsWhatIsMissing(t *testing.T) {
	assert.NoError(t, fitsFileLimit(11_064, math.MaxInt))
	assert.NoError(t, fitsFileLimit(992, 1024))
	assert.ErrorContains(t, fitsFileLimit(993, 1024), "993 connections need as many files, and a process may open 1024 here")
}

func TestLoad_helps(t *testing.T) {
	status, stdout, stderr := programtest.Run(t, "-h")
	assert.Zero(t, status)
	assert.Empty(t, stderr)
	for _, word := range []string{"go run ./step02-http/load", "-rate", "-compare", "-no-keepalive", "-json file"} {
		assert.Contains(t, stdout, word)
	}
}

func TestLoad_comparesAllServersUnderAllLoads(t *testing.T) {
	lesson.PlainOnly(t, "it builds four programs, and measures them")
	picture := filepath.Join(t.TempDir(), "compare.svg")
	status, stdout, stderr := programtest.Run(t, "-compare", "-quick", "-markdown", "-svg", picture)
	require.Zero(t, status, stderr)
	for _, server := range []string{"step 2", "net/http", "fasthttp", "no parsing"} {
		assert.Equal(t, 6, strings.Count(stdout, "| "+server+" |"), "%s: a row for each load\n%s", server, stdout)
	}
	text, err := os.ReadFile(picture)
	require.NoError(t, err)
	assert.Contains(t, string(text), "</svg>")
}
