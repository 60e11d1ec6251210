package session

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mtibben/confusables"
	"golang.org/x/text/secure/precis"
)

// MaxName is how many letters a name can have, and how many a room's name can have without its #.
const MaxName = 20

// Lobby is the room in which everybody begins.
const Lobby = "#lobby"

var errLength = fmt.Errorf("it needs 1 to %d letters", MaxName)

// Name returns a name as it is shown, and its key: two names with the same key are too much alike for
// both to be in the chat. The error says, to the client, what is wrong with the text.
//
// A name has 1 to MaxName letters or digits of any script, and between them "-", "_" and ".". The rules for which
// characters those are, and for right-to-left scripts, are those of user names on the internet (PRECIS, RFC 8265
// section 3.4). Names are alike if they differ only in case, in width, or in letters that look the same
// (Unicode Technical Standard 39, "skeleton"): the Latin and the Cyrillic a; the digit 1, the letter l and the capital I.
func Name(text string) (name, key string, err error) {
	name, err = checked(text, precis.UsernameCasePreserved)
	if err != nil {
		return "", "", err
	}
	key = keyOf(name)
	if posesAsLatin(name, key) {
		return "", "", errors.New("its capital letters look like Latin ones")
	}
	if reserved[key] {
		return "", "", errors.New("that name is not for a person")
	}
	if strings.HasPrefix(key, guestKey) {
		return "", "", errors.New("such names are given to those who have not chosen one")
	}
	return name, key, nil
}

// GuestName returns the name of a client that has not chosen one, and its key. Name refuses all of them.
func GuestName(number uint64, suffix string) (name, key string) {
	name = fmt.Sprintf("guest%d%s", number, suffix)
	return name, keyOf(name)
}

// RoomName returns the name of a room, with its #, which the text may leave out. Rooms whose names
// differ only in case or width are the same.
func RoomName(text string) (string, error) {
	name, err := checked(strings.TrimPrefix(text, "#"), precis.UsernameCaseMapped)
	if err != nil {
		return "", err
	}
	return "#" + name, nil
}

var (
	errLetters = errors.New("letters, digits, and between them - _ and . are allowed")
	guestKey   = skeleton("guest")
	reserved   = map[string]bool{skeleton("you"): true, skeleton("server"): true, skeleton("everybody"): true}
)

// Key returns the key of any name that somebody has: of one that Name accepts, or of a guest's.
func Key(name string) string { return keyOf(name) }

// checked applies a profile and our own rules. Both bounds of the length are looked at before any work is
// done, for texts are as long as a line.
func checked(text string, profile *precis.Profile) (string, error) {
	if text == "" || utf8.RuneCountInString(text) > 2*MaxName {
		return "", errLength
	}
	name, err := profile.String(text)
	if err != nil {
		return "", errLetters
	}
	if utf8.RuneCountInString(name) > MaxName {
		return "", errLength
	}
	runes := []rune(name)
	for i, r := range runes {
		inside := i > 0 && i < len(runes)-1 && strings.ContainsRune("-_.", r)
		mark := i > 0 && unicode.IsMark(r)
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !inside && !mark {
			return "", errLetters
		}
	}
	return name, nil
}

// keyOf returns the key of a name that may not be one that a client can choose: that of a guest, or one
// that somebody has mistyped.
func keyOf(name string) string {
	if folded, err := precis.UsernameCaseMapped.String(name); err == nil {
		name = folded
	}
	return skeleton(name)
}

// skeleton folds once more at the end, because what looks alike may be a capital letter. The standard tells i from l. As
// keys have no case, the capital I must look like both.
func skeleton(name string) string {
	return strings.ReplaceAll(strings.ToLower(confusables.Skeleton(name)), "i", "l")
}

// posesAsLatin reports whether a name in another script looks like one in Latin letters, but only because it has
// capitals: the Cyrillic ВОВ, whose small letters look like nothing else. Its key does not know of that.
func posesAsLatin(name, key string) bool {
	looks := skeleton(name)
	return !ascii(name) && ascii(looks) && looks != key
}

func ascii(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
}
