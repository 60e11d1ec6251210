package site

import (
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"example.com/async/step02-http/httpd"
)

// Settings are the flags that say how the site is served.
type Settings struct {
	// Address is where to listen, as [net.Listen] takes it.
	Address string

	root     string
	verbose  bool
	maxConns int
	drain    time.Duration
	timeouts httpd.Timeouts
}

// AddFlags adds the settings to a command's flags.
func (s *Settings) AddFlags(flags *flag.FlagSet) {
	flags.StringVar(&s.Address, "addr", "127.0.0.1:8080", "listen on this `address`; port 0 takes a free one")
	flags.StringVar(&s.root, "root", "", "serve this `folder` under /files/")
	flags.IntVar(&s.maxConns, "max-conns", 1000, "serve at most `n` connections at a time, the others wait; 0 is no limit")
	flags.DurationVar(&s.timeouts.Head, "head", 10*time.Second, "a request's head may take so long to arrive; here and below, 0 is the default, negative no limit")
	flags.DurationVar(&s.timeouts.Body, "body", 30*time.Second, "its body may take so long")
	flags.DurationVar(&s.timeouts.Idle, "idle", 60*time.Second, "close a connection that has asked for nothing for so long")
	flags.DurationVar(&s.timeouts.Write, "write", 30*time.Second, "a client may take so long to accept each 64 KiB")
	flags.DurationVar(&s.drain, "drain", 5*time.Second, "when stopping, give requests so long to be answered; 0 is 10s, negative cuts at once")
	flags.BoolVar(&s.verbose, "v", false, "log each request, and how connections end")
}

// Server returns a server with these settings for the site: with [Routes], and GET /files/... if
// there is a folder. The error is one line. With -v, the default logger logs more from now on.
func (s *Settings) Server() (*httpd.Server, error) {
	server := &httpd.Server{MaxConns: s.maxConns, DrainTimeout: s.drain, Timeouts: s.timeouts, Stats: new(httpd.Stats)}
	router := Routes(server.Stats)
	server.Handler = router
	if s.root != "" {
		folder, err := os.OpenRoot(s.root)
		if err != nil {
			return nil, fmt.Errorf("-root: %w", err)
		}
		router.Handle("GET", "/files/{path...}", httpd.Files(folder.FS()))
	}
	if s.verbose {
		slog.SetLogLoggerLevel(slog.LevelDebug)
		server.AccessLog = slog.Default()
	}
	return server, nil
}

// Greeting says where the server listens and what to try: with curl, and with one's own hands.
func (s *Settings) Greeting(address net.Addr) string {
	var b strings.Builder
	host, port, _ := net.SplitHostPort(address.String()) // a listener's address has both
	fmt.Fprintf(&b, "HTTP server on http://%s/\n", address)
	fmt.Fprintf(&b, "try: curl -i http://%s/\n", address)
	fmt.Fprintf(&b, "     curl -i http://%s/echo -d 'say it again'\n", address)
	fmt.Fprintf(&b, "     curl -N http://%s/stream\n", address)
	if s.root != "" {
		// The folder alone would be a 404 where it has no index.html: nothing lists it.
		fmt.Fprintf(&b, "     curl -i http://%s/files/NAME, for a file in %s\n", address, s.root)
	}
	fmt.Fprintf(&b, "     printf 'GET / HTTP/1.1\\nHost: me\\n\\nGET / HTTP/1.0\\n\\n' | nc %s %s\n", host, port)
	return b.String()
}
