package selecttest

// A fault is what the short engine does wrong.
type fault struct {
	// Who gets what.
	sameGuest       bool // all have the same name
	noName          bool // a line does not say whose it is
	toSelf          bool // sends a message to its sender, too
	everyRoom       bool // sends a message to all rooms
	unordered       bool // hands a message out to each client on a goroutine of its own
	writePerMessage bool
	neverFlushes    bool // writes only when four messages are pending

	// What can be asked for.
	saysMe          bool // says what /me does
	keepsSlashes    bool
	saysUnknown     bool // says commands that there are not
	shortHelp       bool
	whispersInRoom  bool // finds only who is in the same room
	noEcho          bool // does not show the sender what it has whispered
	silentNobody    bool
	whoOfOwnRoom    bool
	muteHidesAll    bool
	ignoreExact     bool // compares the name as it was typed
	ignoreNoWhisper bool

	// Names.
	silentRename  bool
	exactNames    bool // compares names as they are
	caseOnly      bool // folds case, and nothing else
	anyName       bool
	keepsOldName  bool // after a rename
	keepsGoneName bool // of who has gone
	checkThenAct  bool

	// Rooms.
	silentMove     bool // who moves is not missed in the old room
	roomsByName    bool
	keepsRooms     bool
	keepsGone      bool // in the room
	dropsOldRoom   bool // what was pending when a client moves
	lateOldRoom    bool // what was pending comes after the greeting
	neverGathers   bool
	gatherLoses    bool // who starts the clock is not counted
	noHistory      bool
	unmarked       bool
	gapInHistory   bool // looks at the history, and then enters
	twiceInHistory bool // enters, and then looks at the history
	wholeHistory   bool // shows all, however much was asked for

	// Lines.
	aReadIsALine  bool
	givesUpRead   bool // forgets half a line when a message comes
	decodesReads  bool // replaces what is no UTF-8 in each Read by itself
	rawBytes      bool
	rawEscapes    bool // passes C0 controls on
	rawC1         bool
	rawBidi       bool
	noLimit       bool // keeps a line until it ends, however long it is
	cutsLongLines bool // as bufio.Scanner does: the client is out
	silentLimit   bool
	dropsHalfLine bool
	saysCutRune   bool

	// Clients that don't read.
	blockingSend   bool // waits while a client's queue is full
	lockedWrite    bool // writes to the clients with the lock held
	unbounded      bool
	unboundedInbox bool
	silentWhisper  bool // drops a whisper for which there is no room without a word
	silentLag      bool
	lagOnServer    bool // logs it
	lagOffByOne    bool
	lagToNewest    bool // drops all when the queue is full, and says only that
	lagAtTheEnd    bool // tells when everything else is written
	countsOwn      bool
	noDeadline     bool
	cutsSlow       bool // a full queue ends the client

	// Clients that talk too much.
	messagesFirst   bool // hears a client only when nothing is pending for it
	ownFirst        bool // writes what others say only when no answer is pending
	noRate          bool
	refusesAtOnce   bool
	refusesSilently bool
	neverRefuses    bool
	waitsWithLock   bool
	readsAhead      bool // reads what it will not hear yet
	hoardEnds       bool // throws that away when the client has finished

	// The end.
	hearsAfterQuit bool
	silentQuit     bool
	closesUnread   bool // closes while something of the client is unread
	silentFailure  bool // tells of those only who have left in good order
	dropsAtEnd     bool // a client that half-closes loses what was pending
	endless        bool // writes on after the end, as long as there is something
	leavesWriter   bool // the writer is not told that the reader has ended
	doubleClose    bool // both goroutines close what both wait for
	closesQueue    bool // closes a queue that others send to
	staysAfterFIN  bool
	oneFailsAll    bool // takes one client's error for the server's
	deafToStop     bool
	silentStop     bool
	dropsAtStop    bool
	cutIsError     bool // a client that was cut at the stop is an error
}
