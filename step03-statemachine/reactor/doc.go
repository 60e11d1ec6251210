// Package reactor tells Futures when a descriptor is worth trying: it waits for all
// of them in one place, which on Linux is epoll.
//
// A socket that would block is no Future yet: somebody has to call a waker when
// that changes. [Epoll] is that somebody. Each descriptor is a [Source] in it. A Future
// that wants to read asks [Source.Begin], makes the system call itself, and tells
// [Source.End] how it went. The executor's worker that has nothing to do calls [Epoll.Park],
// which collects the wakers of those whose descriptor has changed.
//
//   - side_linux.go: what is remembered of each direction of a descriptor, and why;
//   - source_linux.go: a registered descriptor, from its first event to its close;
//   - epoll_linux.go: the table of descriptors, and the events;
//   - park_linux.go: how to sleep until one comes, and how to be woken.
//
// Elsewhere than on Linux the package is empty: package asyncnet has a portable network, on
// goroutines, that does without. Start reading at side_linux.go. In Rust: mio, and tokio's io::driver.
package reactor
