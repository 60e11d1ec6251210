package web_test

import (
	"fmt"
	"os"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"example.com/async/internal/lesson/browsertest"
	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// takePicture shows a few people who talk about the chapter.
func takePicture(b browsertest.Page, s *server, file string) {
	defer b.Close()
	b.Prefer("light")
	var others []*hub.Member
	enter := func(name, room string) *hub.Member {
		m := s.hub.Enter(hub.Entry{Name: name, Room: room})
		others = append(others, m)
		return m
	}
	defer func() {
		for _, m := range others {
			m.Leave()
		}
	}()
	for i, room := range []string{"#go", "#rust", "#rust", "#tea", "#готика"} {
		enter(fmt.Sprintf("Nobody%d", i), room)
	}
	linus, noor, dima := enter("Linus", "#select"), enter("نور", "#select"), enter("Дима", "#select")
	enter("Konstantinopolitani", "#select")
	b.Open("/#select")
	b.Until(`document.getElementById("name-dialog").open`)
	b.Type("Hopper")
	b.Press(kb.Enter)
	b.Until(people(`"Hopper,Konstantinopolitani,Linus,Дима,نور"`))
	says := func(m *hub.Member, verb session.Verb, text string) {
		m.Do(session.Action{Verb: verb, Text: text})
		b.Until(`document.getElementById("log").textContent.includes(` + quoted(text) + `)`)
	}
	says(linus, session.Say, "My select waits for the next line and the next message at once. Sometimes half a line is lost!")
	says(linus, session.Say, "It happens only when somebody else talks while I type.")
	say(b, "Linus: then your read is in a branch that is given up. Who has begun to read must go on reading.")
	b.Until(`document.getElementById("log").textContent.includes("go on reading")`)
	says(dima, session.Act, "nods")
	says(noor, session.Say, "نعم، القراءة في مكان واحد والاختيار في مكان آخر.")
	says(dima, session.Say, "A goroutine that only reads, and a channel: https://example.com/select has a drawing. <b>This</b> is no HTML, by the way.")
	say(b, "/msg Linus shall I look at it with you?")
	b.Until(`document.querySelectorAll(".whisper").length === 1`)
	b.Type("/m")
	require.NoError(b.T, os.WriteFile(file, b.Picture(), 0o644))
	require.Empty(b.T, b.Complained())
}
