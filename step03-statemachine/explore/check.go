package explore

// Check is [Search] for a test: it fails t with the order in which program goes wrong, or logs
// how many orders there were. A search that Limits.Orders has ended fails as well, since
// nobody knows what the other orders do; one within Limits.Preemptions doesn't.
func Check(t TestingT, limits Limits, program Program) Stats {
	t.Helper()
	failure, stats := Search(limits, program)
	switch {
	case failure != nil:
		t.Errorf("order %d of the program fails: %v", stats.Orders, failure)
	case stats.Orders == limits.orDefault().Orders && !stats.Complete:
		t.Errorf("no failure in %d orders, but there are more: give fewer preemptions, or a smaller program", stats.Orders)
	case stats.Complete:
		t.Logf("no failure in %d orders, which are all", stats.Orders)
	default:
		t.Logf("no failure in %d orders, which are all with at most %d preemptions", stats.Orders, limits.Preemptions)
	}
	return stats
}

// TestingT is what Check needs of a *testing.T.
type TestingT interface {
	Helper()
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
}
