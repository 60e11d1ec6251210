package client

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step02-http/http1"
)

// exchanges are what servers may send, and what is to be understood of it.
var exchanges = []struct {
	name    string
	method  string
	stream  string
	answers []string // "status content", with "close" if it is the last
	err     string   // after them
}{
	{"a length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", []string{"200 hello"}, ErrNoAnswer.Error()},
	{"names in any case", "GET", "HTTP/1.1 200 OK\r\ncONTENT-lENGTH:5  \r\n\r\nhello", []string{"200 hello"}, ErrNoAnswer.Error()},
	{"no reason phrase", "GET", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", []string{"200 "}, ErrNoAnswer.Error()},
	{"pipelined", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nb", []string{"200 a", "404 b"}, ErrNoAnswer.Error()},
	{"chunked", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: t\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", []string{"200 hello", "204 "}, ErrNoAnswer.Error()},
	{"chunked and a length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", []string{"200 a"}, ErrNoAnswer.Error()},
	{"a head only", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", []string{"200 "}, ErrNoAnswer.Error()},
	{"not modified", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", []string{"304 "}, ErrNoAnswer.Error()},
	{"interim responses", "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", []string{"200 a"}, ErrNoAnswer.Error()},
	{"until the end", "GET", "HTTP/1.1 200 OK\r\n\r\nhello", []string{"200 hello close"}, ErrNoAnswer.Error()},
	{"announced end", "GET", "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n", []string{"200  close"}, ErrNoAnswer.Error()},
	{"HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", []string{"200  close"}, ErrNoAnswer.Error()},
	{"HTTP/1.0 that stays", "GET", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", []string{"200 "}, ErrNoAnswer.Error()},
	{"another protocol", "GET", "HTTP/1.1 101 Switching Protocols\r\n\r\n", []string{"101  close"}, ErrNoAnswer.Error()},

	{"nothing", "GET", "", nil, ErrNoAnswer.Error()},
	{"cut in the head", "GET", "HTTP/1.1 200 OK\r\nContent-", nil, ErrCut.Error()},
	{"cut in the content", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", nil, ErrCut.Error()},
	{"cut in a chunk", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhe", nil, ErrCut.Error()},
	{"no last chunk", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n", nil, ErrCut.Error()},
	{"garbage", "GET", "220 smtp.example ESMTP\r\n\r\n", nil, `it begins with "220 smtp.example ESMTP"`},
	{"another version", "GET", "HTTP/2.0 200 OK\r\n\r\n", nil, `it begins with`},
	{"a status of letters", "GET", "HTTP/1.1 2x0 OK\r\n\r\n", nil, `the status is "2x0"`},
	{"a status with a sign", "GET", "HTTP/1.1 +20 OK\r\n\r\n", nil, `the status is "+20"`},
	{"a field without a colon", "GET", "HTTP/1.1 200 OK\r\nhello\r\n\r\n", nil, `a field without a name: "hello"`},
	{"a signed length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello", nil, `Content-Length is "+5"`},
	{"a length beyond all", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\n", nil, "Content-Length is"},
	{"two lengths", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", nil, "Content-Length is"},
	{"an unknown coding", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", nil, "Transfer-Encoding is"},
	{"a signed chunk size", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n+3\r\nhel\r\n", nil, `a chunk's size is "+3"`},
	{"a chunk too long", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n", nil, "a chunk is longer than its size"},
	{"chunks beyond all", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n7fffffffffffffff\r\n", nil, "a chunk's size is"},
}

// read reads all answers of a stream, and what ends it.
func read(method string, from io.Reader) (answers []string, err error) {
	for reader := NewReader(from); ; {
		response, err := reader.Next(method, true)
		if err != nil {
			return answers, err
		}
		answer := fmt.Sprintf("%d %s", response.Status, response.Content)
		if response.Close {
			answer += " close"
		}
		answers = append(answers, answer)
	}
}

func TestReader_understandsAnswersHoweverTheyAreCut(t *testing.T) {
	for _, test := range exchanges {
		t.Run(test.name, func(t *testing.T) {
			for size := 1; size <= max(1, len(test.stream)); size++ {
				answers, err := read(test.method, &pieces{[]byte(test.stream), size})
				require.Equal(t, test.answers, answers, "in pieces of %d", size)
				require.ErrorContains(t, err, test.err, "in pieces of %d", size)
			}
		})
	}
}

// pieces is a Reader that returns at most size bytes at a time.
type pieces struct {
	rest []byte
	size int
}

func (p *pieces) Read(into []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(into, p.rest[:min(p.size, len(p.rest))])
	p.rest = p.rest[n:]
	return n, nil
}

func TestReader_boundsWhatAServerMaySend(t *testing.T) {
	const chunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	for _, test := range []struct{ begin, again, says string }{
		{"HTTP/1.1 200 OK\r\n", "X: y\r\n", "a head of more than 65536 bytes"},
		{"", "HTTP/1.1 102 Processing\r\n\r\n", "more than 16 interim responses"},
		{chunkedHead, "a", "a line of more than 65536 bytes"},
		{chunkedHead + "0\r\n", "X: y\r\n", "more than 65536 bytes of trailers"},
	} {
		endless := io.MultiReader(strings.NewReader(test.begin), &endless{[]byte(test.again)})
		reader := NewReader(endless)
		_, err := reader.Next("GET", true)
		require.ErrorContains(t, err, test.says)
		assert.LessOrEqual(t, len(reader.buffer), 2*maxHead)
	}
}

// endless is a Reader of the same words for ever.
type endless struct{ words []byte }

func (e *endless) Read(into []byte) (int, error) { return copy(into, e.words), nil }

func TestReader_countsLongContentWithoutKeepingIt(t *testing.T) {
	const length = 3 * MaxKept
	stream := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", length, strings.Repeat("x", length))
	reader := NewReader(strings.NewReader(stream))
	response, err := reader.Next("GET", true)
	require.NoError(t, err)
	assert.EqualValues(t, length, response.Length)
	assert.Len(t, response.Content, MaxKept)
	assert.Len(t, reader.buffer, bufferSize)
}

func TestReader_tellsWhatReadingFailedOf(t *testing.T) {
	_, err := NewReader(iotest.ErrReader(iotest.ErrTimeout)).Next("GET", false)
	require.ErrorIs(t, err, iotest.ErrTimeout)
	_, err = NewReader(strings.NewReader("")).Next("GET", false)
	require.ErrorIs(t, err, ErrNoAnswer)
}

func TestReader_allocatesNothingForAnAnswer(t *testing.T) {
	const answer = "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, world!"
	reader := NewReader(&endless{[]byte(answer)})
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		response, err := reader.Next("GET", true)
		if err != nil || response.Status != 200 || string(response.Content) != "Hello, world!" {
			t.Fatal(response, err)
		}
	}))
}

func TestNewRequest_writesWhatAServerExpects(t *testing.T) {
	for _, test := range []struct {
		method, target, body string
		fields               []http1.Field
		want                 string
	}{
		{"GET", "/a?b=c", "", nil, "GET /a?b=c HTTP/1.1\r\nHost: example:80\r\n\r\n"},
		{"GET", "/", "", []http1.Field{{Name: "host", Value: "other"}, {Name: "X", Value: "y"}}, "GET / HTTP/1.1\r\nhost: other\r\nX: y\r\n\r\n"},
		{"POST", "/", "hé", nil, "POST / HTTP/1.1\r\nHost: example:80\r\nContent-Length: 3\r\n\r\nhé"},
		{"PUT", "/", "", nil, "PUT / HTTP/1.1\r\nHost: example:80\r\nContent-Length: 0\r\n\r\n"},
	} {
		request, err := NewRequest(test.method, "example:80", test.target, test.fields, test.body)
		require.NoError(t, err)
		assert.Equal(t, test.want, string(request.Bytes))
	}
}

func TestNewRequest_refusesWhatWouldBeAnotherRequest(t *testing.T) {
	for _, test := range []struct {
		method, target string
		field          http1.Field
		says           string
	}{
		{"GET /", "/", http1.Field{Name: "A"}, "no method"},
		{"", "/", http1.Field{Name: "A"}, "no method"},
		{"GET", "/ HTTP/1.1\r\nX: y", http1.Field{Name: "A"}, "can't be asked for"},
		{"GET", "nowhere", http1.Field{Name: "A"}, "can't be asked for"},
		{"GET", "/é", http1.Field{Name: "A"}, "can't be asked for"},
		{"GET", "/", http1.Field{Name: "A b"}, "can't be a header field"},
		{"GET", "/", http1.Field{Name: "A", Value: "\r\nB: c"}, "can't be a header field"},
		{"GET", "/", http1.Field{Name: "content-length", Value: "5"}, "made from the body"},
	} {
		_, err := NewRequest(test.method, "example", test.target, []http1.Field{test.field}, "")
		assert.ErrorContains(t, err, test.says)
	}
}

// FuzzReader wants of any bytes: no panic, and the same answers wherever they are cut.
func FuzzReader(f *testing.F) {
	for _, e := range exchanges {
		f.Add([]byte(e.stream), e.method == "HEAD", uint64(len(e.stream)))
	}
	f.Fuzz(func(t *testing.T, stream []byte, head bool, seed uint64) {
		method := "GET"
		if head {
			method = "HEAD"
		}
		whole, wholeErr := read(method, bytes.NewReader(stream))
		random := rand.New(rand.NewPCG(seed, 0))
		cut, cutErr := read(method, &randomPieces{stream, random})
		require.Equal(t, whole, cut)
		require.Equal(t, wholeErr, cutErr)
	})
}

// randomPieces is a Reader that returns 1 to 7 bytes at a time.
type randomPieces struct {
	rest   []byte
	random *rand.Rand
}

func (p *randomPieces) Read(into []byte) (int, error) {
	one := pieces{p.rest, 1 + p.random.IntN(7)}
	n, err := one.Read(into)
	p.rest = one.rest
	return n, err
}
