package httpd

import "time"

// A deadline is the time limit of one side of a connection.
//
// Setting one in the runtime costs as much as parsing a request, and a busy
// connection would move it by microseconds each time. So a deadline may be up to
// maxEarly early. Who then gets a time-out looks at the clock, and goes on if it came too soon:
// the limit itself is exact.
type deadline struct {
	set   func(time.Time) error // the connection's SetReadDeadline or SetWriteDeadline
	armed time.Time             // what it was set to
}

const maxEarly = time.Second

// arm makes operations time out at t, or up to maxEarly before. The zero time is no limit,
// as for the connection; that is not remembered, for hardly anybody wants it.
func (d *deadline) arm(t time.Time) error {
	if early := t.Sub(d.armed); early >= 0 && early <= maxEarly && !t.IsZero() {
		return nil
	}
	d.armed = t
	return d.set(t)
}

// disarm forgets what was set: somebody else set it, or it has passed.
func (d *deadline) disarm() { d.armed = time.Time{} }
