package http1

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/http/httpguts"
)

func TestFieldNamesAndValues_areThoseOfHTTPGuts(t *testing.T) {
	for b := range 256 {
		one := string([]byte{byte(b)})
		require.Equal(t, httpguts.ValidHeaderFieldName(one), tokenChars[b], "in a name: %q", one)
		require.Equal(t, httpguts.ValidHeaderFieldValue(one), validFieldValue(one), "in a value: %q", one)
	}
}

// The word-wise check must agree with the plain one wherever a byte stands, and
// whatever stands beside it, and however long the value is.
func TestValidValueBytes_agreesWithTheByteWiseCheck(t *testing.T) {
	require.True(t, validValueBytes(nil))
	for _, beside := range []string{"a", "\t", " ", "\x7e", "\x80", "\xff", "!"} {
		for _, length := range []int{1, 7, 8, 9, 15, 16, 17, 18} {
			for at := range length {
				for b := range 256 {
					value := []byte(strings.Repeat(beside, length))
					value[at] = byte(b)
					if validFieldValue(value) != validValueBytes(value) {
						t.Fatalf("%q", value)
					}
				}
			}
		}
	}
}

func TestEqualFold_isASCIIOnly(t *testing.T) {
	require.True(t, equalFold("Content-LENGTH", "content-length"))
	require.False(t, equalFold("\u212aeep", "keep")) // the Kelvin sign
	require.False(t, equalFold("^", "~"), "these two differ in the bit that case is")
	require.False(t, equalFold("a", "ab"))
}
