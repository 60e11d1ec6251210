//go:build solution

package merge

func Merge(stop <-chan struct{}, lines, messages <-chan string, out chan<- Event) (unsent []Event) {
	defer close(out)
	for lines != nil || messages != nil || len(unsent) > 0 {
		typed, said := lines, messages
		if len(unsent) == Room {
			typed, said = nil, nil
		}
		var send chan<- Event
		var next Event
		if len(unsent) > 0 {
			send, next = out, unsent[0]
		}
		select {
		case text, ok := <-typed:
			if !ok {
				lines = nil
				continue
			}
			unsent = append(unsent, Event{Typed: true, Text: text})
		case text, ok := <-said:
			if !ok {
				messages = nil
				continue
			}
			unsent = append(unsent, Event{Text: text})
		case send <- next:
			unsent = unsent[1:]
		case <-stop:
			return unsent
		}
	}
	return nil
}
