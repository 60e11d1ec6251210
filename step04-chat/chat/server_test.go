package chat_test

import (
	"cmp"
	"testing"

	"go.uber.org/goleak"

	"example.com/async/step04-chat/chat"
	"example.com/async/step04-chat/chattest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hubs are the two that the chapter compares: everything holds for both.
var hubs = map[string]func(capacity int) chat.Hub[[]byte]{"channel": chat.NewChannelHub[[]byte], "mutex": chat.NewMutexHub[[]byte]}

func TestServer(t *testing.T) {
	for name, newHub := range hubs {
		t.Run(name, func(t *testing.T) {
			chattest.TestServer(t, func(s *chattest.Settings) chattest.Server {
				return &chat.Server{
					Hub:          newHub(cmp.Or(s.Capacity, chat.DefaultCapacity)),
					MaxLine:      s.MaxLine,
					WriteTimeout: s.WriteTimeout,
					DrainTimeout: s.DrainTimeout,
					Logger:       s.Logger,
				}
			})
		})
	}
}
