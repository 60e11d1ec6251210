// Package measure runs the designs of one chat room, each in a process of its own, and measures them beside each other.
//
// The server has one processor core and the load generator another, where the system allows it (package process of
// step 2); the clients are those of step 4's load generator. Each load is measured in several rounds, and in each round
// one design after the other, so that a machine that becomes slower changes all alike. What is
// told is the median, also of the longest times; of what was lost, the most.
//
// One load is new here: a client that lets the server compute, in labour.go. What the server knows of its own pauses, it
// tells when it is asked "/stats": Process.Stop kills, so there is no end at which it could print them.
//
// Start reading at [Run]. loads.go says what is measured, table.go shows it.
package measure
