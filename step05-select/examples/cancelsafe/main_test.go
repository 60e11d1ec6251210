package main

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestShow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		show(&out)
		require.Equal(t, `A user types "please do not ", a message comes, the user types "forget me\n".
1. a read with a deadline:
   the server has the line "forget me"
2. a Scanner with a deadline:
   the server has the line "please do not "
   the server has the line "forget me"
3. a goroutine in each round that reads a line:
   the server has no line
4. one goroutine that reads all lines:
   the server has the line "please do not forget me"
`, out.String())
	})
}
