package cluster

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A store is what NATS remembers for us: who is called what, and what was said.
type store struct {
	self   string
	ctx    context.Context // ends when the cluster does
	fence  string          // a subject of the stream that is no room's
	js     jetstream.JetStream
	bucket jetstream.KeyValue
	stream jetstream.Stream
}

var _ registry = (*store)(nil)

const (
	// maxStored is how many messages of a room are remembered, and storedFor how long. maxStoredBytes is for all rooms together:
	// anybody can open one, and must not be able to fill the disk of NATS. Then the oldest are forgotten first.
	maxStored      = 1000
	storedFor      = 7 * 24 * time.Hour
	maxStoredBytes = 256 << 20
	// patience is how long an answer may take.
	patience = 2 * time.Second
)

var errNoStore = errors.New("cluster: NATS can't be asked")

// openStore opens the bucket and the stream, and makes them if this is the first node ever.
func openStore(ctx context.Context, conn *nats.Conn, s subjects, self string) (*store, error) {
	if !conn.IsConnected() {
		return nil, errNoStore
	}
	opening, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	js, err := jetstream.New(conn)
	if err != nil {
		return nil, err
	}
	bucket, err := js.KeyValue(opening, s.names())
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		bucket, err = js.CreateKeyValue(opening, jetstream.KeyValueConfig{
			Bucket: s.names(), Description: "which node has which name", TTL: nameTTL,
		})
	}
	if err != nil {
		return nil, err
	}
	stream, err := js.Stream(opening, s.history())
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = js.CreateStream(opening, jetstream.StreamConfig{
			Name: s.history(), Description: "what was said", Subjects: []string{s.rooms()},
			MaxMsgsPerSubject: maxStored, MaxAge: storedFor, MaxBytes: maxStoredBytes,
		})
	}
	if err != nil {
		return nil, err
	}
	return &store{self: self, ctx: ctx, js: js, bucket: bucket, stream: stream, fence: s.noRoom()}, nil
}

// create implements [registry].
func (s *store) create(key string) (ok bool, err error) {
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	_, err = s.bucket.Create(ctx, token(key), []byte(s.self))
	if errors.Is(err, jetstream.ErrKeyExists) {
		return false, nil
	}
	return err == nil, err
}

// owner implements [registry].
func (s *store) owner(key string) (node string, version uint64, err error) {
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	entry, err := s.bucket.Get(ctx, token(key))
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		return "", 0, nil
	case err != nil:
		return "", 0, err
	}
	return string(entry.Value()), entry.Revision(), nil
}

// replace implements [registry].
func (s *store) replace(key string, version uint64) (ok bool, err error) {
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	_, err = s.bucket.Update(ctx, token(key), []byte(s.self), version)
	if changed(err) {
		return false, nil
	}
	return err == nil, err
}

// free implements [registry].
func (s *store) free(key string, version uint64) error {
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	err := s.bucket.Delete(ctx, token(key), jetstream.LastRevision(version))
	if changed(err) {
		return nil
	}
	return err
}

// changed reports whether something was not written because it is not any more what was read.
func changed(err error) bool {
	api, ok := errors.AsType[*jetstream.APIError](err)
	return ok && (api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence ||
		api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// catchUp waits until the stream has all that NATS has passed on so far. It takes messages out of a queue. So one is put
// behind the others that it must refuse: it is meant for another stream.
func (s *store) catchUp(ctx context.Context) error {
	_, err := s.js.Publish(ctx, s.fence, nil, jetstream.WithExpectStream("another"))
	if _, refused := errors.AsType[*jetstream.APIError](err); refused {
		return nil
	}
	return err
}

// said returns what is remembered of a room, oldest first.
func (s *store) said(subject, room string) ([]said, error) {
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	if err := s.catchUp(ctx); err != nil {
		return nil, err
	}
	consumer, err := s.stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		FilterSubject: subject, AckPolicy: jetstream.AckNonePolicy, MemoryStorage: true, InactiveThreshold: 5 * patience,
	})
	if err != nil {
		return nil, err
	}
	name := consumer.CachedInfo().Name
	defer func() { _ = s.stream.DeleteConsumer(ctx, name) }() // else NATS does it, a bit later
	pending := consumer.CachedInfo().NumPending
	if pending == 0 {
		return nil, nil
	}
	batch, err := consumer.Fetch(int(pending), jetstream.FetchContext(ctx))
	if err != nil {
		return nil, err
	}
	var stored []said
	for message := range batch.Messages() {
		if one, err := parseSaid(message.Data(), room); err == nil {
			stored = append(stored, one)
		}
		// What is said all the while pushes the oldest out: so it can be fewer than were there.
		if meta, err := message.Metadata(); err == nil && meta.NumPending == 0 {
			return stored, nil
		}
	}
	if err := batch.Error(); err != nil {
		return nil, err
	}
	return stored, nil
}
