package compare

import (
	"context"
	"regexp"

	"example.com/async/step02-http/load/process"
)

// A Server is a program that answers GET / with "Hello, world!". It must take the flag -addr, and print
// its address in a line of the form http://HOST:PORT/.
type Server struct {
	// Name stands for it in tables.
	Name string
	// Package is its path below this module's.
	Package string
	// Args are its arguments, besides -addr.
	Args []string
	// OneShot are more arguments, for the load of a connection per request.
	OneShot []string
	// Ours says that a chart shows it in another colour.
	Ours bool
}

// NetHTTP is the server that the others are told as ratios to.
var NetHTTP = Server{Name: "net/http", Package: "step02-http/peers/nethttp"}

// Step2 is step 2's server. It has no limit of connections here, because the others have none.
var Step2 = Server{Name: "step 2", Package: "step02-http", Args: []string{"-max-conns", "0"}, Ours: true}

// Servers are step 2's and those that it is compared with.
var Servers = []Server{
	Step2,
	NetHTTP,
	{Name: "fasthttp", Package: "step02-http/peers/fasthttp"},
	{Name: "no parsing", Package: "step02-http/peers/noparse", OneShot: []string{"-once"}}, // the others read it in the request
}

// build compiles the servers into a folder.
func build(ctx context.Context, folder string, servers []Server) error {
	var packages []string
	for _, s := range servers {
		packages = append(packages, s.Package)
	}
	return process.Build(ctx, folder, packages...)
}

var addressInGreeting = regexp.MustCompile(`http://([^/\s]+)`)

// start starts a server that build has put into a folder, for one load.
// The caller must call Stop.
func start(ctx context.Context, folder string, s Server, l load, cores process.Cores) (*process.Process, error) {
	args := s.Args[:len(s.Args):len(s.Args)]
	if l.oneShot {
		args = append(args, s.OneShot...)
	}
	return process.Start(ctx, folder, process.Program{Name: s.Name, Package: s.Package, Args: args, Greeting: addressInGreeting}, cores)
}
