package workshop

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

//go:generate env LESSON_UPDATE=1 go test -run=TestPages .

func readReal(t *testing.T) *Schedule {
	t.Helper()
	s, err := Read(os.DirFS("."))
	require.NoError(t, err)
	return s
}

// What was asked for: a day of six hours, half a day of three, five evenings of 90 minutes.
func TestFormats_takeAsLongAsTheyShould(t *testing.T) {
	minutes := map[string][]int{}
	for _, f := range readReal(t).Formats {
		for _, session := range f.Sessions {
			minutes[f.Name] = append(minutes[f.Name], session.Minutes) // Read has summed its parts
		}
	}
	require.Equal(t, map[string][]int{"day": {360}, "half-day": {180}, "evenings": {90, 90, 90, 90, 90}}, minutes)
}

func TestFormats_haveABreakBeforeTwoHoursAreOver(t *testing.T) {
	s := readReal(t)
	for _, f := range s.Formats {
		for _, session := range f.Sessions {
			sitting := 0
			for _, b := range session.Blocks {
				if b.Break != "" {
					sitting = 0
				}
				for _, id := range b.Parts {
					sitting += s.script(b.Script).part(id).Minutes
				}
				assert.LessOrEqual(t, sitting, 115, "%s, %s: they sit too long before the next break", f.Name, session.Title)
			}
		}
	}
}

// Whoever teaches five evenings teaches all: so each part has a clock time at least there.
func TestEvenings_useEveryPart(t *testing.T) {
	s := readReal(t)
	for _, f := range s.Formats {
		if f.Name != "evenings" {
			continue
		}
		for _, script := range s.Scripts {
			for _, p := range script.Parts {
				_, used := s.start(f, script.Name, p.ID)
				assert.True(t, used, "%s of %s is in no evening", p.ID, script.Name)
			}
		}
	}
}

func TestFormats_haveExercises(t *testing.T) {
	s := readReal(t)
	for _, f := range s.Formats {
		count := 0
		for _, script := range s.Scripts {
			if _, used := s.start(f, script.Name, "exercise"); used {
				count++
			}
		}
		assert.GreaterOrEqual(t, count, 2, "%s: who only watches learns little", f.Name)
	}
}

func TestScripts_canGiveBackTwentyMinutes(t *testing.T) {
	for _, script := range readReal(t).Scripts {
		saved := 0
		for _, cut := range script.Cuts {
			saved += script.part(cut.Part).Minutes
		}
		assert.GreaterOrEqual(t, saved, 20, script.Name)
	}
}

func TestFormats_canGiveBackTime(t *testing.T) {
	s := readReal(t)
	for _, f := range s.Formats {
		if len(f.Sessions) > 1 {
			continue // each is a script
		}
		saved := 0
		for _, cut := range f.Cuts {
			saved += s.script(cut.Script).part(cut.Part).Minutes
		}
		assert.GreaterOrEqual(t, saved, f.Sessions[0].Minutes/10, f.Name)
	}
}

// A presenter must find the same things at the same places of each script.
func TestScripts_haveTheSameForm(t *testing.T) {
	for _, script := range readReal(t).Scripts {
		data, err := os.ReadFile(script.Name + ".md")
		require.NoError(t, err)
		text := string(data)
		for _, must := range []string{
			"\n## Goal\n", "\n## Before you start\n", "\n## Pitfalls\n", "\n## When time runs out\n",
			"**Ask the room.**", "**You will hear**", "<!-- include docs/workshop/testdata/cuts-" + script.Name + ".md -->",
		} {
			assert.Contains(t, text, must, script.Name)
		}
		for _, p := range script.Parts {
			assert.NotEmpty(t, p.steps, "%s: %s has no stamp", script.Name, p.ID)
			if len(p.steps) > 0 {
				assert.Zero(t, p.steps[0], "%s: the first stamp of %s", script.Name, p.ID)
			}
		}
	}
}

// With LESSON_UPDATE=1 in the environment it writes what it compares.
func TestPages_agreeWithTheSchedule(t *testing.T) {
	s := readReal(t)
	for _, f := range s.Formats {
		compare(t, "testdata/schedule-"+f.Name+".md", s.Table(f))
		if len(f.Cuts) > 0 {
			compare(t, "testdata/cuts-"+f.Name+".md", s.Cuts(f))
		}
	}
	for _, script := range s.Scripts {
		compare(t, "testdata/cuts-"+script.Name+".md", script.CutsTable())
		data, err := os.ReadFile(script.Name + ".md")
		require.NoError(t, err)
		compare(t, script.Name+".md", s.restamp(script, string(data)))
	}
}

func compare(t *testing.T, name, want string) {
	t.Helper()
	if os.Getenv("LESSON_UPDATE") == "1" {
		require.NoError(t, os.WriteFile(name, []byte(want), 0o644))
		return
	}
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(data), want, "%s is stale: run go generate ./docs/workshop ./docs", name)
}

const goodJSON = `{"scripts": [{"name": "01-a", "parts": [{"id": "one", "minutes": 5}, {"id": "two", "minutes": 60}],
	"cuts": [{"part": "two", "instead": "Say it."}]}],
	"formats": [{"name": "f", "title": "F", "short": "day", "sessions": [{"title": "S", "minutes": 75, "blocks": [
		{"script": "01-a", "parts": ["one"]}, {"break": "Tea", "minutes": 10}, {"script": "01-a", "parts": ["two"]}]}],
	"cuts": [{"script": "01-a", "part": "one", "instead": "Skip it."}]}]}`

const goodScript = "# A\n\n## First: a start\n\n<!-- part one -->\n\n**+0** a\n\n**+3** b\n\n## Second\n\n<!-- part two -->\n**7 minutes** · stale\n\n**+0** c\n\n## End\n\n**+99** d\n"

func readSample(json, script string) (*Schedule, error) {
	return Read(fstest.MapFS{"schedule.json": {Data: []byte(json)}, "01-a.md": {Data: []byte(script)}})
}

func TestSchedule_makesTablesAndStamps(t *testing.T) {
	s, err := readSample(goodJSON, goodScript)
	require.NoError(t, err)
	require.Equal(t, "| at | minutes | part | of |\n| --: | --: | --- | --- |\n"+
		"| 0:00 | 5 | [First: a start](01-a.md#first-a-start) | step 1 |\n"+
		"| 0:05 | 10 | *Tea* | |\n"+
		"| 0:15 | 60 | [Second](01-a.md#second) | step 1 |\n"+
		"| 1:15 | **75** | end | |\n", s.Table(s.Formats[0]))
	require.Equal(t, "| cut | saves | together | instead |\n| --- | --: | --: | --- |\n"+
		"| [Second](#second) | 60 | 60 | Say it. |\n", s.Scripts[0].CutsTable())
	require.Equal(t, "| cut | saves | together | instead |\n| --- | --: | --: | --- |\n"+
		"| [First: a start](01-a.md#first-a-start) | 5 | 5 | Skip it. |\n", s.Cuts(s.Formats[0]))
	stamped := s.restamp(s.Scripts[0], goodScript)
	require.Contains(t, stamped, "<!-- part one -->\n**5 minutes** · day 0:00–0:05\n\n**+0**")
	require.Contains(t, stamped, "<!-- part two -->\n**60 minutes** · day 0:15–1:15\n\n**+0** c")
	require.Equal(t, stamped, s.restamp(s.Scripts[0], stamped), "once is enough")
}

func TestRead_saysWhatDoesNotFitTogether(t *testing.T) {
	for says, change := range map[string][2]string{
		"take 75 minutes, and it has 76":          {`"minutes": 75`, `"minutes": 76`},
		"take 76 minutes, and it has 75":          {`"minutes": 5}`, `"minutes": 6}`},
		"01-a has no part three":                  {`["two"]}]`, `["three"]}]`},
		`there is no script "02-b"`:               {`"script": "01-a", "parts": ["two"]`, `"script": "02-b", "parts": ["two"]`},
		"one of 01-a comes too late":              {`["two"]}]`, `["two", "one"]}]`},
		"nine can't be cut":                       {`"part": "two"`, `"part": "nine"`},
		"has no part two of 09-z that could be":   {`"script": "01-a", "part": "one"`, `"script": "09-z", "part": "two"`},
		"has the parts [one two], and":            {`"id": "two"`, `"id": "second"`},
		"one takes 2 minutes, and has a stamp +3": {`"minutes": 5}`, `"minutes": 2}`},
		"one takes no time":                       {`"minutes": 5}`, `"minutes": 0}`},
		`unknown field "minute"`:                  {`"minutes": 5}`, `"minute": 5}`},
	} {
		require.Contains(t, goodJSON, change[0])
		_, err := readSample(strings.Replace(goodJSON, change[0], change[1], 1), goodScript)
		require.ErrorContains(t, err, says)
	}
	_, err := readSample(goodJSON, strings.Replace(goodScript, "**+3** b", "**+0** b", 1))
	require.ErrorContains(t, err, "has a stamp +0 behind [0]")
}
