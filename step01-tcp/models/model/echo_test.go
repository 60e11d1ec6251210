package model

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step01-tcp/tcptest"
)

func TestThreadEach_echoes(t *testing.T) {
	tcptest.TestEcho(t, func(*tcp.Server) tcptest.Server { return tcptest.ServeFunc(echo(ThreadEach)) })
}

func TestGoroutineEach_echoes(t *testing.T) {
	tcptest.TestEcho(t, func(*tcp.Server) tcptest.Server { return tcptest.ServeFunc(echo(GoroutineEach)) })
}

// The lesson of OneAtATime: it is a correct echo server for one client, and fails
// as soon as there are two. The case "reset" has a second client too, who stays
// connected while others come.
func TestOneAtATime_failsWhereClientsMeet(t *testing.T) {
	subject := tcptest.Subject{
		New:     func(*tcp.Server) tcptest.Server { return tcptest.ServeFunc(echo(OneAtATime)) },
		Network: lesson.Memory,
	}
	failures := make(map[string]string)
	for _, c := range tcptest.EchoCases() {
		if verdict := lesson.JudgeInBubble(t, c, subject); !verdict.OK() {
			failures[c.Name] = verdict.Failure
		}
	}
	assert.Contains(t, failures["echo-isolation"], "the second client got no answer while the first was silent")
	assert.Contains(t, failures["reset"], "after a client's reset new clients get no answer")
	require.Len(t, failures, 2, "the cases that must fail are echo-isolation and reset")
}
