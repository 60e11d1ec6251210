// Package progress knows how far the learner is: it watches the exercises, grades those that change, one at a
// time and in the background, and shows what is done, what is red and why, and what comes next.
//
//   - course.go: what is known of the exercises, and who waits for news;
//   - run.go: the loop that owns the watching and the grading; look.go sees what has changed;
//   - snapshot.go: what comes next;
//   - page.go, page.html: the page /progress; routes.go serves it, and progress.js keeps it up to date;
//   - check.go: the same in a terminal.
//
// How an exercise is graded is in package grade. Nothing leaves the machine. Start reading at [Course].
package progress
