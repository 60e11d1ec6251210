//go:build !unix

package program

import "math"

// FileLimit returns how many files this process may have open; [math.MaxInt] if that is not
// limited, as on Windows, where there are as many as there is memory for.
func FileLimit() int { return math.MaxInt }
