package chat

// A Hub is a room for messages of type M: what a member sends is received by all others. It has no goroutine
// and needs no end; what it holds goes with its last member. All methods are safe for use by several goroutines.
//
// There are two, and the chapter compares them: [NewChannelHub] and [NewMutexHub]. A hub knows nothing of
// what it passes on. In this step that is a line as it is written to the clients, a []byte.
type Hub[M any] interface {
	// Join adds a member, who receives what others send from now on. The caller calls Leave.
	Join() Member[M]

	// Announce gives a message to all members, as one that nobody in the room has sent: they
	// receive it in the same order as all others, and it can be missed like them.
	Announce(message M)
}

// A Member is the place of one client in a Hub. Send and Behind are for the goroutine that reads
// from the client, the other methods for the one that writes to it.
type Member[M any] interface {
	// Send gives a message to all other members. All members see the messages of all in one order. It
	// never waits for anybody: a member that does not take its messages misses some. All who receive
	// a message share what it points to, so nobody may change that.
	Send(message M)

	// Behind reports whether this member has left so much untaken that it should take some
	// before it sends more: half of the capacity. Less would make batches smaller, and more would leave
	// too little room for those who send meanwhile.
	Behind() bool

	// Ready returns a channel from which one can receive when there may be something to take. Ask for it anew each
	// time.
	Ready() <-chan struct{}

	// TryRecv takes the next message of somebody else. The error is [broadcast.ErrEmpty] if there is none,
	// and a [*broadcast.LaggedError] in place of messages that were missed: once for each gap,
	// with their exact number, which does not count what this member has sent itself.
	TryRecv() (message M, err error)

	// Len is how many messages wait. It may count the member's own.
	Len() int

	// Leave takes the member out, with what it has not taken. Nothing of it may be used afterwards.
	Leave()
}

// A Positioned is a [Member] that is a position in a ring, as those of [NewChannelHub] are. It is for who wants
// to show that.
type Positioned interface {
	// Position returns the number of the message that the member takes next, and that of the message that will be sent
	// next. See [broadcast.Receiver.Position]: a member's own messages have numbers, too.
	Position() (next, end uint64)
}

// DefaultCapacity is how many messages a client may be behind before it misses some: that of the
// article. Hubs round it up to a power of two, 128.
const DefaultCapacity = 100

// A sent is a message on its way through a hub.
type sent[M any] struct {
	from    Member[M] // nil if it was announced
	message M         // shared by all who receive it
}
