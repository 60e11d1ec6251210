package chat_test

import (
	"bufio"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/memnet"
	"example.com/async/step04-chat/chat"
)

// One write takes what is pending, but not megabytes: a client that does not read holds its bytes for as long as it stays.
func TestServer_boundsWhatIsInOneWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size, pending, most = 4000, 100, 32 << 10 // bytes, messages, bytes in a write
		room := inMemory(t, &chat.Server{Hub: chat.NewChannelHub[[]byte](2 * pending)})
		speaker, slow := dial(t, room), dial(t, room, memnet.Buffer(size/2))
		line := strings.Repeat("x", size) + "\n"
		for range 1 + pending {
			say(t, speaker, line)
			synctest.Wait() // its writer is in the middle of the first one
		}
		before := slow.Peer().Writes()
		read := bufio.NewReader(slow)
		for range 1 + pending {
			got, err := read.ReadString('\n')
			require.NoError(t, err)
			require.Equal(t, fmt.Sprintf("[%v] %s", speaker.LocalAddr(), line), got)
		}
		assert.GreaterOrEqual(t, slow.Peer().Writes()-before, pending*size/most, "%d KiB were pending", pending*size>>10)
	})
}
