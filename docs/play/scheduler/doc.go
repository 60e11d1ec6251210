// Package scheduler is the moving picture in which the reader is the scheduler.
//
// A few tasks stand on step 3's executor. The reader chooses, one step at a time, which queued task is polled, when
// an event comes and when the clock is turned, and sees what that does: polls, wakes, and who waits. Two of
// the programs are wrong, and lose a wake-up in some order or in every one. An order that was
// found can be saved as a test.
//
// The server keeps nothing between two questions. The page sends all choices each time, and the program is run from its
// beginning: package explore follows the schedule on an executor.Manual, so the same choices lead to the same place.
//
// Start reading at stage.go, what a program stands on; then programs.go, the programs and where they are; played.go
// makes what the page draws of a run, savedtest.go a test, and handler.go answers the page.
package scheduler
