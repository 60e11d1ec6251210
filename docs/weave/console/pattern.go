package console

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// class is a kind of text that differs from run to run by its nature, so that
// no author need declare it. What find matches in the expected line, accept
// must match in the real one.
type class struct {
	when   *regexp.Regexp // only in lines that match; nil means all
	find   *regexp.Regexp
	accept string
}

func same(expr string) class { return class{find: regexp.MustCompile(expr), accept: expr} }

// classes are tried in their order. Whole durations are not among them: "idle
// for 5s" is a setting, which a chapter gets right or wrong. "1.28ms" is measured.
var classes = []class{
	same(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)`),
	same(`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z][a-z] \d{4} \d\d:\d\d:\d\d GMT`),
	same(`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)?`),
	same(`\b\d\d:\d\d:\d\d(?:\.\d+)?\b`),
	{ // go test, of a package that passed
		when:   regexp.MustCompile(`^ok `),
		find:   regexp.MustCompile(`(?:\d+\.\d+s|\(cached\))$`),
		accept: `(?:\d+\.\d+s|\(cached\))`,
	},
	{ // go test -bench: the number of processors
		when:   regexp.MustCompile(`^Benchmark.* ns/op`),
		find:   regexp.MustCompile(`-\d+\b`),
		accept: `(?:-\d+)?`,
	},
	{ // the rounds and the figures
		when:   regexp.MustCompile(`^Benchmark.* ns/op`),
		find:   regexp.MustCompile(` \d[\d.]*`),
		accept: ` [\d.]+`,
	},
	{
		when:   regexp.MustCompile(`^(?:goos|goarch|cpu): `),
		find:   regexp.MustCompile(` .*`),
		accept: ` .*`,
	},
	{
		find:   regexp.MustCompile(`\b(?:\d+h)?(?:\d+m)?\d+\.\d+ ?(?:ns|µs|us|ms|s)\b`),
		accept: `(?:\d+h)?(?:\d+m)?\d+(?:\.\d+)? ?(?:ns|µs|us|ms|s)`,
	},
	same(`\bpid[= ]\d+`),
	same(`\.go:\d+(?::\d+)?\b`), // the next edit of the file moves it
	same(`\bgoroutine \d+`),
	same(`\b0x[0-9a-f]{6,}\b`),
	same(`\+0x[0-9a-f]+\b`), // in a stack trace
}

// pattern is a line that a chapter shows, ready to be compared.
type pattern struct {
	text  string         // as shown, with its white space normalized
	re    *regexp.Regexp // nil if the line must be just text
	ports []string       // the port that the chapter shows, for each group p0, p1, ...
}

// compile makes a pattern of a line. What one of vary matches in it may be any
// other match; a port may be any port, as long as it is the same one everywhere.
func compile(line string, vary []*regexp.Regexp) pattern {
	p := pattern{text: normalize(line)}
	type span struct {
		from, to int
		accept   string
	}
	var spans []span
	add := func(from, to int, accept string) bool {
		for _, s := range spans {
			if from < s.to && s.from < to {
				return false // what was found first is more specific
			}
		}
		if from < to {
			spans = append(spans, span{from, to, accept})
		}
		return from < to
	}
	for _, re := range vary {
		for _, at := range re.FindAllStringIndex(p.text, -1) {
			add(at[0], at[1], "(?:"+re.String()+")")
		}
	}
	for _, at := range address.FindAllStringSubmatchIndex(p.text, -1) {
		from, to := at[2], at[3]
		if add(from, to, "(?P<p"+strconv.Itoa(len(p.ports))+`>\d+)`) {
			p.ports = append(p.ports, p.text[from:to])
		}
	}
	for _, c := range classes {
		if c.when != nil && !c.when.MatchString(p.text) {
			continue
		}
		for _, at := range c.find.FindAllStringIndex(p.text, -1) {
			add(at[0], at[1], "(?:"+c.accept+")")
		}
	}

	if len(spans) == 0 {
		return p
	}
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var expr strings.Builder
	expr.WriteString("^")
	end := 0
	for _, s := range spans {
		expr.WriteString(regexp.QuoteMeta(p.text[end:s.from]))
		expr.WriteString(s.accept)
		end = s.to
	}
	expr.WriteString(regexp.QuoteMeta(p.text[end:]))
	expr.WriteString("$")
	p.re = regexp.MustCompile(expr.String())
	return p
}

// match compares a real line, normalized. It returns the bindings extended by the ports of
// this line, and false when the line differs.
func (p pattern) match(line string, known bindings) (bindings, bool) {
	if p.re == nil {
		return known, line == p.text
	}
	groups := p.re.FindStringSubmatch(line)
	if groups == nil {
		return known, false
	}
	for i, shown := range p.ports {
		var ok bool
		real := groups[p.re.SubexpIndex("p"+strconv.Itoa(i))]
		if known, ok = known.bind(shown, real); !ok {
			return known, false
		}
	}
	return known, true
}

var whiteSpace = regexp.MustCompile(`[ \t]+`)

// normalize drops what nobody can see: the kind and amount of white space
// between words, white space at the end, a carriage return. What is not UTF-8
// becomes �, as a terminal shows it.
func normalize(line string) string {
	line = strings.ToValidUTF8(line, "\uFFFD")
	return strings.TrimRight(whiteSpace.ReplaceAllString(strings.TrimRight(line, "\r"), " "), " ")
}
