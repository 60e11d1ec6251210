// Package designtest is what the four designs of one chat room have in common, as a test over TCP: whether it is Go or
// not, the server only has to listen. Start reading at [TestRoom].
package designtest
