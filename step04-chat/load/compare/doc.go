// Package compare measures chat servers beside each other: step 4's with each of its hubs, the article's and
// the textbook's.
//
// Each server runs in a process of its own, on one processor core, and the load generator on another, where the system
// allows it (package process of step 2). Each load is measured in several rounds, and within a round one server after the
// other: so a machine that becomes slower or faster in the meantime changes all alike. What is told is the median; of what was
// lost, the most.
//
// The figure to look at is how many messages reach a receiver in a second, as a ratio to the article's
// server. The column "busy" says how much of its core a server used: where it is much less than 100 %, the
// generator was the slower of the two, or nothing more was asked.
//
// Start reading at [Run]. loads.go says what is measured, table.go shows it.
package compare
