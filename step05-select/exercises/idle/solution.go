//go:build solution

package idle

import "time"

func Loop(lines, messages <-chan string, say, write func(text string)) error {
	silence := time.NewTimer(Idle)
	defer silence.Stop()
	asked := false
	heard := func(line string) {
		silence.Reset(Idle)
		asked = false
		say(line)
	}
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				return nil
			}
			heard(line)
		case message, ok := <-messages:
			if !ok {
				messages = nil
				continue
			}
			write(message)
		case <-silence.C:
			select {
			case line, ok := <-lines: // it was there in time
				if !ok {
					return nil
				}
				heard(line)
				continue
			default:
			}
			if asked {
				return ErrSilent
			}
			write(Question)
			asked = true
			silence.Reset(Ask)
		}
	}
}
