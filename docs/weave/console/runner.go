package console

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// ErrNoShell says that this machine can't run sessions: there is no sh.
var ErrNoShell = errors.New("console: no POSIX shell (sh) to run the sessions with")

// ErrNested says that this process runs inside a session. A chapter that shows
// go test ./... would otherwise run itself without end.
var ErrNested = errors.New("console: this is a session already: sessions in it are not run")

// nestedKey is set in the environment of all commands.
const nestedKey = "CONSOLE_SESSION"

// A Runner runs sessions, one at a time. It builds each program once.
//
// Commands run in the repository's root, because go run and go test must, with
// a home and a temporary folder of their own, without the rest of the caller's
// environment, and with the module proxy off.
type Runner struct {
	root  string
	dir   string // for all that is made here
	shell string
	env   []string
	tools map[string]Tool

	installed map[string]bool
	programs  map[string]*program // by what was added to env, build flags and package
	overlays  int                 // how many were written
}

// New makes a Runner for the repository at root. tools are the commands that a
// program of the repository stands in for, by name. It returns [ErrNoShell] or
// [ErrNested] where sessions can't run. Close must be called in the end.
func New(root string, tools map[string]Tool) (*Runner, error) {
	if os.Getenv(nestedKey) != "" {
		return nil, ErrNested
	}
	shell, err := exec.LookPath("sh")
	if err != nil || !hasGroups {
		return nil, ErrNoShell
	}
	dir, err := os.MkdirTemp("", "console-")
	if err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	r := &Runner{
		root: root, dir: dir, shell: shell, tools: tools,
		installed: map[string]bool{}, programs: map[string]*program{},
	}
	for _, name := range []string{"bin", "home", "tmp", "programs"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			return nil, errors.Join(err, r.Close())
		}
	}
	if err := r.setEnv(); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	if err := noteSources(root); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// noteSources looks at every Go file of the repository. The go command repeats
// a test's old result while the files that the test itself has looked at are
// unchanged; what the processes of a session read it doesn't see.
func noteSources(root string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // somebody's temporary folder
		case err != nil:
			return err
		case entry.IsDir() && path != root && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case strings.HasSuffix(path, ".go"):
			if _, err := os.Stat(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		return nil
	})
}

// setEnv makes the environment of the commands. The go command must find the
// caches of the caller, or every session would compile the standard library.
func (r *Runner) setEnv() error {
	keys := []string{"GOCACHE", "GOMODCACHE", "GOPATH", "GOFLAGS", "GOTOOLCHAIN"}
	output, err := exec.Command("go", append([]string{"env"}, keys...)...).Output()
	if err != nil {
		return fmt.Errorf("console: go env: %w", err)
	}
	values := strings.Split(string(output), "\n")
	r.env = []string{
		"PATH=" + filepath.Join(r.dir, "bin") + string(os.PathListSeparator) + os.Getenv("PATH"),
		"HOME=" + filepath.Join(r.dir, "home"),
		"TMPDIR=" + filepath.Join(r.dir, "tmp"),
		"LC_ALL=C.UTF-8", "TERM=dumb", "TZ=UTC", "GOPROXY=off", nestedKey + "=1",
	}
	for i, key := range keys {
		r.env = append(r.env, key+"="+values[i])
	}
	// In a home that it sees for the first time the go command starts a process
	// that counts its use, and which still writes when Close deletes the home.
	for _, config := range []string{".config", filepath.Join("Library", "Application Support")} {
		dir := filepath.Join(r.dir, "home", config, "go", "telemetry")
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "mode"), []byte("off\n"), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Close deletes the built programs.
func (r *Runner) Close() error { return os.RemoveAll(r.dir) }

// A MissingError says that a session needs a program that this machine lacks.
type MissingError struct{ Program string }

func (e *MissingError) Error() string {
	return fmt.Sprintf("console: this session needs %s, which is not installed", e.Program)
}

var plainName = regexp.MustCompile(`^[a-zA-Z][\w.-]*$`)

// findPrograms returns a [*MissingError] if the first word of a command is not known.
func (r *Runner) findPrograms(s Session) error {
	for _, b := range s.blocks {
		for _, step := range b.steps {
			name, _, _ := strings.Cut(step.text, " ")
			if step.kind != run || !plainName.MatchString(name) {
				continue
			}
			find := exec.Command(r.shell, "-c", "command -v "+name)
			find.Env = r.env
			if find.Run() != nil {
				return &MissingError{name}
			}
		}
	}
	return nil
}

// start starts a command line of a chapter. env begins with r.env.
func (r *Runner) start(ctx context.Context, text string, env []string, ports *bindings) (*process, error) {
	command, err := ports.command(text)
	if err != nil {
		return nil, err
	}
	isGoRun := false
	if at := goRun.FindStringIndex(command); at != nil {
		isGoRun = at[0] == 0 && !operator.MatchString(command)
		if command, err = r.buildPrograms(ctx, command, env, ports); err != nil {
			return nil, err
		}
	}
	if isSimple(command) {
		// Without the shell in between, ^C and the exit status are the program's.
		command = "exec " + command
	}
	return startProcess(r.shell, command, r.root, env, isGoRun)
}

// isSimple says whether a command line is one program and its arguments.
func isSimple(command string) bool {
	first, _, _ := strings.Cut(command, " ")
	return !strings.ContainsAny(command, "|;&<>()\n`") && !strings.Contains(first, "=")
}

// Run plays a session. It returns nil if all was printed that the chapter
// shows, and nothing else; a weave.Problem with the chapter's line if not; a
// [*MissingError] before anything has run. Whatever it returns, every process
// that it started is gone, with its process group.
func (r *Runner) Run(ctx context.Context, s Session) error {
	if err := r.installTools(ctx, s); err != nil {
		return err
	}
	if err := r.findPrograms(s); err != nil {
		return err
	}
	p := &play{runner: r, session: s, terminals: map[string]*terminal{}}
	defer p.stop()
	for _, b := range s.blocks {
		if err := p.block(ctx, b); err != nil {
			return err
		}
	}
	return p.end(ctx)
}

// settle is how long a session's end waits for output that the chapter doesn't
// show, in the terminals whose commands still run.
const settle = 100 * time.Millisecond
