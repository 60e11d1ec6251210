package session_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/async/step05-select/session"
)

func TestName_isShownAsItWasChosen(t *testing.T) {
	for text, want := range map[string]string{
		"alice": "alice", "Alice": "Alice", "a": "a", "7": "7", "a-b_c.d": "a-b_c.d", "R2-D2": "R2-D2",
		"Иван": "Иван", "Іра": "Іра", "Ελένη": "Ελένη", "李雷": "李雷", "ユーザー": "ユーザー", "한글": "한글",
		"محمد": "محمد", "שלום": "שלום", "हिन्दी": "हिन्दी", "ไทย": "ไทย", "ß": "ß",
		"ａｌｉｃｅ":                 "alice",                 // full width
		"ｶﾞ":                    "ガ",                     // half width
		"Jose\u0301":            "José",                  // a mark of its own becomes part of the letter
		strings.Repeat("x", 20): strings.Repeat("x", 20), // letters,
		strings.Repeat("好", 20): strings.Repeat("好", 20), // not bytes
		strings.Repeat("é", 20): strings.Repeat("é", 20),
	} {
		name, key, err := session.Name(text)
		assert.NoError(t, err, "%q", text)
		assert.Equal(t, want, name, "%q", text)
		assert.NotEmpty(t, key)
	}
}

func TestName_refusesWhatIsNone(t *testing.T) {
	const (
		length  = "it needs 1 to 20 letters"
		letters = "letters, digits, and between them - _ and . are allowed"
		latin   = "its capital letters look like Latin ones"
		guest   = "such names are given to those who have not chosen one"
		nobody  = "that name is not for a person"
	)
	for text, want := range map[string]string{
		"": length, strings.Repeat("x", 21): length, strings.Repeat("x", 4096): length, strings.Repeat("é", 21): length,
		"a b": letters, "a\u00a0b": letters, " ": letters, "a]": letters, "[a": letters, "a,b": letters, "#a": letters, "@a": letters, "a/b": letters,
		"-a": letters, "a-": letters, ".": letters, "_": letters, "a\x00b": letters, "a\x1bb": letters, "a\nb": letters, "a\xffb": letters, "\uFFFD": letters,
		"😀": letters, "a😀": letters, "👩‍💻": letters, "½": letters, "ⅷ": letters, "ﬁ": letters, "€": letters,
		"\u0301a":  letters, // a mark needs a letter,
		"\u0903a":  letters, // also one that takes a place of its own
		"a\u200db": letters, // joiners,
		"a\u200cb": letters,
		"a\u034fb": letters, // and other letters that are not seen
		"a\ufe0f":  letters,
		"\u3164":   letters,
		"a\u00adb": letters,
		"a\u202eb": letters, // an override of the direction
		"אa":       letters, // both directions in one name
		"a\u0661":  letters, // an Arabic digit behind a Latin letter
		"ВОВ":      latin,
		"ΤΟΜ":      latin,
		"BOВ":      latin,
		"guest":    guest, "guest1": guest, "GUEST7": guest, "ɡuest1": guest, "ｇｕｅｓｔ１": guest, "guеst1": guest, // a Cyrillic е
		"you": nobody, "You": nobody, "yоu": nobody, "server": nobody, "SERVER": nobody, "everybody": nobody,
	} {
		_, _, err := session.Name(text)
		assert.EqualError(t, err, want, "%q", text)
	}
}

// Each row has names that are too much alike for two people, and no two rows have.
func TestName_alikeHaveOneKey(t *testing.T) {
	rows := map[string][]string{
		"alice": {"alice", "Alice", "ALICE", "ａｌｉｃｅ", "аlice", "aliсe", "alicе", "a1ice", "AIice", "allce", "ɑlice", "Α1ICE"},
		"bob":   {"bob", "Bob", "b0b", "bоb", "bοb"},
		"torn":  {"torn", "tom", "TOM"},
		"ivan":  {"Иван", "иван", "ИВАН"},
		"jose":  {"José", "jose\u0301", "JOSÉ"},
		"joe":   {"joe", "jоe"},
		"zhong": {"中"},
		"ga":    {"ガ", "ｶﾞ"},
		"a-b":   {"a-b"},
		"ab":    {"ab"},
		"a.b":   {"a.b"},
		"a_b":   {"a_b"},
	}
	rowOf := make(map[string]string)
	for row, names := range rows {
		_, first, err := session.Name(names[0])
		require.NoError(t, err, names[0])
		require.NotContains(t, rowOf, first, "%s and %s are not alike", row, rowOf[first])
		rowOf[first] = row
		for _, name := range names {
			_, key, err := session.Name(name)
			if assert.NoError(t, err, "%q", name) {
				assert.Equal(t, first, key, "%q and %q look alike", names[0], name)
			}
		}
	}
}

func TestGuestName_areAllDifferentAndNobodyElseCanHaveOne(t *testing.T) {
	seen := make(map[string]string)
	for _, suffix := range []string{"", "a", "b2"} {
		for n := range uint64(2000) {
			name, key := session.GuestName(n, suffix)
			require.Equal(t, fmt.Sprintf("guest%d%s", n, suffix), name)
			if suffix == "" {
				require.NotContains(t, seen, key, "%s and %s", name, seen[key])
				seen[key] = name
			}
			_, _, err := session.Name(name)
			require.Error(t, err, name)
		}
	}
}

func TestRoomName_foldsCaseAndWidth(t *testing.T) {
	for text, want := range map[string]string{
		"go": "#go", "#go": "#go", "GO": "#go", "#Ｇｏ": "#go", "c-2.0": "#c-2.0", "中文": "#中文", "Привет": "#привет",
		strings.Repeat("x", 20): "#" + strings.Repeat("x", 20),
	} {
		room, err := session.RoomName(text)
		assert.NoError(t, err, "%q", text)
		assert.Equal(t, want, room, "%q", text)
		again, err := session.RoomName(room)
		assert.NoError(t, err, "%q", room)
		assert.Equal(t, room, again, "the name of a room is a name of it")
	}
	for _, text := range []string{"", "#", "##", "##go", "a b", "😀", "-", strings.Repeat("x", 21), "#" + strings.Repeat("x", 21), "a\nb"} {
		_, err := session.RoomName(text)
		assert.Error(t, err, "%q", text)
	}
}

// The engines of all clients ask at once.
func TestName_isSafeForUseByManyGoroutines(t *testing.T) {
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for j := range 200 {
				want := fmt.Sprintf("Älex%dх%d", i, j)
				name, _, err := session.Name(want)
				assert.NoError(t, err)
				assert.Equal(t, want, name)
			}
		})
	}
	group.Wait()
}
