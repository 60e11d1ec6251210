// Package lesson is what tests, exercises and the book share.
//
// A [Case] is one property that a step's code must have: a name, the rule with
// its source, a hint, and a function that checks it. A step exports a list of
// cases, its suite, and the suite runs against any implementation:
//
//   - the step's own code: [Run] and [RunInBubble] make each case a subtest;
//   - a learner's exercise: [Grade], which knows an exercise that nobody has
//     started, and fails if an empty one passes;
//   - wrong programs: [Museum] runs each in a process of its own, asserts that
//     the case meant for it catches it, and draws the kill table;
//   - the step's own code with a fault planted in it: ChangeMuseum.
//
// Suites of servers share package servertest; its connections in memory are those of memnet. Tests
// of pages drive a browser by browsertest.
//
// A case reports to a [T] and can't hang: a watchdog turns a hang into a sentence,
// with the places where goroutines wait; what is still running afterwards is a leak, and
// a failure too. Start reading at [Judge].
package lesson
