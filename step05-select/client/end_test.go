package client_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step04-chat/chat/lines"
	"example.com/async/step05-select/client"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// An ending is one way in which a client's connection ends.
type ending struct {
	end  func(p *person)
	told string // all that the client gets
	said []string
	err  error // what Over says
	why  error // what the codec is told
}

var errReset = errors.New("connection reset by peer")

var endings = map[string]ending{
	"it says /quit": {
		end:  func(p *person) { p.types("bye\n/quit\nnot heard\n") },
		told: "[ear] pending\n* goodbye\n<end>\n", said: []string{"bye"},
	},
	"it has finished": {
		end:  func(p *person) { p.HearEnd(nil) },
		told: "[ear] pending\n<end>\n",
	},
	"it has finished in the middle of a line": {
		end:  func(p *person) { p.types("bye\nand thanks"); p.HearEnd(nil) },
		told: "[ear] pending\n<end>\n", said: []string{"bye", "and thanks"},
	},
	"it has finished in the middle of a letter": {
		end:  func(p *person) { p.types("bye\nand th\xc3"); p.HearEnd(nil) },
		told: "[ear] pending\n<end>\n", said: []string{"bye"},
	},
	"its last half line is /quit": {
		end:  func(p *person) { p.types("/quit"); p.HearEnd(nil) },
		told: "[ear] pending\n* goodbye\n<end>\n",
	},
	"its last half line is a question": {
		end:  func(p *person) { p.types("/who #go"); p.HearEnd(nil) },
		told: "* nobody is in #go\n[ear] pending\n<end>\n",
	},
	"its last line was too long": {
		end:  func(p *person) { p.types("/join " + string(make([]byte, maxLine))); p.HearEnd(nil) },
		told: "* your line was too long and nobody has got it\n[ear] pending\n<end>\n",
	},
	"nothing can be read any more": {
		end:  func(p *person) { p.types("bye\nhalf a li"); p.HearEnd(errReset) },
		told: "[ear] pending\n<end>\n", said: []string{"bye"}, err: errReset, why: errReset,
	},
	"the server stops": {
		end:  func(p *person) { p.types("bye\nhalf a li"); p.End() },
		told: "[ear] pending\n* the server stops; goodbye\n<end>\n", said: []string{"bye"}, why: session.ErrStops,
	},
	"the server stops twice, and after /quit": {
		end:  func(p *person) { p.types("/quit\n"); p.End(); p.End() },
		told: "[ear] pending\n* goodbye\n<end>\n",
	},
}

// The last bytes have an order: what was pending, the last word, and what the protocol ends with. Then nothing.
func TestEnd_comesLastAndOnce(t *testing.T) {
	for name, c := range endings {
		t.Run(name, func(t *testing.T) {
			h := roomy()
			alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
			alice.told()
			say(ear, "pending")
			over, err := alice.Over()
			require.False(t, over)
			require.NoError(t, err)

			c.end(alice)
			assert.Equal(t, c.said, texts(heard(ear)), "what it said, and that alone")
			over, _ = alice.Over()
			require.False(t, over, "it is still to be told what is pending")
			assert.False(t, alice.Hungry(), "nothing more is read")
			_, more := alice.Unheard()
			assert.False(t, more, "and nothing more is heard")

			say(ear, "too late")
			whisper(ear, "alice", "too late")
			alice.Listen()
			assert.True(t, alice.Ping(), "nobody reads its answer any more")
			assert.Equal(t, c.told, alice.told())
			over, err = alice.Over()
			require.True(t, over)
			assert.Equal(t, c.err, err)
			assert.Empty(t, alice.told(), "nothing comes after the end")
			_, err = ear.TryRecv()
			require.Error(t, err)
			notice, _ := ear.TakeOwn()
			for notice != nil && notice.Text != "alice does not read at the moment, and has not got it" {
				notice, _ = ear.TakeOwn()
			}
			assert.NotNil(t, notice, "who whispers to it now must be told that it has not got that")
			assert.Equal(t, []error{c.why}, alice.codec.ends, "the codec is asked for the end once, and told why")
		})
	}
}

// What is for the client alone is also pending, and so is what would not fit into one write.
func TestEnd_writesAllThatIsPending(t *testing.T) {
	h := roomy()
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	alice.told()
	want := "[ear -> alice] psst\n"
	for range 3 {
		say(ear, large)
		want += "[ear] " + large + "\n"
	}
	whisper(ear, "alice", "psst")
	alice.End()
	assert.Equal(t, want+"* the server stops; goodbye\n<end>\n", alice.toldAll(t))
}

// A room that is said goodbye to at the end was joined by the line that was last.
func TestEnd_afterALastJoinTellsBothRooms(t *testing.T) {
	h := roomy()
	alice, ear := enter(t, h, "alice", client.Settings{}), listen(t, h)
	alice.told()
	say(ear, "pending")
	alice.types("/join go")
	alice.HearEnd(nil)
	assert.Equal(t, "[ear] pending\n* you are in #go, alone\n<end>\n", alice.told())
}

// All leave then, one after the other. Who is the last would be told of all others, if it was told.
func TestLeave_isNotToldWhenTheServerStops(t *testing.T) {
	for leave, told := range map[string]string{"/quit": "* alice has left #lobby\n", "stop": ""} {
		h := roomy()
		ear := enter(t, h, "bert", client.Settings{})
		codec := &probe{Lines: session.Lines{Decoder: lines.Decoder{Max: maxLine}}}
		alice := &person{client.New(h, codec, hub.Entry{Name: "alice"}, client.Settings{}), codec}
		alice.told()
		ear.told()
		if leave == "stop" {
			alice.End()
		} else {
			alice.types(leave + "\n")
		}
		alice.told()
		alice.Leave()
		assert.Equal(t, told, ear.told(), leave)
	}
}
