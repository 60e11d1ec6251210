// Package house holds the tests of the rules that the whole repository keeps:
// who may import whom, what the top level holds, what a protocol package may
// not touch. It has no other code.
//
// The rules are data at the top of house_test.go. A new step, package or
// dependency that breaks one is either wrong, or a reason to change the rule:
// then say why in the commit.
package house
