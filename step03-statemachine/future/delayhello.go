package future

// A DelayHello is the state machine that a compiler makes of the article's first async
// function. As a goroutine, which may block, it would be three lines:
//
//	func delayHello(clock <-chan time.Time, say func(string)) {
//		say("wait for it")
//		<-clock // (1)
//		say("hello")
//	}
//
// The one place where that function can wait, (1), is the one state in which the
// machine can return pending. What the function still needs behind it, a goroutine would
// keep on its stack: clock and say. Here it stands in fields.
type DelayHello struct {
	_     NoCopy
	state helloState
	clock Future[struct{}]
	say   func(string)
}

// NewDelayHello returns a DelayHello in its first state: nothing is said before the first Poll.
func NewDelayHello(clock Future[struct{}], say func(string)) *DelayHello {
	return &DelayHello{clock: clock, say: say}
}

type helloState uint8

const (
	helloStart   helloState = iota // not polled yet
	helloWaiting                   // (1): for the clock
	helloDone                      // ready, or cancelled
)

// Poll runs from one place where it has to wait to the next. A change of state loops,
// because the next state may have nothing to wait for; a bare return is "pending".
func (d *DelayHello) Poll(cx *Context) (_ struct{}, ready bool) {
	for {
		switch d.state {
		case helloStart:
			d.say("wait for it")
			d.state = helloWaiting
		case helloWaiting:
			if _, late := d.clock.Poll(cx); !late {
				return // (1)
			}
			d.state = helloDone
			d.say("hello")
			return struct{}{}, true
		case helloDone:
			panic(PolledAfterReady)
		}
	}
}

// Cancel gives the clock back: the compiler of Rust would write it, too.
func (d *DelayHello) Cancel() {
	d.state = helloDone
	Cancel(d.clock)
}

// String names the state: "Start", "Waiting" or "Done".
func (d *DelayHello) String() string {
	return [...]string{"Start", "Waiting", "Done"}[d.state]
}
