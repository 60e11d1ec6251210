// Package generator sends requests to an HTTP server and measures how it answers.
//
// A [Load] says what to send and how: by so many connections, so many requests or for
// so long. There are two ways to decide when a request is sent, and they answer
// different questions:
//
//   - closed loop: a connection sends its next request when it has the answer to the last one.
//     That finds out how much a server can do. But a server that stalls is asked
//     less: its worst moments are those of which there are the fewest measurements.
//     That is called coordinated omission;
//   - open loop, with a Rate: requests are due at fixed times, whatever the server does, as users
//     come. A request that must wait until a connection is free has waited: its latency
//     counts from the moment when it was due. schedule.go is this difference.
//
// Start reading at [Load], then at worker.work in worker.go. run.go holds what the
// workers share, result.go what they find out, failure.go how it can fail.
package generator
