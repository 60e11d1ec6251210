package web_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/internal/lesson/servertest"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step05-select/client"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/pollloop"
	"example.com/async/step05-select/selectloop"
	"example.com/async/step05-select/selecttest"
	"example.com/async/step05-select/session"
	"example.com/async/step05-select/web"
)

// The chat's suite, whose clients are the page's here: a handshake with step 2's server, and then frames.
func TestServer_overWebSocket(t *testing.T) {
	t.Run("goroutine", func(t *testing.T) {
		judge(t, lesson.Memory, byGoroutines)
		judge(t, lesson.Loopback, byGoroutines)
	})
	t.Run("poll", func(t *testing.T) {
		judge(t, lesson.Memory, byPolling("portable"))
		t.Run("portable", func(t *testing.T) { judge(t, lesson.Loopback, byPolling("portable")) })
		t.Run("epoll", func(t *testing.T) {
			needEpoll(t)
			judge(t, lesson.Loopback, byPolling("epoll"))
		})
	})
}

// judge runs the suite on one network, as a subtest of its name.
func judge(t *testing.T, network lesson.Network, newServer func(s *selecttest.Settings) selecttest.Server) {
	t.Run(network.Name, func(t *testing.T) {
		run := lesson.Run[selecttest.Subject]
		if network.Name == lesson.Memory.Name {
			run = lesson.RunInBubble[selecttest.Subject]
		}
		run(t, selecttest.Cases(), selecttest.Subject{
			Subject: servertest.Subject[selecttest.Settings]{Network: network, New: newServer}, Wire: overWebSocket,
		})
	})
}

func needEpoll(t *testing.T) {
	network, err := asyncnet.NewEpoll()
	if err != nil {
		t.Skip(err)
	}
	require.NoError(t, network.Close())
}

// clientSettings are those of the case, with no pings: some of its clients read nothing for long, so they can't
// answer as a browser does. TestSite_answersPingsAndAsksThoseWhoAreSilent is about pings.
func clientSettings(s *selecttest.Settings) client.Settings {
	settings := s.Client()
	settings.PingEvery = 24 * time.Hour
	return settings
}

// byGoroutines returns a page whose clients are served by package selectloop.
func byGoroutines(s *selecttest.Settings) selecttest.Server {
	engine := &selectloop.Server{Hub: hub.New(s.Hub()), Client: clientSettings(s), Logger: s.Logger}
	return selecttest.ServeFunc(func(ctx context.Context, listener net.Listener) error {
		return servePage(ctx, listener, s, &web.Site{Hub: engine.Hub, Serve: engine.ServeClient, MaxLine: s.MaxLine})
	})
}

// byPolling returns a page whose clients are served by package pollloop, which has a listener of its own besides.
func byPolling(network string) func(s *selecttest.Settings) selecttest.Server {
	return func(s *selecttest.Settings) selecttest.Server {
		chat := hub.New(s.Hub())
		engine := pollloop.New(pollloop.Config{
			Hub: chat, Client: clientSettings(s), DrainTimeout: s.DrainTimeout, Logger: s.Logger,
			Network: func() (asyncnet.Network, error) { return asyncnet.New(network) },
		})
		return selecttest.ServeFunc(func(ctx context.Context, listener net.Listener) error {
			stop, err := begin(ctx, engine, listener)
			if err != nil {
				return err
			}
			err = servePage(ctx, listener, s, &web.Site{Hub: chat, Serve: engine.ServeClient, MaxLine: s.MaxLine})
			return errors.Join(err, stop())
		})
	}
}

// servePage is that of the command step05-select.
func servePage(ctx context.Context, listener net.Listener, s *selecttest.Settings, site *web.Site) error {
	server := &httpd.Server{Handler: site.Handler(), DrainTimeout: s.DrainTimeout, Logger: s.Logger}
	err := server.Serve(ctx, listener)
	if cut, ok := errors.AsType[*tcp.CutError](err); ok && cut.Stuck == 0 && ctx.Err() != nil {
		return nil
	}
	return err
}

// begin lets an engine serve, on a listener that is like that one. It returns when clients can be handed over.
func begin(ctx context.Context, engine *pollloop.Server, like net.Listener) (stop func() error, err error) {
	var listener net.Listener = memnet.Listen()
	if _, real := like.(*net.TCPListener); real {
		if listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- engine.Serve(ctx, listener) }()
	for {
		// A client that has gone already: until the engine serves it is refused.
		gone, conn := memnet.Pipe()
		gone.Close()
		err := engine.ServeClient(ctx, conn, new(session.Lines), hub.Entry{}, nil)
		conn.Close()
		if !errors.Is(err, net.ErrClosed) {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return func() error {
		cancel()
		return <-served
	}, nil
}
