// Package workshop holds what somebody needs who teaches this tutorial: a guide
// (README.md), a presenter's script for each step, hand-outs of one page, and
// schedules of three formats.
//
// How long each part of a script takes, and which parts a format uses, is data:
// schedule.json, read by [Read]. The tables and clock times in the pages are made of it
// ([Schedule.Table], [Schedule.Cuts], [Script.CutsTable], [Schedule.Stamp]), so that a change of a minute is a change of
// one number and go generate ./docs/... mends the rest. The tests of this package sum each
// format, and compare the pages.
//
//   - schedule.go: the data, and what must be true of it;
//   - script.go: what a presenter's script says about its parts;
//   - table.go: what is generated.
package workshop
