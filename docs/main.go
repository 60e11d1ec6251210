// Command docs is the tutorial's book: it serves the chapters on this machine, with the
// HTTP server of step 2.
//
// Three more commands live here, because everybody who has the book needs them:
// check, which grades the exercises, doctor, which says whether this machine is ready,
// and nc, which connects a keyboard to a server.
package main

import (
	"context"
	"embed"
	"flag"
	"fmt"
	"io/fs"
	"net"
	"os"

	"example.com/async/docs/book"
	"example.com/async/docs/local"
	"example.com/async/docs/play"
	"example.com/async/docs/play/chat"
	"example.com/async/docs/play/measure"
	"example.com/async/docs/play/models"
	"example.com/async/docs/play/parser"
	"example.com/async/docs/play/scheduler"
	"example.com/async/docs/progress"
	"example.com/async/docs/weave"
	"example.com/async/internal/program"
	"example.com/async/step01-tcp/tcp"
	"example.com/async/step02-http/httpd"
)

const about = `The book of the tutorial: it serves the chapters, and needs no network.

  go run ./docs                 serves the book
  go run ./docs check [WHAT]    grades the exercises: all, or a step (3), or one (3.2);
                                with -watch, again whenever one is saved
  go run ./docs doctor          says whether this machine is ready, and what comes next
  go run ./docs nc HOST:PORT    connects this terminal to a server (also: nc HOST PORT)`

const name = "go run ./docs"

//go:embed *.md *.svg 05-page.png workshop/*.md workshop/*.svg workshop/*.png workshop/pictures/*.jpg
var chapters embed.FS

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "check":
			runCheck(os.Args[2:])
		case "doctor":
			runDoctor(os.Args[2:])
		case "nc":
			runNetcat(os.Args[2:])
		}
	}
	flags := flag.NewFlagSet(name, flag.ExitOnError)
	address := flags.String("addr", "127.0.0.1:8000", "listen on this `address`; port 0 takes a free one")
	program.Parse(flags, about)
	if err := serve(*address); err != nil {
		program.Fail(flags, err)
	}
}

// serve serves the book until Ctrl-C.
func serve(address string) error {
	var repository fs.FS
	root := repositoryRoot()
	if root != "" {
		repository = os.DirFS(root)
	}
	site, err := book.Build(chapters, repository)
	if err != nil {
		return err
	}
	for _, problem := range site.Problems {
		fmt.Fprintln(os.Stderr, "note:", problem)
	}
	listener, err := tcp.Listen(address)
	if err != nil {
		return err
	}
	// Before the greeting: who reads that may press Ctrl-C.
	ctx, stop := context.WithCancel(program.Context())
	defer stop()
	course, ended := follow(ctx, root, listener.Addr())
	defer func() { stop(); <-ended }()
	handler, err := routes(site, course, listener.Addr())
	if err != nil {
		return err
	}
	fmt.Printf("the book is at http://%s/\n", listener.Addr())
	server := &httpd.Server{Handler: handler, MaxConns: maxConns}
	if err := server.Serve(ctx, listener); err != nil {
		return err
	}
	fmt.Println("stopped")
	return nil
}

// routes returns the handler of everything: the live parts first, then the book. What runs code is at
// /live/ and only for this machine; on an address that others reach there is nothing. The scripts
// at /play/ are there nevertheless: they tell the reader why a picture doesn't move. course may be nil.
func routes(site *book.Site, course *progress.Course, address net.Addr) (httpd.Handler, error) {
	pages, err := book.Handler(site)
	if err != nil {
		return nil, err
	}
	live := new(httpd.Router)
	registerLive(live)

	router := new(httpd.Router)
	router.Handle("GET", "/play/{path...}", live)
	if local.IsLoopback(address) {
		guard := local.NewGuard(address)
		if course != nil {
			course.Register(live)
			course.RegisterPages(router, site, guard.ProtectPage)
		}
		live.Handle("GET", "/live/{path...}", pages) // what the built book has in the place of live parts
		guarded := guard.Protect(live)
		router.Handle("GET", "/live/{path...}", guarded)
		router.Handle("POST", "/live/{path...}", guarded)
	}
	router.HandleFunc("GET", "/progress", func(w *httpd.ResponseWriter, _ *httpd.Request) {
		w.SetStatus(302)
		w.Header().Set("Location", "/progress.html")
	})
	router.Handle("GET", "/{path...}", pages)
	return router, nil
}

// follow follows the learner's exercises until ctx ends; then ended is closed. There is no course (nil) outside
// the repository, and for a server that others reach: it would run code for them.
func follow(ctx context.Context, root string, address net.Addr) (course *progress.Course, ended <-chan struct{}) {
	done := make(chan struct{})
	if root == "" || !local.IsLoopback(address) {
		close(done)
		return nil, done
	}
	course, err := progress.New(root)
	if err != nil {
		fmt.Fprintln(os.Stderr, "note: the page of your progress is empty:", err)
		close(done)
		return nil, done
	}
	go func() {
		defer close(done)
		course.Run(ctx)
	}()
	return course, done
}

// registerLive adds what is live in the book: routes below /live/, which are guarded, and scripts and
// styles below /play/.
func registerLive(router *httpd.Router) {
	play.Register(router)
	parser.Register(router)
	models.Register(router)
	scheduler.Register(router)
	new(chat.Rooms).Register(router)
	new(measure.Bench).Register(router)
}

// maxConns bounds what a room full of readers may cost. A browser opens six connections.
const maxConns = 1000

// repositoryRoot returns the folder of the repository, if the working directory is in it. "" means
// that the program runs elsewhere: it was built and copied, perhaps.
func repositoryRoot() string {
	root, err := weave.Root(".")
	if err != nil {
		return ""
	}
	return root
}
