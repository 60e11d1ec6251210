package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"example.com/async/internal/program"
	"example.com/async/step02-http/http1"
	"example.com/async/step02-http/load/client"
	"example.com/async/step02-http/load/compare"
	"example.com/async/step02-http/load/crowd"
	"example.com/async/step02-http/load/generator"
)

const about = `Sends requests to an HTTP server and reports how it answers. The URL stands
before or behind the flags, or after -url.

Without flags that say what to send or how, and without a path in the URL, it sends
the article's mix: 1,000 requests by turns to GET /, GET /api/stats and POST /echo,
over 50 connections. Try:

  go run ./step02-http/load http://127.0.0.1:8080
  go run ./step02-http/load -d 10s -c 64 http://127.0.0.1:8080/
  go run ./step02-http/load -d 10s -rate 5000 http://127.0.0.1:8080/
  go run ./step02-http/load -idle 10000 -slow 1000 -rate 2000 http://127.0.0.1:8080/
  go run ./step02-http/load -compare`

// options are what the flags say.
type options struct {
	url        string
	load       generator.Load
	json       string // file, "-" for stdout, "" for none
	crowd      crowd.Members
	compare    bool
	comparison compare.Options
}

// parseFlags returns only if the arguments are right.
func parseFlags() (options, *flag.FlagSet) {
	var o options
	var fields []http1.Field
	flags := flag.NewFlagSet("go run ./step02-http/load", flag.ExitOnError)
	flags.StringVar(&o.url, "url", "", "ask this `URL`")
	conns := flags.Int("c", articleConns, "use `n` connections at the same time")
	flags.IntVar(&o.load.Count, "n", 0, "send `n` requests (default 1000, unless -d is given)")
	flags.DurationVar(&o.load.Duration, "d", 0, "send requests for this `time`: 10s")
	flags.Float64Var(&o.load.Rate, "rate", 0, "send `n` requests a second, however long the answers take; their times count from when they were due")
	flags.BoolVar(&o.load.OneShot, "no-keepalive", false, "open a connection for each request")
	flags.IntVar(&o.load.Pipeline, "pipeline", 1, "send `n` requests at once on each connection, before reading the answers")
	flags.DurationVar(&o.load.Timeout, "timeout", 10*time.Second, "give up a request after this `time`")
	method := flags.String("method", "", "send this `method` (default GET, with -body POST)")
	body := flags.String("body", "", "send this `text` as the body")
	flags.Func("H", "send this header `field`, as in \"Name: value\"; may be repeated", func(text string) error {
		name, value, ok := strings.Cut(text, ":")
		if !ok {
			return errors.New("it must have a colon")
		}
		fields = append(fields, http1.Field{Name: name, Value: strings.TrimSpace(value)})
		return nil
	})
	flags.IntVar(&o.crowd.Idle, "idle", 0, "measure beside `n` connections that are open and silent, and without them")
	flags.IntVar(&o.crowd.Slow, "slow", 0, "the same with `n` connections that send a byte of a head each second")
	flags.StringVar(&o.json, "json", "", "write the report as JSON to this `file`; - is stdout, instead of the text")
	flags.BoolVar(&o.compare, "compare", false, "start step 2's server and others, and compare them")
	o.comparison.AddFlags(flags, "with -compare: ")
	os.Args = urlAsFlag(os.Args)
	program.Parse(flags, about)

	o.load.Conns = *conns
	err := o.complete(fields, *method, *body)
	if err == nil && !o.compare {
		err = o.load.Check()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v; -h lists the flags\n", flags.Name(), err)
		os.Exit(2)
	}
	return o, flags
}

// urlAsFlag lets the URL stand alone, as wrk and hey have it: first or last.
func urlAsFlag(args []string) []string {
	isURL := func(text string) bool { return strings.Contains(text, "://") && !strings.HasPrefix(text, "-") }
	last := len(args) - 1
	switch {
	case last < 1:
		return args
	case isURL(args[1]):
		return append([]string{args[0], "-url"}, args[1:]...)
	case isURL(args[last]) && !strings.HasSuffix(args[last-1], "-url"):
		return append(append([]string{}, args[:last]...), "-url", args[last])
	}
	return args
}

// complete makes a load of what the flags say.
func (o *options) complete(fields []http1.Field, method, body string) error {
	if o.compare {
		if o.url != "" {
			return errors.New("-compare starts its own servers, and takes no URL")
		}
		return o.comparison.Check()
	}
	target, err := url.Parse(o.url)
	switch {
	case o.url == "":
		return errors.New("which server? Name a URL, http://127.0.0.1:8080 for example")
	case err != nil:
		return err
	case target.Scheme != "http" || target.Hostname() == "":
		return fmt.Errorf("%q is no URL that begins with http:// and a host", o.url)
	case o.load.Conns > math.MaxUint16:
		return errors.New("-c must be at most " + strconv.Itoa(math.MaxUint16) + ": there are no more ports")
	}
	if err := o.checkCrowd(); err != nil {
		return err
	}
	if o.load.Count == 0 && o.load.Duration == 0 {
		o.load.Count = articleRequests
	}
	if o.load.OneShot {
		fields = append(fields, http1.Field{Name: "Connection", Value: "close"})
	}
	o.load.Dial = dialer(target)
	plain := o.crowd.Idle+o.crowd.Slow == 0 && o.load.Duration == 0 && o.load.Rate == 0 && o.load.Pipeline == 1 && !o.load.OneShot
	if plain && strings.TrimSuffix(target.RequestURI(), "/") == "" && method == "" && body == "" {
		o.load.Endpoints, err = articleMix(target.Host, fields)
		return err
	}
	switch {
	case method == "" && body == "":
		method = http1.MethodGet
	case method == "":
		method = http1.MethodPost
	}
	request, err := client.NewRequest(method, target.Host, target.RequestURI(), fields, body)
	o.load.Endpoints = []generator.Endpoint{{Request: request}}
	o.crowd.Dial, o.crowd.Request, o.crowd.Timeout = o.load.Dial, request, o.load.Timeout
	return err
}

func dialer(target *url.URL) func(context.Context) (net.Conn, error) {
	address := target.Host
	if target.Port() == "" {
		address = net.JoinHostPort(target.Hostname(), "80")
	}
	var d net.Dialer
	return func(ctx context.Context) (net.Conn, error) { return d.DialContext(ctx, "tcp", address) }
}
