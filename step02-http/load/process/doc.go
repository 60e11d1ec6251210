// Package process runs the servers that are to be measured: each in a process of its own, on one
// processor core, while whoever measures has another one.
//
// That is what makes figures comparable. A server that shares its process with the generator
// shares its heap, its garbage collector and its scheduler too, and one that shares its core is
// measured only when the generator leaves it time. [Build] compiles servers, [Pin] chooses
// two cores where the system allows it, [Start] starts a server on one of them. Then [CPU] and
// [Resident] tell what it uses, of any process that this user may look at.
//
// Start reading at [Start]; cores_linux.go has the system calls.
package process
