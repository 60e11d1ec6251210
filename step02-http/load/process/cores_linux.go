package process

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

// Cores says which processor cores are used. The zero value uses any.
type Cores struct{ server, generator *mask }

// A mask is a set of cores, a bit each, as sched_setaffinity(2) has it.
type mask [1024 / 64]uint64

// Pin binds this process to one core, and keeps another one for servers. unpin undoes it. Where there
// are fewer than two, or where the system lets nobody choose, it binds nothing.
func Pin() (c Cores, unpin func()) {
	allowed, err := affinity(0)
	first, second := allowed.first(0), -1
	if err == nil && first >= 0 {
		second = allowed.first(first + 1)
	}
	if second < 0 {
		return Cores{}, func() {}
	}
	c = Cores{server: only(first), generator: only(second)}
	if setForAll(c.generator) != nil {
		setForAll(&allowed)
		return Cores{}, func() {}
	}
	threads := runtime.GOMAXPROCS(1)
	return c, func() {
		runtime.GOMAXPROCS(threads)
		setForAll(&allowed)
	}
}

// Pinned reports whether server and generator have a core each.
func (c Cores) Pinned() bool { return c.server != nil }

// start starts a command on the server's core. A process inherits the cores of the
// thread that starts it.
func (c Cores) start(command *exec.Cmd) error {
	if !c.Pinned() {
		return command.Start()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := setAffinity(0, c.server); err != nil {
		return err
	}
	defer setAffinity(0, c.generator)
	return command.Start()
}

// setForAll binds all threads of this process. Threads to come inherit it.
func setForAll(m *mask) error {
	// Twice: a thread that is started meanwhile by one that is not yet bound would be missed.
	for range 2 {
		tasks, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		for _, task := range tasks {
			tid, err := strconv.Atoi(task.Name())
			if err != nil {
				return err
			}
			if err := setAffinity(tid, m); err != nil && err != syscall.ESRCH { // it has ended
				return err
			}
		}
	}
	return nil
}

func only(core int) *mask {
	m := new(mask)
	m[core/64] = 1 << (core % 64)
	return m
}

// first returns the first core from that number on, or -1.
func (m *mask) first(from int) int {
	for core := from; core < len(m)*64; core++ {
		if m[core/64]&(1<<(core%64)) != 0 {
			return core
		}
	}
	return -1
}

// The three system calls below are in golang.org/x/sys/unix too, a module that step 2
// doesn't need otherwise.

func affinity(tid int) (m mask, err error) {
	_, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, uintptr(tid), unsafe.Sizeof(m), uintptr(unsafe.Pointer(&m)))
	if errno != 0 {
		return mask{}, errno
	}
	return m, nil
}

func setAffinity(tid int, m *mask) error {
	_, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, uintptr(tid), unsafe.Sizeof(*m), uintptr(unsafe.Pointer(m)))
	if errno != 0 {
		return errno
	}
	return nil
}

// CPU returns the processor time that a process has used, user and system. /proc has it
// too, but in units of 10 ms. Where the system doesn't tell, ok is false.
func CPU(pid int) (used time.Duration, ok bool) {
	const scheduled = 2 // CPUCLOCK_SCHED: what the scheduler has counted, see clock_getcpuclockid(3)
	clock := ^pid<<3 | scheduled
	var t syscall.Timespec
	_, _, errno := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, uintptr(clock), uintptr(unsafe.Pointer(&t)), 0)
	return time.Duration(t.Nano()), errno == 0
}
