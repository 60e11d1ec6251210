// Package compare measures HTTP servers beside each other: step 2's, net/http, fasthttp, and a
// server that doesn't parse at all, which is the ceiling for servers with a goroutine per connection.
// Step 3 compares its own in the same way.
//
// Each server runs in a process of its own, on one processor core, and the load
// generator on another, where the system allows it (package process). Each load is
// measured in several rounds, and within a round one server after the other: so a machine
// that becomes slower or faster in the meantime changes all alike. What is told is the median.
//
// The figure to look at is the processor time that a request costs the server. Requests per second are
// limited by the generator, where it is the slower of the two: the column "busy"
// says how much of its core the server used.
//
// Start reading at [Run], then measure.go. loads.go says what is measured,
// server.go names the servers; figures.go, table.go, chart.go and svg.go show the results.
package compare
