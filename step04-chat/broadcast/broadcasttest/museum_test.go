package broadcasttest

import (
	"testing"

	"example.com/async/internal/lesson"
)

//go:generate env LESSON_UPDATE=1 go test -run=Museum .

// faults are the mistakes that a plain can have. The museum shows them one at a time.
type faults struct {
	tryWaits, onePosition, replays, countsOne, freeSlot, unrounded, takesNoCapacity, blocks, dropsNewest bool
	lagPlusOne, lagSilent, lagToNewest, lagToEnd, lagInAll, lagUnlocked, tellsEverybody                  bool
	unbounded, keepsSeen, keepsUnreceived, keepsRefused                                                  bool
	anySenderEnds, endFirst, countsEachClose, closedSends, closedReceives, desertedIsEnd, sendsToNobody  bool
	wakesOne, wakesOnce, looksThenWaits, waitsFirst, endWakesNobody, closeWakesNobody                    bool
	ignoresContext, valuesFirst, takesThenAsks, helper                                                   bool
	readyUnarmed, alwaysReady, readyForgets, anyReceiverDeserts                                          bool
	cappedLen, uncappedLen, resubscribeCopies, resubscribeUncounted, countsUnlocked                      bool
}

// The broadcast channels of this museum have one classic fault each. Faults that lie in the order of
// two lines of the real one are in package broadcast's own museum.
func TestMuseum(t *testing.T) {
	lesson.Museum(t, Cases(), []lesson.Wrong[Subject]{
		// Who gets which value.
		{
			Name: "waits in TryRecv", Case: "ring-empty",
			Message: "it hangs", Sometimes: []string{"give-up-same-instant"},
			Subject: with(faults{tryWaits: true}),
		},
		{
			Name: "gives each value to one receiver", Case: "ring-everybody",
			Message: "receiver 1 of 3", Sometimes: []string{"stress-conservation", "stress-come-and-go"},
			Subject: with(faults{onePosition: true}),
		},
		{
			Name: "shows a new receiver what was sent before", Case: "ring-newcomer",
			Message: "those were not for it",
			Subject: with(faults{replays: true}),
		},
		{
			Name: "returns 1 from Send, whoever listens", Case: "ring-counts",
			Message: "what Send returned with 2 receivers",
			Subject: with(faults{countsOne: true}),
		},
		{
			Name: "leaves a slot free", Case: "ring-exactly-full",
			Message: "as many values as the ring holds",
			Subject: with(faults{freeSlot: true}),
		},
		{
			Name: "takes the capacity as it comes", Case: "ring-rounded-up",
			Message: "values",
			Subject: with(faults{unrounded: true}),
		},
		{
			Name: "makes a ring of one slot for a capacity of 0", Case: "ring-capacity",
			Message: "a capacity of 0 makes no channel",
			Subject: with(faults{takesNoCapacity: true}),
		},
		{
			Name: "waits for the slowest receiver", Case: "ring-never-blocks",
			Message: "it hangs",
			Subject: with(faults{blocks: true}),
		},
		{
			Name: "drops the newest value when a receiver is slow", Case: "ring-random",
			Message: "a receiver that is past the first",
			Subject: with(faults{dropsNewest: true}),
		},

		// Lag.
		{
			Name: "counts one too many in a gap", Case: "lag-told",
			Message: "how many has it missed?",
			Subject: with(faults{lagPlusOne: true}),
		},
		{
			Name: "says nothing of a gap", Case: "lag-told",
			Message: "how many has it missed?",
			Subject: with(faults{lagSilent: true}),
		},
		{
			Name: "jumps to the newest value after a gap", Case: "lag-goes-on",
			Message: "now it must get what is still there",
			Subject: with(faults{lagToNewest: true}),
		},
		{
			Name: "jumps to the end after a gap", Case: "lag-goes-on",
			Message: "now it must get what is still there",
			Subject: with(faults{lagToEnd: true}),
		},
		{
			Name: "counts gaps from the beginning", Case: "lag-each-gap",
			Message: "the receiver was told of a gap, and then there is another",
			Subject: with(faults{lagInAll: true}),
		},
		{
			Name: "tells everybody of a gap of one", Case: "lag-per-receiver",
			Message: "it reads each value at once, while another receiver does not read at all",
			Subject: with(faults{tellsEverybody: true}),
		},

		// How long a value is kept.
		{
			Name: "grows without limit", Case: "value-overwritten",
			Message: "how many are still kept?",
			Subject: with(faults{unbounded: true}),
		},
		{
			Name: "keeps values until they are overwritten", Case: "value-seen",
			Message: "both receivers have seen them: how many are still kept?",
			Subject: with(faults{keepsSeen: true}),
		},
		{
			Name: "keeps what a closed receiver has not seen", Case: "value-unreceived",
			Message: "the other was closed: how many values are still kept?",
			Subject: with(faults{keepsUnreceived: true}),
		},
		{
			Name: "stores the value before it looks for receivers", Case: "value-refused",
			Message: "so no value can ever be received: how many are kept?",
			Subject: with(faults{keepsRefused: true}),
		},

		// Close.
		{
			Name: "ends when any sender is closed", Case: "end-last-sender",
			Message: "two of three senders are closed",
			Subject: with(faults{anySenderEnds: true}),
		},
		{
			Name: "says that it is closed before it gives what is left", Case: "end-comes-last",
			Message: "the channel has ended, and this was sent before", Sometimes: []string{"ready-loop", "stress-conservation", "stress-come-and-go"},
			Subject: with(faults{endFirst: true}),
		},
		{
			Name: "counts each Close of the same sender", Case: "end-close-twice",
			Message: "one sender was closed twice",
			Subject: with(faults{countsEachClose: true}),
		},
		{
			Name: "sends through a sender that was closed", Case: "end-closed-sender",
			Message: "Send on a sender that was closed",
			Subject: with(faults{closedSends: true}),
		},
		{
			Name: "gives to a receiver that was closed", Case: "end-closed-receiver",
			Message: "this receiver was closed while two values were left for it",
			Subject: with(faults{closedReceives: true}),
		},
		{
			Name: "ends when nobody listens", Case: "end-nobody-there",
			Message: "who should get the value?",
			Subject: with(faults{desertedIsEnd: true}),
		},
		{
			Name: "sends to nobody", Case: "end-nobody-there",
			Message: "who should get the value?",
			Subject: with(faults{sendsToNobody: true}),
		},
		{
			Name: "resubscribes at the position of the receiver", Case: "end-subscribe",
			Message: "resubscribed after the end",
			Subject: with(faults{resubscribeCopies: true}),
		},

		// Waiting.
		{
			Name: "wakes one receiver", Case: "wait-wakes-all",
			Message: "four receivers wait, and a value was sent", Sometimes: []string{"wait-no-lost-wakeup", "wait-closed-meanwhile", "ready-loop", "stress-conservation", "stress-come-and-go"},
			Subject: with(faults{wakesOne: true}),
		},
		{
			Name: "wakes everybody, once", Case: "wait-again",
			Message: "received something else", Sometimes: []string{"give-up-same-instant"},
			Subject: with(faults{wakesOnce: true}),
		},
		{
			Name: "looks, and then waits", Case: "wait-no-lost-wakeup",
			Message: "it hangs", Sometimes: []string{"stress-conservation", "stress-come-and-go"},
			Subject: with(faults{looksThenWaits: true}),
		},
		{
			Name: "waits, and then looks", Case: "wait-already-there",
			Message: "nothing to wait for. Recv still waits",
			Subject: with(faults{waitsFirst: true}),
		},
		{
			Name: "wakes nobody at the end", Case: "wait-end",
			Message: "the last sender was closed", Sometimes: []string{"ready-loop", "stress-conservation", "stress-come-and-go"},
			Subject: with(faults{endWakesNobody: true}),
		},
		{
			Name: "wakes nobody when a receiver is closed", Case: "wait-closed-meanwhile",
			Message: "the receiver was closed while Recv waited",
			Subject: with(faults{closeWakesNobody: true}),
		},

		// Giving up.
		{
			Name: "takes no notice of the context", Case: "give-up",
			Message: "the context of a Recv that waits has ended. It still waits",
			Subject: with(faults{ignoresContext: true}),
		},
		{
			Name: "gives values before it looks at the context", Case: "give-up-before",
			Message: "the context has ended, and a value is there",
			Subject: with(faults{valuesFirst: true}),
		},
		{
			Name: "takes the value, and then sees that nobody wants it", Case: "give-up-same-instant",
			Message: "the value must still be there",
			Subject: with(faults{takesThenAsks: true}),
		},
		{
			Name: "lets a goroutine wait in its place", Case: "give-up-leaves-nothing",
			Message: "still waits",
			Subject: with(faults{helper: true}),
		},

		// In a select statement.
		{
			Name: "is ready only for what comes after the question", Case: "ready-already",
			Message: "a value was sent before Ready was called",
			Subject: with(faults{readyUnarmed: true}),
		},
		{
			Name: "is always ready", Case: "ready-already",
			Message: "its loop spins",
			Subject: with(faults{alwaysReady: true}),
		},
		{
			Name: "wakes only who waits in Recv", Case: "ready-wakes",
			Message: "how many are woken?", Sometimes: []string{"ready-loop"},
			Subject: with(faults{readyForgets: true}),
		},
		{
			Name: "is deserted when any receiver is closed", Case: "no-receivers",
			Message: "one of two receivers is closed",
			Subject: with(faults{anyReceiverDeserts: true}),
		},

		// The counts.
		{
			Name: "forgets what was missed before it is told", Case: "count-receiver-len",
			Message: "after four Sends",
			Subject: with(faults{cappedLen: true}),
		},
		{
			Name: "does not count who resubscribed", Case: "count-handles",
			Message: "after a Resubscribe",
			Subject: with(faults{resubscribeUncounted: true}),
		},
		{
			Name: "counts in Sender.Len what was overwritten", Case: "count-random",
			Message: "Sender.Len",
			Subject: with(faults{uncappedLen: true}),
		},

		// Everything at the same time.
		{
			Name: "counts a gap, and moves over it later", Case: "stress-conservation",
			Message: "missed, of 2000 sent",
			Subject: with(faults{lagUnlocked: true}),
		},
		{
			Name: "reads the count of receivers, and writes it later", Case: "stress-come-and-go",
			Message: "when three have come and gone and one stays",
			Subject: with(faults{countsUnlocked: true}),
		},
	}, lesson.JudgeInBubble[Subject])
}
