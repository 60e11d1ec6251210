package web_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/hub"
	"example.com/async/step05-select/session"
)

// takePicture shows a few people who talk about the chapter.
func takePicture(t *testing.T, ctx context.Context, s *server, file string) {
	tab := openTab(t, ctx, s.url)
	defer tab.close()
	b := tab.in(t)
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "light"}}})
	b.do(chromedp.EmulateViewport(1280, 800))
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
	b.open("/#select")
	b.until(`document.getElementById("name-dialog").open`)
	b.typeIn("Hopper")
	b.press("Enter")
	b.until(people(`"Hopper,Konstantinopolitani,Linus,Дима,نور"`))
	say := func(m *hub.Member, verb session.Verb, text string) {
		m.Do(session.Action{Verb: verb, Text: text})
		b.until(`document.getElementById("log").textContent.includes(` + quoted(text) + `)`)
	}
	say(linus, session.Say, "My select waits for the next line and the next message at once. Sometimes half a line is lost!")
	say(linus, session.Say, "It happens only when somebody else talks while I type.")
	b.say("Linus: then your read is in a branch that is given up. Who has begun to read must go on reading.")
	b.until(`document.getElementById("log").textContent.includes("go on reading")`)
	say(dima, session.Act, "nods")
	say(noor, session.Say, "نعم، القراءة في مكان واحد والاختيار في مكان آخر.")
	say(dima, session.Say, "A goroutine that only reads, and a channel: https://example.com/select has a drawing. <b>This</b> is no HTML, by the way.")
	b.say("/msg Linus shall I look at it with you?")
	b.until(`document.querySelectorAll(".whisper").length === 1`)
	b.typeIn("/m")
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, picture, 0o644))
	require.Empty(t, b.complained())
}
