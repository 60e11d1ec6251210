package cluster

import "errors"

// A registry is where all nodes write down whose a name is: a bucket of NATS's key-value store. An owner is the ID of a node. Each
// method is one decision that the store takes for all: of two who write at once, one is told no.
type registry interface {
	// create writes our ID at a key that nobody has; ok is false if somebody has.
	create(key string) (ok bool, err error)
	// owner returns who has the key, "" if nobody has; version says what was read.
	owner(key string) (node string, version uint64, err error)
	// replace writes our ID in the place of what was read; ok is false if that has changed.
	replace(key string, version uint64) (ok bool, err error)
	// free forgets the key if it still is what was read.
	free(key string, version uint64) error
}

// A verdict says whose a name is.
type verdict uint8

const (
	ours   verdict = iota + 1
	theirs         // another node's, which is alive
	unsure         // another node's, of which it is not yet known whether it is
)

// secure asks for a name, and renews it if it is ours already. A name whose node is gone is free. settled says
// that we would have heard of a node if it were alive.
func secure(r registry, key, self string, alive func(node string) bool, settled bool) (verdict, error) {
	const attempts = 4 // each fails only because others have got on
	for range attempts {
		ok, err := r.create(key)
		if err != nil {
			return 0, err
		}
		if ok {
			return ours, nil
		}
		node, version, err := r.owner(key)
		switch {
		case err != nil:
			return 0, err
		case node == "":
			continue // it has just become free
		case node == self:
		case alive(node):
			return theirs, nil
		case !settled:
			return unsure, nil
		}
		ok, err = r.replace(key, version)
		if err != nil {
			return 0, err
		}
		if ok {
			return ours, nil
		}
	}
	return theirs, nil
}

// giveUp frees a name if it is ours.
func giveUp(r registry, key, self string) error {
	node, version, err := r.owner(key)
	if err != nil || node != self {
		return err
	}
	return r.free(key, version)
}

var errTaken = errors.New("somebody else is called that, or nearly that")
