package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"example.com/async/step03-statemachine/asyncnet"
	"example.com/async/step03-statemachine/coroutine"
	"example.com/async/step03-statemachine/executor"
	"example.com/async/step03-statemachine/future"
	"example.com/async/step04-chat/broadcast"
)

// A message is what a client has said, and who.
type message struct {
	text string
	from net.Addr
}

// handle is the article's task. In Rust:
//
//	loop {
//	    tokio::select! {
//	        result = reader.read_line(&mut line) => { ... tx.send((line.clone(), addr)) ... }
//	        result = rx.recv() => { ... writer.write_all(msg.as_bytes()).await ... }
//	    }
//	}
func (r *room) handle(_ context.Context, _ *executor.Runtime, conn asyncnet.Conn) future.Future[error] {
	return coroutine.New(func(co *coroutine.Coroutine) error {
		addr := conn.RemoteAddr()
		fmt.Fprintf(r.operator, "%v has come\n", addr)
		reader := &bufReader{conn: conn}
		receiver := r.sender.Subscribe()
		defer receiver.Close()
		for {
			won := coroutine.Await(co, future.Select(r.readLine(reader), r.recv(receiver)))
			if !won.IsSecond {
				line, err := won.First.Value, won.First.Err
				if line == "" || err != nil {
					return err
				}
				r.send(message{line, addr})
				continue
			}
			m, err := won.Second.Value, won.Second.Err
			if lagged, ok := errors.AsType[*broadcast.LaggedError](err); ok {
				fmt.Fprintf(r.operator, "%v lagged by %d\n", addr, lagged.Missed)
			} else if m.from != addr {
				text := fmt.Appendf(nil, "[%v] %s", m.from, m.text)
				if written := coroutine.Await(co, asyncnet.WriteAll(conn, text)); written.Err != nil {
					return written.Err
				}
			}
		}
	})
}
