package broadcast_test

import (
	"testing"

	"example.com/async/internal/lesson"
)

//go:generate env LESSON_UPDATE=1 go test -run=Museum .

// Faults in the code itself, one place each. Broadcast channels that are wrong from the ground up are in
// broadcasttest's museum.
func TestMuseum(t *testing.T) {
	lesson.ChangeMuseum(t, []lesson.Change{
		{
			Name: "looks, and then announces that it will wait", File: "receiver.go",
			Old: "\t\tsent := c.nextSend()\n", New: "\t\tfor range 5000 {\n\t\t\tc.mu.Unlock()\n\t\t\tc.mu.Lock()\n\t\t}\n\t\tsent := c.nextSend()\n",
			Test: "TestChannel/wait-no-lost-wakeup", Message: "it hangs",
		},
		{
			Name: "does not look at the context first", File: "receiver.go",
			Old: "if err := ctx.Err(); err != nil {\n\t\treturn v, err\n\t}\n\tc := r.channel", New: "c := r.channel",
			Test: "TestChannel/give-up-before", Message: "the context has ended, and a value is there",
		},
		{
			Name: "counts a Recv that was given up as waiting", File: "receiver.go",
			Old: "\t\tr.waiting--\n", New: "",
			Test: "TestReceiver_closedAfterItsRecvWasGivenUpWakesNobody", Message: "another one was woken",
		},
		{
			Name: "ends before it gives what is left", File: "receiver.go",
			Old: "case r.closed:\n", New: "case r.closed || c.senders == 0:\n",
			Test: "TestChannel/end-comes-last", Message: "this was sent before",
		},
		{
			Name: "goes on one after the oldest", File: "receiver.go",
			Old: "r.next = oldest\n", New: "r.next = oldest + 1\n",
			Test: "TestChannel/lag-goes-on", Message: "now it must get what is still there",
		},
		{
			Name: "counts the value that is next as missed", File: "receiver.go",
			Old: "missed := oldest - r.next\n", New: "missed := oldest - r.next + 1\n",
			Test: "TestChannel/lag-told", Message: "how many has it missed?",
		},
		{
			Name: "ends the loop at a gap", File: "receiver.go",
			Old: "err != nil && !lagged {", New: "err != nil || lagged {",
			Test: "TestAll_rangesOverValuesAndGapsUntilTheEnd", Message: "expected: []int{4, 5}",
		},
		{
			Name: "keeps what a closed receiver has not seen", File: "receiver.go",
			Old: "\t\tc.see(n)\n", New: "",
			Test: "TestChannel/value-unreceived", Message: "the other was closed: how many values are still kept?",
		},
		{
			Name: "counts as seen what a closed receiver has missed", File: "receiver.go",
			Old: "n := max(r.next, c.oldest())", New: "n := r.next",
			Test: "TestChannel/count-random", Message: "seed",
		},
		{
			Name: "still has something to see when it is closed", File: "receiver.go",
			Old: "\tr.next = c.tail\n\tc.receivers--\n", New: "\tc.receivers--\n",
			Test: "TestChannel/count-receiver-len", Message: "after its Close",
		},
		{
			Name: "wakes nobody when a receiver is closed", File: "receiver.go",
			Old: "if r.waiting > 0 {", New: "if false {",
			Test: "TestChannel/wait-closed-meanwhile", Message: "the receiver was closed while Recv waited",
		},
		{
			Name: "wakes nobody at the end", File: "sender.go",
			Old: "\t\twaiting = c.takeSent()\n", New: "",
			Test: "TestChannel/wait-end", Message: "still waits",
		},
		{
			Name: "counts the clone of a closed sender", File: "sender.go",
			Old: "if !s.closed {", New: "if true {",
			Test: "TestChannel/end-closed-sender", Message: "all senders are closed",
		},
		{
			Name: "takes each value for seen by one", File: "sender.go",
			Old: "unseen: c.receivers}", New: "unseen: 1}",
			Test: "TestChannel/ring-everybody", Message: "receiver 1 of 3",
		},
		{
			Name: "keeps what everybody has seen", File: "channel.go",
			Old: "\t\ts.value = none\n", New: "\t\t_ = none\n",
			Test: "TestChannel/value-seen", Message: "both receivers have seen them: how many are still kept?",
		},
		{
			Name: "lets a new receiver begin at the oldest value", File: "channel.go",
			Old: "next: c.tail}", New: "next: c.oldest()}",
			Test: "TestChannel/ring-newcomer", Message: "those were not for it",
		},
		{
			Name: "doubles a capacity that is a power of two", File: "channel.go",
			Old: "bits.Len(uint(capacity-1))", New: "bits.Len(uint(capacity))",
			Test: "TestChannel/ring-rounded-up", Message: "and one more was sent",
		},
		{
			Name: "leaves a slot free", File: "channel.go",
			Old: "return c.tail - size\n", New: "return c.tail - size + 1\n",
			Test: "TestChannel/ring-exactly-full", Message: "none is lost",
		},
		{
			Name: "wakes for the next Send who waits for the one after it", File: "wait.go",
			Old: "\tc.sent = nil\n", New: "",
			Test: "TestSend_wakesOnceAllWhoWait", Message: "the next wait is for the next Send",
		},
		{
			Name: "stays deserted when somebody subscribes again", File: "wait.go",
			Old: "\tc.deserted = nil\n", New: "",
			Test: "TestChannel/no-receivers", Message: "somebody has subscribed again",
		},
		{
			Name: "is ready for values alone", File: "wait.go",
			Old: " || c.senders == 0 {", New: " {",
			Test: "TestChannel/ready-already", Message: "the channel has ended",
		},
		{
			Name: "is ready only for what is sent later", File: "wait.go",
			Old: "r.closed || r.next < c.tail ||", New: "r.closed ||",
			Test: "TestChannel/ready-already", Message: "a value was sent before Ready was called",
		},
	})
}
