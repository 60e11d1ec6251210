package chat_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step04-chat/chat"
)

// A client that talks and does not read what others say is not read either: TCP makes it wait, and the others have the ring
// for themselves.
func TestServer_doesNotReadWhoTalksAndDoesNotRead(t *testing.T) {
	for name, newHub := range hubs {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const capacity, small = 128, 512
				room := inMemory(t, &chat.Server{Hub: newHub(capacity)})
				speaker, flooder := dial(t, room), dial(t, room, memnet.Buffer(small))
				var heard atomic.Int64
				ended := make(chan struct{}) // closed when "the end" was heard
				go func() {
					for lines := bufio.NewScanner(speaker); lines.Scan(); {
						heard.Add(1)
						if strings.HasSuffix(lines.Text(), "the end") {
							close(ended)
						}
					}
				}()
				say(t, speaker, strings.Repeat("x", 2*small)+"\n") // its writer waits for it
				synctest.Wait()

				flood := strings.Repeat("f\n", 10*capacity)
				require.NoError(t, flooder.SetWriteDeadline(time.Now().Add(time.Second)))
				taken, err := io.WriteString(flooder, flood)
				require.ErrorIs(t, err, os.ErrDeadlineExceeded, "it does not read, and all that it says is taken")
				synctest.Wait()
				assert.LessOrEqual(t, heard.Load(), int64(capacity/2+1), "it is behind by half of the capacity, and is still heard")

				// When it reads, it is heard, too.
				go io.Copy(io.Discard, flooder)
				require.NoError(t, flooder.SetWriteDeadline(time.Time{}))
				say(t, flooder, flood[taken:]+"the end\n")
				<-ended
			})
		})
	}
}

// Ten clients talk at once, and say thirty times what the ring holds. Whoever reads gets nearly all of it.
func TestServer_letsThoseWhoListenKeepUpWithThoseWhoTalk(t *testing.T) {
	// On several cores a writer can be interrupted in the middle of a Write, and then nobody waits for it.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for name, newHub := range hubs {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const talkers, each = 10, 400
				room := inMemory(t, &chat.Server{Hub: newHub(chat.DefaultCapacity)})
				var talking []*memnet.Conn
				for range talkers {
					talker := dial(t, room)
					go io.Copy(io.Discard, talker)
					talking = append(talking, talker)
				}
				listener := dial(t, room, memnet.Buffer(talkers*each*64)) // so that its writer never waits for it
				for _, talker := range talking {
					go io.WriteString(talker, strings.Repeat("f\n", each))
				}
				heard, missed := 0, 0
				for lines := bufio.NewScanner(listener); heard+missed < talkers*each; {
					require.True(t, lines.Scan(), "after %d lines, and %d that were missed: %v", heard, missed, lines.Err())
					more := 0
					if _, err := fmt.Sscanf(lines.Text(), "* you missed %d", &more); err != nil {
						heard++
					}
					missed += more
				}
				assert.Less(t, missed, talkers*each/10)
			})
		})
	}
}

// A client that talks and does not read is cut off while its reader still has lines to send, and while it is behind. Nobody
// will take for it what it is behind, so no reader may wait for that.
func TestServer_goesOnWhenItCutsAClientThatTalks(t *testing.T) {
	for name, newHub := range hubs {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const limit = 10 * time.Second
				room := inMemory(t, &chat.Server{Hub: newHub(chat.DefaultCapacity), WriteTimeout: limit})
				speaker, reader, flooder := dial(t, room), dial(t, room), dial(t, room, memnet.Buffer(512))
				go io.Copy(io.Discard, speaker)
				heard := bufio.NewScanner(reader)
				say(t, speaker, strings.Repeat("x", 1000)+"\n") // more than the flooder's connection holds
				synctest.Wait()
				say(t, flooder, strings.Repeat("f\n", 256))
				synctest.Wait()
				require.False(t, flooder.Peer().Closed(), "it has some time to read")
				time.Sleep(2 * limit)
				synctest.Wait()
				require.True(t, flooder.Peer().Closed())
				for range 100 {
					say(t, speaker, "hello\n")
					for heard.Scan() && !strings.HasSuffix(heard.Text(), "hello") {
					}
					require.NoError(t, heard.Err())
				}
			})
		})
	}
}
