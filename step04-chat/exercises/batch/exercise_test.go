package batch_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
	"example.com/async/internal/lesson/memnet"
	"example.com/async/step04-chat/broadcast"
	"example.com/async/step04-chat/exercises/batch"
)

type writeFunc func(ctx context.Context, conn io.Writer, messages *broadcast.Receiver[[]byte]) error

func TestExercise(t *testing.T) {
	lesson.Grade(t, cases, writeFunc(batch.Write), lesson.JudgeInBubble[writeFunc])
}

// OneByOne is what the exercise begins with: it keeps the rules that are not about batches.
func TestOneByOne_isRight(t *testing.T) {
	lesson.RunInBubble(t, lesson.Pick(cases, "arrives", "at-once", "end", "lag", "shared", "write-fails", "stops"), writeFunc(batch.OneByOne))
}

var cases = []lesson.Case[writeFunc]{
	{
		Name: "arrives", Rule: "each message arrives once, in order, with nothing in between", Source: "chat.Hub",
		Hint: "the batch is empty again after it was written, and the message for which Recv waited is a part of it",
		Check: func(t lesson.T, write writeFunc) {
			c := start(t, write, 64)
			for i := range 5 {
				c.say(t, numbered(i))
				c.reads(t, numbered(i), "message %d, said when all before it had arrived", i)
			}
			for i := range 20 {
				c.say(t, numbered(i))
			}
			c.reads(t, numbered(0, 19), "20 messages, said together")
			c.readsNoMore(t)
		},
	},
	{
		Name: "one-write", Rule: "all that is pending leaves in one write", Source: "chat.Server: what is pending leaves at once",
		Hint: "after the message for which it has waited, take more with TryRecv, until it has none",
		Check: func(t lesson.T, write writeFunc) {
			c := pending(t, 128)
			for i := range 100 {
				c.say(t, numbered(i))
			}
			c.start(t, write)
			c.reads(t, numbered(0, 99), "100 messages that were pending")
			require.Equal(t, 1, c.server.Writes(), "so many writes for 100 messages that were pending")
		},
	},
	{
		Name: "gathers", Rule: "what comes while a write waits for the client leaves in the next one", Source: "chat.Server",
		Hint: "nothing has to be done for that but to take all that is pending each time",
		Check: func(t lesson.T, write writeFunc) {
			c := start(t, write, 128, memnet.Buffer(1))
			for round := range 3 {
				c.say(t, "blocks\n")
				synctest.Wait() // until the client's buffer is full
				before := c.server.Writes()
				for i := range 50 {
					c.say(t, numbered(i))
				}
				c.reads(t, "blocks\n"+numbered(0, 49), "a message that the client let wait, and 50 that came meanwhile")
				require.Equal(t, before+1, c.server.Writes(), "one write had to wait for the client, and 50 messages came meanwhile; so many writes by then, in round %d", round)
			}
		},
	},
	{
		Name: "at-once", Rule: "a message that is alone leaves at once", Source: "RFC 896 and what became of it: TCP_NODELAY",
		Hint: "no timer: a batch is what is there already, and one message is a batch",
		Check: func(t lesson.T, write writeFunc) {
			c := start(t, write, 64)
			for i := range 3 {
				said := time.Now()
				c.say(t, numbered(i))
				c.reads(t, numbered(i), "one message, and nothing after it")
				require.Zero(t, time.Since(said), "one message, and nothing after it: how long did it take?")
			}
		},
	},
	{
		Name: "full", Rule: "with MostWrite bytes in it a batch is full, and not before", Source: "CWE-770, allocation without limits",
		Hint: "compare before you take one more; what you don't take stays in the channel",
		Check: func(t lesson.T, write writeFunc) {
			c := pending(t, 1024, memnet.Buffer(1<<20))
			message := strings.Repeat("x", 99) + "\n"
			for range 1000 {
				c.say(t, message)
			}
			c.start(t, write)
			c.reads(t, strings.Repeat(message, 1000), "1000 messages of 100 bytes that were pending")
			sizes := c.server.written()
			require.Less(t, slices.Max(sizes), batch.MostWrite+len(message), "1000 messages of 100 bytes were pending: how long was the longest write?")
			require.Len(t, sizes, 7, "1000 messages of 100 bytes were pending: the lengths of the writes. A write takes 164 of them, 16400 bytes")
		},
	},
	{
		Name: "lag", Rule: "a client that has missed messages is told how many, where they are missing, and gets what comes after", Source: "chat.Member.TryRecv",
		Hint: "a LaggedError is one more thing to append; TryRecv returns it, too, and it is not the end",
		Check: func(t lesson.T, write writeFunc) {
			c := start(t, write, 4, memnet.Buffer(1))
			for range 3 {
				c.say(t, "blocks\n")
				synctest.Wait()
				for i := range 10 {
					c.say(t, numbered(i))
				}
				c.reads(t, "blocks\n* you missed 6 messages\n"+numbered(6, 9), "a write had to wait for the client, and 10 messages came meanwhile, through a ring of 4")
			}
		},
	},
	{
		Name: "end", Rule: "when the channel ends, what is left is written, and then Write returns nil", Source: "broadcast.ErrClosed",
		Hint: "TryRecv says ErrClosed when something is in the batch already: first write, then return",
		Check: func(t lesson.T, write writeFunc) {
			c := pending(t, 64)
			c.say(t, numbered(0))
			c.say(t, numbered(1))
			c.sender.Close()
			c.start(t, write)
			require.NoError(t, <-c.returned, "the channel has ended: what does Write return?")
			c.reads(t, numbered(0, 1), "two messages that were pending when the channel ended")
			c.readsNoMore(t)

			c = start(t, write, 64)
			synctest.Wait()
			c.sender.Close()
			require.NoError(t, <-c.returned, "the channel has ended while Write waited: what does it return?")
			require.Zero(t, c.server.Writes(), "there was nothing to write: how many writes?")
		},
	},
	{
		Name: "shared", Rule: "the bytes of a message are not changed, nor those behind it", Source: "chat.Hub: a message is rendered once, and its bytes are shared",
		Hint: "append(message, more...) may write into memory that is not yours: append to a buffer of your own",
		Check: func(t lesson.T, write writeFunc) {
			c := pending(t, 64)
			memory := []byte("one\n---\ntwo\n---\nsix\n---\n") // behind each message is something else
			before := bytes.Clone(memory)
			for i := range 3 {
				c.send(t, memory[8*i:8*i+4])
			}
			c.start(t, write)
			c.reads(t, "one\ntwo\nsix\n", "three messages")
			require.Equal(t, string(before), string(memory), "the memory that the messages are in, after they were written: was something appended to one of them?")
		},
	},
	{
		Name: "write-fails", Rule: "when a write fails, Write returns that error", Source: "io.Writer",
		Hint: "look at what conn.Write returns",
		Check: func(t lesson.T, write writeFunc) {
			c := start(t, write, 64)
			require.NoError(t, c.client.Reset())
			for range 3 {
				c.say(t, numbered(0))
				synctest.Wait()
			}
			c.sender.Close()
			require.ErrorIs(t, <-c.returned, syscall.ECONNRESET, "the client has vanished: what does Write return?")
			require.Equal(t, 1, c.server.Writes(), "the client has vanished: how many writes were tried?")
		},
	},
	{
		Name: "stops", Rule: "when ctx ends, Write returns ctx.Err()", Source: "broadcast.Receiver.Recv",
		Hint: "Recv returns it",
		Check: func(t lesson.T, write writeFunc) {
			c := start(t, write, 64)
			c.say(t, numbered(0))
			c.reads(t, numbered(0), "one message")
			synctest.Wait()
			c.cancel()
			require.ErrorIs(t, <-c.returned, context.Canceled, "ctx has ended while Write waited: what does it return?")
		},
	},
}
