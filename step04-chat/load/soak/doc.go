// Package soak fills a chat room with clients that behave as people and machines do: they come, talk, flood, stop
// reading, vanish in the middle of a line, and leave. Thousands of them, one after the other, and at the end it looks
// whether the server is as it was before the first one came.
//
// A soak has several rounds. Throughout a round a speaker says one line after the other, and a listener checks that it
// hears them all, in order, or is told how many it missed. At its end all clients leave, two new ones must hear
// each other, and the server's open files must be as many as before. Its memory may grow in the first round, and hardly
// after it.
//
// What each client does is drawn from a seed. The server must pass lines on as "[who] text", and may add
// notices that begin with "*".
//
// Start reading at [Run]; client.go has what clients do, witness.go those who check, server.go what is left behind.
package soak
