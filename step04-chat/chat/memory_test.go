package chat_test

import (
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"example.com/async/step04-chat/chat"
	"example.com/async/step04-chat/chattest"
)

// Each of these members leaves with a message that it has not taken, from the one that left before it. Nothing
// may keep them all: a message knows its sender, and its sender must know no message.
func TestHub_forgetsMembersThatLeaveWithSomethingUntaken(t *testing.T) {
	const guests, size = 200, 64 << 10
	eachHub(t, 4, func(t *testing.T, hub chat.Hub[[]byte]) {
		before := chattest.LiveMemory()
		last := hub.Join()
		for range guests {
			next := hub.Join()
			last.Send(make([]byte, size))
			last.Leave()
			last = next
		}
		grown := int64(chattest.LiveMemory() - before)
		runtime.KeepAlive(last)
		require.Less(t, grown, int64(10*size), "%d members came and left; one is there, and with it %d KiB", guests, grown>>10)
	})
}

// What all members have taken is kept for nobody, and who has been behind needs no more memory than who has not.
func TestHub_holdsNothingForMembersThatHaveTakenAll(t *testing.T) {
	const members, size = 500, 1 << 20
	eachHub(t, 128, func(t *testing.T, hub chat.Hub[[]byte]) {
		room := make([]chat.Member[[]byte], members)
		for i := range room {
			room[i] = hub.Join()
		}
		say := func(messages, size int) {
			for range messages {
				room[0].Send(make([]byte, size))
			}
			for _, m := range room {
				for _, err := m.TryRecv(); err == nil; _, err = m.TryRecv() {
				}
			}
		}
		say(1, 1)
		before := chattest.LiveMemory()
		say(128, 1)
		say(4, size)
		grown := int64(chattest.LiveMemory() - before)
		runtime.KeepAlive(room)
		require.Less(t, grown, int64(size), "%d members have taken all that was said", members)
	})
}

// A member that only talks costs no more than one that is silent: what it has said is not kept for it, nor which messages they were.
func TestHub_holdsLittleForAMemberThatTakesNothing(t *testing.T) {
	eachHub(t, 128, func(t *testing.T, hub chat.Hub[[]byte]) {
		talker, listener := hub.Join(), hub.Join()
		before := chattest.LiveMemory()
		for range 100_000 {
			talker.Send([]byte("x"))
			listener.TryRecv()
		}
		grown := int64(chattest.LiveMemory() - before)
		runtime.KeepAlive(talker)
		require.Less(t, grown, int64(64<<10), "it has said 100,000 messages, and taken none")
	})
}

// A client that has left leaves nothing in its server: not in the hub, and not among those who are waited for.
func TestServer_forgetsClientsThatHaveLeft(t *testing.T) {
	for name, newHub := range hubs {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const clients, limit = 1000, 128 // limit: bytes for each
				room := inMemory(t, &chat.Server{Hub: newHub(chat.DefaultCapacity)})
				comeAndGo := func(n int) {
					for range n {
						conn, err := room.Dial(t.Context()) // not with dial, which keeps it until the end of the test
						require.NoError(t, err)
						conn.Close()
						synctest.Wait()
					}
				}
				comeAndGo(10)
				before := chattest.LiveMemory()
				comeAndGo(clients)
				grown := int64(chattest.LiveMemory() - before)
				require.Less(t, grown, int64(clients*limit), "%d clients have come and gone", clients)
			})
		})
	}
}
