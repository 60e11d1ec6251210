package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"time"

	"example.com/async/docs/progress/grade"
	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
)

// loopbackLimit is how long a connection of this machine to itself may take.
const loopbackLimit = 5 * time.Second

// examineMachine measures, and judges what it measured.
func examineMachine(ctx context.Context, root string) []finding {
	env, envErr := grade.GoEnv(ctx, root)
	nc, ncErr := exec.LookPath("nc")
	return []finding{
		judgeGo(env, envErr),
		judgeCheckout(root),
		judgeLoopback(tryLoopback()),
		judgeOpenFiles(program.FileLimit()),
		judgeNetcat(nc, ncErr, tryNetcat(ctx, nc)),
		judgePort("8000", "the book", tryPort("8000")),
		judgePort("8080", "the servers of the steps", tryPort("8080")),
		judgeRace(env, grade.TryRace(ctx, root), grade.FindCompiler(env)),
	}
}

// tryLoopback opens a port, dials it, sends a few bytes, half-closes, and expects them back.
func tryLoopback() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("cannot open a port: %w", err)
	}
	defer listener.Close()
	served := make(chan struct{})
	go func() {
		defer close(served)
		conn, err := listener.Accept()
		if err != nil {
			return // the dial has failed, and says why
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(loopbackLimit))
		_, _ = io.Copy(conn, conn) // the client sees whether it worked
	}()
	defer func() { listener.Close(); <-served }()

	conn, err := net.DialTimeout("tcp", listener.Addr().String(), loopbackLimit)
	if err != nil {
		return fmt.Errorf("cannot dial a port that is open: %w", err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(loopbackLimit))
	if _, err := io.WriteString(conn, "hello"); err != nil {
		return fmt.Errorf("cannot send: %w", err)
	}
	if err := tcp.CloseWrite(conn); err != nil {
		return fmt.Errorf("cannot half-close: %w", err)
	}
	switch answer, err := io.ReadAll(conn); {
	case err != nil:
		return fmt.Errorf("no answer after a half-close: %w", err)
	case string(answer) != "hello":
		return fmt.Errorf("sent %q, and %q came back: something between changes the bytes", "hello", answer)
	}
	return nil
}

// tryNetcat runs nc without input, and returns an error unless it then half-closes.
// The nc of OpenBSD and of Debian does so only with the option -N.
func tryNetcat(ctx context.Context, nc string) error {
	if nc == "" {
		return nil // judged already
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil // judged already, by tryLoopback
	}
	defer listener.Close()
	ctx, cancel := context.WithTimeout(ctx, loopbackLimit)
	defer cancel()
	host, port, _ := net.SplitHostPort(listener.Addr().String())
	command := exec.CommandContext(ctx, nc, host, port) // its stdin is empty
	if err := command.Start(); err != nil {
		return err
	}
	defer command.Wait() // after the Close below, which ends it, or after cancel
	defer cancel()
	listener.(*net.TCPListener).SetDeadline(time.Now().Add(loopbackLimit))
	conn, err := listener.Accept()
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetReadDeadline(time.Now().Add(time.Second))
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		return errors.New("it does not tell the server when its input ends")
	}
	return nil
}

// tryPort returns an error if the port can't be opened.
func tryPort(port string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		return err
	}
	return listener.Close()
}
