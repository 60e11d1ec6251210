// Package chat is the moving picture of steps 4 and 5's room: terminals in the page, the ring of the broadcast
// channel, and a reader that can be made slow.
//
// Everything in it is real. Each visitor gets a room of their own: step 4's chat.Server on a port of this machine,
// which anybody here can also reach with nc. A terminal is a TCP client with two goroutines. What the
// picture shows of the ring are the positions of the receivers, asked for twenty times a second.
//
//   - rooms.go: the routes, and how many rooms there may be;
//   - room.go: one room from its beginning to its end;
//   - ring.go: a hub that remembers whose position is whose;
//   - terminal.go: one client; pace.go: how fast it reads; screen.go: what it shows; flood.go: what it says in a flood;
//   - view.go: what the page is told;
//   - buffer_unix.go, buffer_other.go: a receive buffer small enough to be seen filling up.
//
// A room lives as long as the page listens to its stream of events. Start reading at [Rooms.Register].
package chat
