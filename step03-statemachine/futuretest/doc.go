// Package futuretest is what tests of Futures share.
//
// The tools: a [Waker] that counts, a [Probe] that notices when its owner breaks
// the contract of [future.Future], [PollThree] that polls more often than it was
// asked to, a [Trigger] that is ready when somebody fires it, and a [Clock] that the test turns.
//
// The suites, in the way of [golang.org/x/net/nettest.TestConn], judge any implementation:
// [DelayCases], [JoinCases], [SelectCases], [SelectBiasedCases], [TimeoutCases] and
// [SetCases]. Each takes a constructor, so that package future's own, a learner's and wrong
// ones can be judged by the same cases. The museum of this package's tests shows that each
// case can fail.
//
// Start reading at [Probe], then join_cases.go.
package futuretest
