// Command models serves the same echo one connection at a time, by a thread for
// each and by a goroutine for each, measures them, and prints a table.
package main

import "example.com/async/step01-tcp/models/model"

func main() { model.Command("go run ./step01-tcp/models", model.All()) }
