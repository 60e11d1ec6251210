// Package httpdtest is the behaviour suite of step 2: what an HTTP/1.1 server must do,
// told in raw bytes, so that a case shows exactly what was sent.
//
//   - [SiteCases] need nothing but a server for [Site] with default limits. Any program
//     that serves these routes can be judged by them: syntax_cases.go, framing_cases.go,
//     connection_cases.go, response_cases.go, limit_cases.go, file_cases.go,
//     encoding_cases.go.
//   - [EngineCases] need a server that takes the settings of an [httpd.Server], because
//     they bring handlers of their own: time_cases.go, stop_cases.go, handler_cases.go.
//   - [CostCases] compare how much work requests make: cost_cases.go.
//
// [TestServer] runs all of them, in memory, where time is virtual, and over loopback.
// The client is in client.go; responses are read by net/http, which shares no
// code with what is judged.
package httpdtest
