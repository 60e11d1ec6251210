package grade

import (
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"strings"
	"time"
)

// commandLimit is how long one question to the go command may take. It answers within a
// second, unless it first downloads another toolchain.
const commandLimit = 2 * time.Minute

// An Environment is what the go command says about itself.
type Environment struct {
	GOVERSION, GOOS, GOARCH string
	CGO_ENABLED, CC         string
}

// GoEnv asks the go command, in the folder dir.
func GoEnv(ctx context.Context, dir string) (env Environment, err error) {
	out, err := GoCommand(ctx, dir, "env", "-json", "GOVERSION", "GOOS", "GOARCH", "CGO_ENABLED", "CC")
	if err != nil {
		return env, err
	}
	err = json.Unmarshal(out, &env)
	return env, err
}

// GoCommand runs the go command, which must be quick, and returns what it prints. The error holds
// what it complains about.
func GoCommand(ctx context.Context, dir string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, commandLimit)
	defer cancel()
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = dir
	out, err := command.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return nil, errors.New(strings.TrimSpace(string(exit.Stderr)))
	}
	return out, err
}

// TryRace asks the go command whether it would use the race detector. It does not
// compile anything: the first time that would take half a minute.
func TryRace(ctx context.Context, dir string) error {
	_, err := GoCommand(ctx, dir, "list", "-race", "runtime/race")
	return err
}

// FindCompiler returns an error if the C compiler of the go command isn't there.
func FindCompiler(env Environment) error {
	compiler := strings.Fields(env.CC) // it may have arguments
	if len(compiler) == 0 {
		return errors.New("no C compiler is set")
	}
	_, err := exec.LookPath(compiler[0])
	return err
}

// Why the race detector can't be used, where something can be done about it.
var (
	ErrNoCompiler = errors.New("it needs a C compiler, and there is none")
	ErrNoCgo      = errors.New("cgo is switched off")
)

// JudgeRace returns nil if the race detector is usable, after what [TryRace] and [FindCompiler] have returned. On
// macOS it needs no cgo; elsewhere the go command refuses without, and with cgo but without a compiler
// it fails only after a while.
func JudgeRace(env Environment, refusal, compiler error) error {
	switch {
	case refusal != nil && !strings.Contains(refusal.Error(), "cgo"):
		return refusal
	case env.GOOS == "darwin":
		return nil
	case compiler != nil:
		return ErrNoCompiler
	case refusal != nil:
		return ErrNoCgo
	}
	return nil
}
