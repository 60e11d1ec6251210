package httpd

import (
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStats_countsByRouteAndStatus(t *testing.T) {
	stats := new(Stats)
	router := new(Router)
	router.Handle("GET", "/api/stats", stats)
	router.HandleFunc("GET", "/users/{id}", func(w *ResponseWriter, r *Request) {
		if r.Param("id") == "0" {
			Error(w, 404, "")
		}
	})
	address, stop := serveTCP(t, &Server{Handler: router, Stats: stats})
	conn, reader := dialTCP(t, address)
	dialTCP(t, address) // says nothing
	sent := 0
	for _, request := range []string{
		"GET /users/1 HTTP/1.1\r\nHost: a\r\n\r\n", "HEAD /users/2 HTTP/1.1\r\nHost: a\r\n\r\nGET /users/3 HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /users/0 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /made/up/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /made/up/2 HTTP/1.1\r\nHost: a\r\n\r\n",
		"POST /users/1 HTTP/1.1\r\nHost: a\r\n\r\n", "nonsense\r\n\r\n",
	} {
		n, err := io.WriteString(conn, request)
		require.NoError(t, err)
		sent += n
	}
	got, err := io.ReadAll(reader)
	require.NoError(t, err)
	stop()

	snapshot := stats.Snapshot()
	require.Equal(t, map[string]map[string]int64{
		"GET /users/{id}":  {"200": 3, "404": 1},
		"(no route)":       {"404": 2, "405": 1},
		"(not understood)": {"400": 1},
	}, snapshot.Requests)
	require.EqualValues(t, 2, snapshot.Connections.Total)
	require.Zero(t, snapshot.Connections.Now)
	require.EqualValues(t, sent, snapshot.Bytes.In)
	require.EqualValues(t, len(got), snapshot.Bytes.Out)
	require.Positive(t, snapshot.Uptime)
}

func TestStats_isAHandler(t *testing.T) {
	got := ask(t, new(Stats), "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	require.Equal(t, "application/json", got.header.Get("Content-Type"))
	var snapshot map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.content), &snapshot))
	for _, key := range []string{"uptime_seconds", "connections", "requests", "bytes"} {
		require.Contains(t, snapshot, key)
	}
}
