package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Select draws lots which of the two it polls first, and the output is the same.
func TestShow(t *testing.T) {
	for range 100 {
		var out strings.Builder
		show(&out)
		require.Equal(t, `A user types "please do not ", a message comes, the user types "forget me\n".
1. A new read in each round:
   a read is cancelled, and takes with it "please do not "
   the client has the message "hello"
   the client has the line "forget me"
2. One read for all rounds:
   the client has the message "hello"
   the client has the line "please do not forget me"
`, out.String())
	}
}
