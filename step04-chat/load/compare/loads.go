package compare

import (
	"regexp"

	"example.com/async/step02-http/load/process"
	"example.com/async/step04-chat/load/generator"
)

// addressInGreeting is in the first line that the servers print.
var addressInGreeting = regexp.MustCompile(`chat server on (\S+)`)

// Naive is the article's server, which the others are told as ratios to.
var Naive = process.Program{Name: "the article's", Package: "step04-chat/naive", Greeting: addressInGreeting}

// Step4 is step 4's server.
var Step4 = process.Program{Name: "step 4", Package: "step04-chat", Greeting: addressInGreeting}

// Servers are step 4's and those that it is compared with.
var Servers = []process.Program{
	Step4,
	{Name: "step 4, mutex", Package: "step04-chat", Args: []string{"-hub", "mutex"}, Greeting: addressInGreeting},
	{Name: "the textbook's", Package: "step04-chat/textbook", Greeting: addressInGreeting},
	Naive,
}

// A kind of load says what is told of it, see columns.
type kind int

const (
	talk  kind = iota
	crowd      // one talks, and very many listen: as many as timing.crowd says
	idle       // nobody talks
)

// A load is one way in which all servers are used.
type load struct {
	name string
	generator.Load
	stalled int // clients that don't read
	kind    kind
}

// The messages in flight fit into the buffer of each server: none of them has a reason to lose one.
var loads = []load{
	{name: "100 clients, 10 flood, 64 messages in flight", Load: generator.Load{Clients: 100, Senders: 10, Window: 64}},
	{name: "1,000 clients, 1 floods, 64 messages in flight", Load: generator.Load{Clients: 1000, Senders: 1, Window: 64}},
	{name: "1,000 clients talk, 100 messages a second in all", Load: generator.Load{Clients: 1000, Senders: 1000, Rate: 100}},
	{name: "1,000 clients talk, 400 messages a second in all", Load: generator.Load{Clients: 1000, Senders: 1000, Rate: 400}},
	{name: "100 clients, 10 flood, one more does not read", Load: generator.Load{Clients: 100, Senders: 10, Window: 64}, stalled: 1},
	{name: "a crowd, 1 talks, 2 messages a second", Load: generator.Load{Senders: 1, Rate: 2}, kind: crowd},
	{name: "idle clients", kind: idle},
}

// messageSize is what people write in a line, in bytes.
const messageSize = 32
