package lines

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDecoder_holdsNothingBetweenTwoLines(t *testing.T) {
	for _, pieces := range [][]string{{"half a ", "line\n"}, {"too ", "long for this one"}, {"too ", "long for this one\n"}, {"whole\n"}} {
		d := Decoder{Max: 12}
		for _, piece := range pieces {
			for rest := []byte(piece); len(rest) > 0; {
				_, rest, _ = d.Next(rest)
			}
		}
		assert.Nil(t, d.part, "%q", pieces)
	}
}
