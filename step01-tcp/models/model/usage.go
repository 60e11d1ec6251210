package model

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"runtime/debug"
	"runtime/metrics"
)

// Usage is what a server process takes from its system.
type Usage struct {
	// Memory is the process's resident set in bytes after a garbage collection:
	// VmRSS in Linux's proc(5). The kernel's own memory is not in it: socket
	// buffers, and 16 KiB and more of kernel stack for each thread.
	Memory int64
	// Estimated says that the system has no /proc, and that Memory is what the Go runtime
	// has got from the system and not given back. The stacks of threads may be missing.
	Estimated bool
	// Threads is the number of live threads that the Go runtime has started.
	Threads int
}

// currentUsage tells the usage of the process that calls it. It collects garbage
// first, for what could be freed is not the price of a connection.
func currentUsage() Usage {
	debug.FreeOSMemory()
	samples := []metrics.Sample{
		{Name: "/sched/threads/total:threads"},
		{Name: "/memory/classes/total:bytes"},
		{Name: "/memory/classes/heap/released:bytes"},
	}
	metrics.Read(samples)
	usage := Usage{Threads: int(samples[0].Value.Uint64())}
	if resident, ok := residentSet(); ok {
		usage.Memory = resident
	} else {
		usage.Memory = int64(samples[1].Value.Uint64() - samples[2].Value.Uint64())
		usage.Estimated = true
	}
	return usage
}

// residentSet reads VmRSS, where there is such a thing.
func residentSet() (size int64, ok bool) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, false
	}
	for lines := bufio.NewScanner(bytes.NewReader(status)); lines.Scan(); {
		var kib int64
		if n, _ := fmt.Sscanf(lines.Text(), "VmRSS: %d kB", &kib); n == 1 {
			return kib << 10, true
		}
	}
	return 0, false
}
