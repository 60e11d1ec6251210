// Package pin shows what breaks when a value that points into itself is moved or copied.
//
// Rust moves values: an assignment, a call or a Vec that grows copies the bytes elsewhere, and
// forgets the original. A pointer into the value would then point to where
// it was. An async function's enum can hold such a pointer, to a local variable that lives across
// an await; so poll takes Pin<&mut Self>, a promise in the type that the value
// stays where it is until it is dropped, and the compiler keeps every caller to it.
//
// Go has no word for that, because it needs no protection from moves: a
// variable whose address was taken stays where it is, or its pointers are mended ([MoveStack],
// [StayOnHeap]). What is dangerous in Go is the copy, since the original lives on: two values
// share one buffer, and no crash says so ([Line]). No type can forbid the copy. There is a check
// at run time ([CheckedLine]), one by go vet ([GuardedLine]), and a habit: use a pointer.
// [runtime.Pinner] is something else: it is for memory that is lent to C ([KeepForC]).
//
// go run ./step03-statemachine/examples/pin shows them all; start reading at line.go.
package pin
