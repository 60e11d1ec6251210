package progress

import (
	"html/template"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/async/docs/progress/grade"
	"example.com/async/docs/progress/gradetest"
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/httpd"
)

// bare is the frame of a book without a frame.
type bare struct{}

func (bare) Frame(title string, content template.HTML, _, _ []string) ([]byte, error) {
	return []byte("<title>" + title + "</title>" + string(content)), nil
}

func (bare) Chapter(step int) (title, href string) { return "Step one", "01-x.html" }

// router has all routes of a course, without the guard.
func router(course *Course) *httpd.Router {
	router := new(httpd.Router)
	course.Register(router)
	course.RegisterPages(router, bare{}, func(h httpd.Handler) httpd.Handler { return h })
	return router
}

// ask returns the status and the content of an answer.
func ask(t *testing.T, router *httpd.Router, request string) (status int, content string) {
	t.Helper()
	parser := http1.NewParser(http1.Limits{})
	_, complete, err := parser.Parse([]byte(request))
	require.NoError(t, err)
	require.True(t, complete)
	var x httpd.Exchange
	x.Reset()
	defer x.Reset()
	require.NoError(t, x.Answer(t.Context(), router, parser.Request(), nil))
	out, _, err := x.Append(nil, "Sat, 01 Jan 2000 00:00:00 GMT", false)
	require.NoError(t, err)
	_, content, _ = strings.Cut(string(out), "\r\n\r\n")
	return x.Response.Status(), content
}

func get(t *testing.T, router *httpd.Router, target string) (status int, content string) {
	t.Helper()
	return ask(t, router, "GET "+target+" HTTP/1.1\r\nHost: a\r\n\r\n")
}

// fixed is a course in which 1.2 is red with a message that holds a path and markup.
func fixed(t *testing.T) *Course {
	t.Helper()
	repository := gradetest.New(t).Four()
	course, err := New(repository.Root)
	require.NoError(t, err)
	course.changeItem(0, func(i *Item) { i.Graded, i.Waiting, i.Grade = true, false, grade.Grade{State: grade.Done} })
	course.changeItem(1, func(i *Item) {
		i.Graded, i.Waiting = true, false
		i.Grade = grade.Grade{State: grade.Red, Why: "one: no <b>", Cases: []grade.Case{
			{Name: "zero"}, {Name: "one", Sentence: "no <b>bold</b>", Details: "seen", Rule: "the rule", Hint: "the hint"},
		}}
	})
	course.changeItem(3, func(i *Item) {
		i.Waiting, i.Failure = false, "no go command"
	})
	return course
}

func TestPage_showsTheLadder(t *testing.T) {
	course := fixed(t)
	status, page := get(t, router(course), "/progress.html")
	require.Equal(t, 200, status)
	for _, text := range []string{
		"1 of 4 exercises are done", "1.2 fail it", `<a href="01-x.html#exercises">Step one</a>`,
		"<b>one</b>: no &lt;b&gt;bold&lt;/b&gt;", "The rule</summary><p>the rule</p>", "where to look</summary><p>the hint</p>",
		"write your answer", "no go command", "Compare it with one good answer",
	} {
		require.Contains(t, page, text)
	}
	require.NotContains(t, page, course.root)
	require.NotContains(t, page, "the answer of", "no solution before it is asked for")
}

// The watchdog's sentence ends with "it runs here:", and what follows is what it is for.
func TestPage_unfoldsWhatTheSentencePromises(t *testing.T) {
	course := fixed(t)
	const folded, unfolded = `<details data-key="one seen">`, `<details data-key="one seen" open>`
	_, page := get(t, router(course), "/progress.html")
	require.Contains(t, page, folded)
	course.changeItem(1, func(i *Item) { i.Cases[1].Sentence = "it does not end; it runs here:" })
	_, page = get(t, router(course), "/progress.html")
	require.Contains(t, page, unfolded)
}

func TestPage_changesOnlyTheParts(t *testing.T) {
	course := fixed(t)
	versions := func() []string {
		_, page := get(t, router(course), "/progress.html")
		var found []string
		for _, piece := range strings.Split(page, `data-version="`)[1:] {
			version, _, _ := strings.Cut(piece, `"`)
			found = append(found, version)
		}
		return found
	}
	before := versions()
	require.Len(t, before, 6, "the summary, what comes next, and four exercises")
	require.Equal(t, before, versions())
	course.changeItem(1, func(i *Item) { i.Grade = grade.Grade{State: grade.Done} })
	after := versions()
	for i := range before {
		changes := i == 0 || i == 1 || i == 3
		require.Equal(t, changes, before[i] != after[i], i)
	}
}

func TestPage_showsASolutionWhenAskedTwice(t *testing.T) {
	course := fixed(t)
	router := router(course)
	status, page := get(t, router, "/solution.html?of=step01-x%2Fexercises%2Ffail")
	require.Equal(t, 200, status)
	require.Contains(t, page, "the answer of fail")
	require.Contains(t, page, `href="progress.html#exercise-step01-x-exercises-fail"`)

	for _, target := range []string{"/solution.html", "/solution.html?of=", "/solution.html?of=..", "/solution.html?of=%2Fetc", "/solution.html?of;x"} {
		status, _ := get(t, router, target)
		require.Equal(t, 404, status, target)
	}
	require.NoError(t, os.Remove(course.root+"/step01-x/exercises/fail/solution.go"))
	status, page = get(t, router, "/solution.html?of=step01-x%2Fexercises%2Ffail")
	require.Equal(t, 500, status)
	require.NotContains(t, page, course.root)
}

func TestRoutes(t *testing.T) {
	course := fixed(t)
	router := router(course)
	status, content := get(t, router, "/live/progress.json")
	require.Equal(t, 200, status)
	require.JSONEq(t, `{"done": 1, "of": 4}`, content)

	post := func(body string) int {
		status, _ := ask(t, router, "POST /live/progress/grade HTTP/1.1\r\nHost: a\r\nContent-Length: "+
			string(rune('0'+len(body)/10))+string(rune('0'+len(body)%10))+"\r\n\r\n"+body)
		return status
	}
	require.Equal(t, 202, post(`{"exercise":"step01-x/exercises/fail"}`))
	require.Equal(t, 202, post(`{"exercise":"step01-x/exercises/fail"}`))
	require.Equal(t, []int{1}, course.takeWanted(), "once, however often it is asked for")
	require.Equal(t, 404, post(`{"exercise":"step01-x/exercises/none"}`))
	require.Equal(t, 404, post(`{}`))
	require.Equal(t, 400, post(`exercise=1`))
	require.Empty(t, course.takeWanted())
}
