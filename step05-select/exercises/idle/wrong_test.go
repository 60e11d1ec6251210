package idle_test

import (
	"testing"
	"time"

	"example.com/async/internal/lesson"
	"example.com/async/step05-select/exercises/idle"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestWrongAnswers .

// What the wrong answers are made of is right without their faults.
func TestAnotherAnswer_isRight(t *testing.T) {
	lesson.RunInBubble(t, cases, wrong(fault{}))
}

func TestWrongAnswers(t *testing.T) {
	lesson.Museum(t, cases, []lesson.Wrong[loopFunc]{
		{
			Name: "takes the client's end for empty lines", Case: "talk",
			Message: "and then the client leaves",
			Subject: wrong(fault{emptyForever: true}),
		},
		{
			Name: "a goroutine for each line that sleeps, and then says so", Case: "talk",
			Message: "left behind",
			Subject: sleepers,
		},
		{
			Name: "a ticker that looks every minute whether something has come", Case: "asked",
			Message: "a line has come after 40 s, and nothing since",
			Subject: ticks,
		},
		{
			Name: "cuts off without asking", Case: "asked",
			Message: "nothing has come for Idle",
			Subject: wrong(fault{neverAsks: true}),
		},
		{
			Name: "asks again and again", Case: "cut",
			Message: "the client says nothing, ever",
			Subject: wrong(fault{neverCuts: true}),
		},
		{
			Name: "waits for an answer as long as for a line", Case: "cut",
			Message: "the client says nothing, ever",
			Subject: wrong(fault{askForIdle: true}),
		},
		{
			Name: "does not take the question back", Case: "answers",
			Message: "the client types a line\n  Loop does not receive it; so far:",
			Subject: wrong(fault{staysAsked: true}),
		},
		{
			Name: "lets the time for the answer run on", Case: "answers",
			Message: "the client types a line\n  Loop does not receive it; so far:",
			Subject: wrong(fault{answerRunsOn: true}),
		},
		{
			Name: "one limit for the whole", Case: "talks",
			Message: "the client types a line\n  Loop does not receive it; so far:",
			Subject: wrong(fault{neverReset: true}),
		},
		{
			Name: "begins anew with each message", Case: "messages-do-not-count",
			Message: "the room says something every 900 ms: what has happened besides?",
			Subject: wrong(fault{messagesCount: true}),
		},
		{
			Name: "time.After in the select", Case: "messages-do-not-count",
			Message: "the room says something every 900 ms: what has happened besides?",
			Subject: afters,
		},
		{
			Name: "writes all messages that there are", Case: "flood",
			Message: "what was the last thing that happened?",
			Subject: wrong(fault{greedy: true}),
		},
		{
			Name: "believes the timer", Case: "answer-waits",
			Message: "a message takes 15 s to write",
			Subject: wrong(fault{believes: true}),
		},
		{
			Name: "believes the second time", Case: "answer-waits",
			Message: "Meanwhile the client answers, and then Ask is over",
			Subject: wrong(fault{believesSecond: true}),
		},
		{
			Name: "leaves the case of a closed channel on", Case: "room-ends",
			Message: "keeps the processor busy",
			Subject: wrong(fault{spins: true}),
		},
		{
			Name: "ends when the room does", Case: "room-ends",
			Message: "messages is closed, and nothing else happens",
			Subject: wrong(fault{roomEndsAll: true}),
		},
		{
			Name: "makes a timer for each line", Case: "one-timer",
			Message: "how many objects were allocated?",
			Subject: wrong(fault{newTimers: true}),
		},
	}, lesson.JudgeInBubble[loopFunc])
}

// A fault is what a wrong answer does.
type fault struct {
	emptyForever, neverAsks, neverCuts, askForIdle, staysAsked, answerRunsOn, neverReset, messagesCount bool
	greedy, believes, believesSecond, spins, roomEndsAll, newTimers                                     bool
}

// wrong is right but for its fault.
func wrong(f fault) loopFunc {
	return func(lines, messages <-chan string, say, write func(text string)) error {
		a := &answer{fault: f, say: say, write: write, timer: time.NewTimer(idle.Idle)}
		for {
			select {
			case line, ok := <-lines:
				if !ok && !f.emptyForever {
					return nil
				}
				a.line(line)
				if !ok {
					lines = nil // else the case would not end
				}
			case message, ok := <-messages:
				switch {
				case !ok && f.roomEndsAll:
					return nil
				case !ok && f.spins:
				case !ok:
					messages = nil
				default:
					a.message(message, messages)
				}
			case <-a.timer.C:
				if !f.believes && !(f.believesSecond && a.asked) {
					select {
					case line, ok := <-lines:
						if !ok {
							return nil
						}
						a.line(line)
						continue
					default:
					}
				}
				if a.over() {
					return idle.ErrSilent
				}
			}
		}
	}
}

// An answer has a timer, and knows whether the client was asked.
type answer struct {
	fault
	say, write func(text string)
	timer      *time.Timer
	asked      bool
}

func (a *answer) line(line string) {
	switch {
	case a.neverReset, a.answerRunsOn && a.asked:
	case a.newTimers:
		a.timer = time.NewTimer(idle.Idle)
	default:
		a.timer.Reset(idle.Idle)
	}
	a.asked = a.asked && a.staysAsked
	a.say(line)
}

func (a *answer) message(message string, more <-chan string) {
	a.write(message)
	if a.messagesCount {
		a.timer.Reset(idle.Idle)
	}
	for a.greedy {
		select {
		case message, ok := <-more:
			if !ok {
				return
			}
			a.write(message)
			continue
		default:
			return
		}
	}
}

// over is called when nothing has come in time. It reports whether that was the last time.
func (a *answer) over() bool {
	if a.asked && !a.neverCuts || a.neverAsks {
		return true
	}
	a.write(idle.Question)
	a.asked = true
	if a.askForIdle {
		a.timer.Reset(idle.Idle)
	} else {
		a.timer.Reset(idle.Ask)
	}
	return false
}

// afters makes a timer in each round.
func afters(lines, messages <-chan string, say, write func(text string)) error {
	limit := idle.Idle
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				return nil
			}
			say(line)
			limit = idle.Idle
		case message, ok := <-messages:
			if !ok {
				messages = nil
				continue
			}
			write(message)
		case <-time.After(limit):
			if limit == idle.Ask {
				return idle.ErrSilent
			}
			write(idle.Question)
			limit = idle.Ask
		}
	}
}

// ticks looks at fixed moments.
func ticks(lines, messages <-chan string, say, write func(text string)) error {
	ticker := time.NewTicker(idle.Idle)
	defer ticker.Stop()
	var ask <-chan time.Time
	heard := false
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				return nil
			}
			say(line)
			heard, ask = true, nil
		case message, ok := <-messages:
			if !ok {
				messages = nil
				continue
			}
			write(message)
		case <-ticker.C:
			if !heard {
				write(idle.Question)
				ask = time.After(idle.Ask)
			}
			heard = false
		case <-ask:
			return idle.ErrSilent
		}
	}
}

// sleepers never stops what it has begun.
func sleepers(lines, messages <-chan string, say, write func(text string)) error {
	over, now, asked := make(chan int), 0, false
	sleep := func(d time.Duration) {
		now++
		go func(number int) {
			time.Sleep(d)
			over <- number
		}(now)
	}
	for sleep(idle.Idle); ; {
		select {
		case line, ok := <-lines:
			if !ok {
				return nil
			}
			say(line)
			asked = false
			sleep(idle.Idle)
		case message, ok := <-messages:
			if !ok {
				messages = nil
				continue
			}
			write(message)
		case number := <-over:
			switch {
			case number != now: // of a line that is no longer the last
			case asked:
				return idle.ErrSilent
			default:
				write(idle.Question)
				asked = true
				sleep(idle.Ask)
			}
		}
	}
}
