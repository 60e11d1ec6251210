package selecttest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson"
)

// Who is where.
var roomCases = []lesson.Case[Subject]{
	{
		Name: "join-leave", Rule: "/join goes to a room, which is made if there is none, and /leave goes back to #lobby; both rooms are told",
		Source: "IRC's JOIN and PART", Hint: "who moves leaves one room and enters another one: two notices, and a greeting",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seat(3)
			a, b, c := room[0], room[1], room[2]
			a.say("/join #go")
			a.expect("* you are in #go, alone", "a client has gone to a room that there was not")
			for _, other := range room[1:] {
				other.expect("* "+a.name+" has left #lobby", "a client has gone to another room")
			}
			b.say("/join Go")
			b.expect("* you are in #go, with 1 other", "rooms whose names differ in case are one, and the # may be left out")
			a.expect("* "+b.name+" has joined #go", "somebody has come into the room")
			b.say("/leave")
			b.expect("* you are in #lobby, with 1 other", "a client said /leave")
			a.expect("* "+b.name+" has left #go", "somebody has left the room")
			c.expect("* "+b.name+" has left #lobby", "a client has gone to another room")
			c.expect("* "+b.name+" has joined #lobby", "a client has come back")
			b.say("/leave")
			require.NotContains(t, b.nextWith("* ", "a client said /leave in #lobby"), "alone")
			b.say("/join a room/../..")
			require.NotContains(t, b.nextWith("* ", "a client wants to go to a room that can't be"), "you are in")
			b.say("I am still here")
			c.expect(b.line("I am still here"), "a client has not left the room")
		},
	},
	{
		Name: "rooms-listed", Rule: "/rooms lists the rooms and how many people are in each, the largest first",
		Source: "IRC's LIST", Hint: "a room is there as long as somebody is in it",
		Check: func(t lesson.T, subject Subject) {
			room := serve(t, subject, Settings{}).seatMuted(6)
			for i, name := range []string{"#go", "#rust", "#go"} {
				room[i].join(name)
			}
			room[5].say("/rooms")
			room[5].expect("* 3 rooms: #lobby (3), #go (2), #rust (1)", "six clients are in three rooms")
		},
	},
	{
		Name: "room-forgotten", Rule: "a room is forgotten, and what was said there, when its last member has left it",
		Source: "CWE-772, missing release of a resource", Hint: "who leaves by closing the connection leaves a room, too",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{History: 10})
			room := server.seatMuted(2)
			a, b := room[0], room[1]
			for i := range 20 {
				b.join(fmt.Sprintf("#room%d", i))
				b.say("a secret")
			}
			b.join("#lobby")
			a.say("/rooms")
			a.expect("* 1 room: #lobby (2)", "somebody has been in twenty rooms, and has left them")

			guest := server.dial()
			guest.join("#room7")
			guest.nothingNew("a room is new again when its last member has left it: nobody has said anything there")
			guest.say("another secret")
			guest.nothingNew("a client has spoken")
			require.NoError(t, guest.conn.Close())
			// Over loopback the server learns of that a little later.
			for deadline := time.Now().Add(patience); ; {
				subject.Settle()
				a.say("/rooms")
				got := a.next("a client asks for the rooms")
				if got == "* 1 room: #lobby (2)" {
					return
				}
				require.True(t, time.Now().Before(deadline), "the last member of a room has closed its connection, and the room is still there: %s", got)
				time.Sleep(time.Millisecond)
			}
		},
	},
	{
		Name: "old-room-first", Rule: "what was said in the old room comes before the greeting of the new one",
		Source: "contract point 14", Hint: "what is still pending when a client moves, and who throws it away?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{Capacity: 64})
			speaker := server.seatMuted(1)[0]
			// Which of two things that are ready a select takes, is chance, and mostly it is the message: so it is tried often.
			for range 100 {
				slow := server.dialSmall(32)
				slow.mute()
				speaker.say(strings.Repeat("the first write waits for the client ", 2))
				subject.Settle()
				for i := range 10 {
					speaker.say(fmt.Sprint(i))
				}
				subject.Settle()
				slow.mutter("/join #go")
				subject.Settle()
				slow.next("a client spoke")
				for i := range 10 {
					slow.expect(speaker.line(fmt.Sprint(i)), "ten messages were pending for a client when it moved to another room")
				}
				slow.nextWith("* you are in #go", "a client has moved to another room")
				slow.say("/quit")
				slow.skipToEnd("a client said /quit")
			}
		},
	},
	{
		Name: "gathered", Rule: "in a room of more than 50 people it is told once a second how many have come and gone: exactly as many as have",
		Source: "contract point 14: N joins with N notices each are O(N²)", Hint: "count, and let a timer tell; what is counted while it is told?",
		InBubble: true,
		Check: func(t lesson.T, subject Subject) {
			const guests = 120
			server := serve(t, subject, Settings{})
			witness := server.dial()
			var room []*guest
			for range guests {
				room = append(room, server.dial())
			}
			subject.Pass(2 * time.Second)
			joined, lines := witness.movements("joined")
			require.Equal(t, guests, joined, "so many people have come into the room, and that is how many a client was told of")
			require.LessOrEqual(t, lines, 60, "120 people have come into the room at once, and a client got so many notices")

			room[0].say("hello")
			witness.expect(room[0].line("hello"), "what people say is not gathered")
			for _, c := range room[:100] {
				require.NoError(t, c.conn.Close())
			}
			subject.Pass(2 * time.Second)
			left, lines := witness.movements("left")
			require.Equal(t, 100, left, "so many people have left the room, and that is how many a client was told of")
			require.LessOrEqual(t, lines, 60, "100 people have left the room at once, and a client got so many notices")

			alice := room[100]
			alice.rename("alice")
			require.NoError(t, alice.conn.Close())
			witness.skipTo("* alice has left #lobby", "the room is small again, and a client has left it")
		},
	},
}

// What a room remembers.
var historyCases = []lesson.Case[Subject]{
	{
		Name: "history", Rule: "who comes into a room is told the last messages that were said there, marked as such, and then what is said now",
		Source: "contract point 14", Hint: "a reader must see where the past ends",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{History: 5})
			room := server.seatMuted(2)
			a, b := room[0], room[1]
			for i := range 7 {
				a.say(fmt.Sprintf("message %d", i))
			}
			a.say("/me waves")
			b.skipTo(a.did("waves"), "a client spoke")
			late := server.dial()
			late.expect("* said before you came: 5 messages", "eight messages were said, and the room remembers five")
			for i := 3; i < 7; i++ {
				late.expect(a.line(fmt.Sprintf("message %d", i)), "the last of eight messages")
			}
			late.expect(a.did("waves"), "what people do is remembered, too")
			a.say("now")
			late.expect(a.line("now"), "a client has been told what was said before, and somebody speaks")
			late.join("#go")
			late.nothingNew("nobody has said anything in the room #go, and the lobby's past is not its own")
		},
	},
	{
		Name: "history-no-gap", Rule: "between what is remembered and what is said now nothing is missing, and nothing comes twice",
		Source: "contract point 14", Hint: "what is said between the look at the history and the entry into the room?",
		Check: func(t lesson.T, subject Subject) {
			const kept, burst = 30, 10
			server := serve(t, subject, Settings{History: kept, Capacity: 1024})
			room := server.seatMuted(2)
			speaker, witness := room[0], room[1]
			for said := 0; said < 20*burst; said += burst {
				count := func(from, to int) {
					var text strings.Builder
					for i := from; i < to; i++ {
						fmt.Fprintf(&text, "%d\n", said+i)
					}
					speaker.send(text.String())
				}
				count(0, burst/2)
				late := server.connect() // while that is said
				count(burst/2, burst)
				late.greeted()
				last := strconv.Itoa(said + burst - 1)
				witness.skipTo(speaker.line(last), "a client spoke")
				// A new name is told in the room, too, and not remembered: it marks the end.
				was := witness.name
				witness.rename(fmt.Sprintf("witness%d", said))
				numbers := late.numbersUntil("* " + was + " is now called " + witness.name)
				require.Equal(t, last, strconv.Itoa(numbers[len(numbers)-1]), "a client came while somebody counted, and heard %v", numbers)
				for i := range numbers {
					require.Equal(t, numbers[0]+i, numbers[i], "a client came while somebody counted, and heard %v", numbers)
				}
				require.LessOrEqual(t, numbers[0], max(0, said+burst-kept), "%d numbers are remembered; a client came while somebody counted from %d on, and heard %v", kept, said, numbers)
				late.say("/quit")
				late.skipToEnd("a client said /quit")
			}
		},
	},
	{
		Name: "history-command", Rule: "/history shows the last messages of the room again, or the last so many",
		Source: "contract point 14", Hint: "the same messages, and the same mark, as for who comes",
		Check: func(t lesson.T, subject Subject) {
			server := serve(t, subject, Settings{History: 10})
			room := server.seatMuted(2)
			a, b := room[0], room[1]
			b.say("/history")
			require.NotContains(t, b.nextWith("* ", "nothing was said here, and a client asks for it"), "messages")
			for i := range 4 {
				a.say(fmt.Sprint(i))
				b.expect(a.line(fmt.Sprint(i)), "a client spoke")
			}
			for _, asked := range []int{2, 4, 1000000} {
				b.say(fmt.Sprintf("/history %d", asked))
				shown := min(asked, 4)
				b.expect(fmt.Sprintf("* said before you came: %d messages", shown), "four messages were said")
				for i := 4 - shown; i < 4; i++ {
					b.expect(a.line(fmt.Sprint(i)), "the last of four messages")
				}
			}
			b.say("/history 1")
			b.expect("* said before you came: 1 message", "four messages were said")
			b.expect(a.line("3"), "the last of four messages")
			a.nothingNew("another client has asked for the history")
		},
	},
}

// movements reads what is there, and returns how many people have "joined" or "left", and in how many lines that was told.
func (g *guest) movements(how string) (people, lines int) {
	g.t.Helper()
	// "* alice has joined #lobby", or "* 2 people have joined, 1 has left".
	one := regexp.MustCompile(`^\* \S+ has ` + how + ` #`)
	many := regexp.MustCompile(`(?:^\* |, )(\d+) (?:person |people )?(?:has|have) ` + how + `(?:,|$)`)
	g.say("/msg " + g.name + " fence")
	g.skipUntil(func(line string) bool {
		n := 0
		if one.MatchString(line) {
			n = 1
		} else if m := many.FindStringSubmatch(line); m != nil {
			n, _ = strconv.Atoi(m[1])
		}
		if n > 0 {
			people += n
			lines++
		}
		return line == g.whisper(g, "fence")
	}, "people come and go")
	return people, lines
}

// numbersUntil reads what somebody counts, until that line comes.
func (g *guest) numbersUntil(end string) (numbers []int) {
	g.t.Helper()
	g.skipUntil(func(line string) bool {
		if _, text, spoken := strings.Cut(line, "] "); spoken {
			if n, err := strconv.Atoi(text); err == nil {
				numbers = append(numbers, n)
			}
		}
		return line == end
	}, "a client came while somebody counted, and does not get what comes after that")
	require.NotEmpty(g.t, numbers, "a client came while somebody counted, and heard nothing of it")
	return numbers
}
