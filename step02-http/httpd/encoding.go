package httpd

import (
	"strconv"
	"strings"
)

// acceptsGzip reports whether the field Accept-Encoding has gzip with a weight that isn't 0, or
// "*" that stands for it (RFC 9110 section 12.5.3).
func acceptsGzip(field string) bool {
	byStar := false
	for element := range strings.SplitSeq(field, ",") {
		coding, parameters, _ := strings.Cut(element, ";")
		switch strings.ToLower(strings.Trim(coding, " \t")) {
		case "gzip", "x-gzip":
			return weight(parameters) > 0
		case "*":
			byStar = weight(parameters) > 0
		}
	}
	return byStar
}

// weight understands "q=0.5"; without it the weight is 1, with a wrong one 0 (RFC 9110 section 12.4.2).
func weight(parameters string) float64 {
	value, found := strings.CutPrefix(strings.ToLower(strings.Trim(parameters, " \t")), "q=")
	if !found {
		return 1
	}
	q, err := strconv.ParseFloat(value, 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}
