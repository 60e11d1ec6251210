package party

import (
	"sync"

	"example.com/async/step05-select/session"
)

// names is who is surely called what at the moment: from when a client is told its name until it asks for another one, or
// begins to leave. So if two are called alike here, they were in the chat.
type names struct {
	run *run

	mu     sync.Mutex
	owners map[string]uint32 // by key
	keys   map[uint32]string // of each client
}

func (n *names) hold(client uint32, name string) {
	key := session.Key(name)
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.owners, n.keys[client])
	if owner, ok := n.owners[key]; ok {
		n.run.fault("client %d was told that it is called %s, and client %d is called that, or nearly that", client, name, owner)
		delete(n.keys, client)
		return
	}
	n.owners[key], n.keys[client] = client, key
}

func (n *names) release(client uint32) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if key, ok := n.keys[client]; ok {
		delete(n.owners, key)
		delete(n.keys, client)
	}
}
