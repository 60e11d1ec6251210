// Package browsertest drives a browser, for the tests of pages: the book's and the chat's.
//
//   - tab.go: [Start] starts Chromium, or skips the test where there is none. A [Tab] notes
//     all that its pages complain about, and every request that leaves the site.
//   - page.go: a [Page] is a tab in the hands of one test or subtest: what a reader does (opens, clicks,
//     presses keys), and what a test asks for.
//
// The machine may be busy, so nothing here sleeps, and everything waits: [Page.Open] until the page's scripts
// have run, [Page.Click] until what is to be clicked stands still, [Page.Until] until something is true.
// What is waited for must not have been true before the action.
package browsertest
