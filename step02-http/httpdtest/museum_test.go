package httpdtest

import (
	"slices"
	"strings"
	"testing"

	"example.com/async/internal/lesson"
	"example.com/async/step02-http/httpd"
)

//go:generate env LESSON_UPDATE=1 go test -run=Museum|Peer .

// The museum: HTTP servers with one classic fault each, in eight rooms, so that a table
// fits on a page. Most are the right server with something wrong around it, see
// wrongs_test.go and wrong_bytes_test.go. Each room holds the wrong programs for a part of the suite.

func TestRequestMuseum(t *testing.T) {
	lesson.Museum(t, slices.Concat(syntaxCases, limitCases), slices.Concat(wrongRequests, wrongFields), lesson.JudgeInBubble[Subject])
}

func TestFramingMuseum(t *testing.T) {
	lesson.Museum(t, framingCases, wrongFraming, lesson.JudgeInBubble[Subject])
}

func TestConnectionMuseum(t *testing.T) {
	lesson.Museum(t, connectionCases, wrongConnections, lesson.JudgeInBubble[Subject])
}

func TestCostMuseum(t *testing.T) {
	lesson.Museum(t, costCases, []lesson.Wrong[Subject]{
		{
			Name: "splits all that has arrived into lines, after each Read", Case: "head-linear",
			Message: "behind a head of 36 KiB, and behind one of 40 bytes",
			Subject: withRequests(func(arrived []byte) []byte {
				lines := strings.Split(string(arrived), "\r\n")
				if !slices.Contains(lines[:len(lines)-1], "") {
					return nil // no empty line yet
				}
				return arrived
			}),
		},
	}, lesson.JudgeInRealTime[Subject])
}

func TestTimeMuseum(t *testing.T) {
	lesson.Museum(t, slices.Concat(timeCases, stopCases), wrongTimes, lesson.JudgeInBubble[Subject])
}

func TestResponseMuseum(t *testing.T) {
	lesson.Museum(t, slices.Concat(responseCases, answerCases), wrongResponses, lesson.JudgeInBubble[Subject])
}

func TestFileMuseum(t *testing.T) {
	lesson.Museum(t, slices.Concat(fileCases, encodingCases), wrongFiles, lesson.JudgeInBubble[Subject])
}

func TestStreamMuseum(t *testing.T) {
	lesson.Museum(t, slices.Concat(streamCases, hijackCases), wrongStreams, lesson.JudgeInBubble[Subject])
}

// The short engine is what some wrong programs are made of. Without a fault it must be right, or
// nobody knows what the cases have caught.
func TestShortEngine_isRightWithoutAFault(t *testing.T) {
	lesson.RunInBubble(t, slices.Concat(syntaxCases, limitCases, framingCases, connectionCases), faulty(fault{}))
}

// Every case's name is unique: wrong programs, chapters and -run refer to it.
func TestCases_haveUniqueNamesRulesAndHints(t *testing.T) {
	var names []string
	for _, c := range slices.Concat(SiteCases(), EngineCases(), CostCases()) {
		if slices.Contains(names, c.Name) {
			t.Errorf("there are two cases %q", c.Name)
		}
		names = append(names, c.Name)
		for what, text := range map[string]string{"rule": c.Rule, "source": c.Source, "hint": c.Hint} {
			if text == "" {
				t.Errorf("case %q has no %s", c.Name, what)
			}
		}
	}
}

// wrong makes a subject of a function that turns settings into a server.
func wrong(newServer func(*httpd.Server) ServeFunc) Subject {
	return Subject{Network: lesson.Memory, New: func(s *httpd.Server) Server { return newServer(s) }}
}
