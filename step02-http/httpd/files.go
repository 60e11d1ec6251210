package httpd

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"sync"
	"syscall"

	"example.com/async/step02-http/http1"
)

// Files serves the files of fsys to GET and HEAD. The name is the rest of the path: the
// route should end in {name...}.
//
// A folder is answered with its index.html; without the slash at its end the client is sent
// there first. Each file has an ETag, and is not sent again to a client that has it
// (RFC 9110 section 13). The ETag comes from the time of the last change and
// the size; where fsys knows no time, as [embed.FS], from the content, which is then taken never
// to change: it is read once.
//
// One range of a file is sent alone (section 14), if its [fs.File] can seek. Several ranges
// are answered with the whole, which is allowed, and what few clients ask for.
//
// If a file has a neighbour of the same name and ".gz", which is no older, that is sent instead to
// clients that accept gzip. Nothing is compressed here: that would cost each
// time what can be done once.
//
// There is no way out of fsys: "..", empty segments, an encoded slash, a
// backslash or a NUL are 404. But symbolic links are followed by fsys itself. For a
// folder on disk use [os.Root.FS], which follows none that leads out; [os.DirFS] does.
func Files(fsys fs.FS) Handler { return &files{fsys: fsys} }

type files struct {
	fsys  fs.FS
	etags sync.Map // from the name of a file that has no time to its ETag, a string
}

var _ HeadHandler = (*files)(nil)

// RefuseHead refuses all but GET and HEAD.
func (f *files) RefuseHead(w *ResponseWriter, r *Request) bool {
	if r.Method == http1.MethodGet || r.Method == http1.MethodHead {
		return false
	}
	Error(w, 405, "files can only be read")
	w.Header().Set("Allow", "GET, HEAD")
	return true
}

// ServeHTTP answers with a file. It makes files a [Handler].
func (f *files) ServeHTTP(w *ResponseWriter, r *Request) {
	if f.RefuseHead(w, r) {
		return
	}
	name, slash, ok := fileName(r.Rest())
	if !ok {
		notFound(w)
		return
	}
	// Looking first keeps Open from waiting for ever, as it does with a named pipe.
	info, err := fs.Stat(f.fsys, name)
	if err == nil && info.IsDir() {
		if !slash {
			redirectToFolder(w, r)
			return
		}
		name = path.Join(name, "index.html")
		info, err = fs.Stat(f.fsys, name)
	} else if slash {
		err = fs.ErrNotExist // a file has no slash at its end
	}
	if err != nil || !info.Mode().IsRegular() {
		notServed(w, err)
		return
	}
	f.serve(w, r, f.encoded(w, r, variant{name: name, info: info, contentType: contentType(name)}))
}

// A variant is what stands for a file: itself, or its compressed neighbour.
type variant struct {
	name        string
	info        fs.FileInfo
	contentType string // of what is inside, however it is packed
	gzip        bool
}

// encoded returns what to send for a file: the compressed neighbour if there is one and the
// client takes it.
func (f *files) encoded(w *ResponseWriter, r *Request, plain variant) variant {
	info, err := fs.Stat(f.fsys, plain.name+".gz")
	if err != nil || !info.Mode().IsRegular() || info.ModTime().Before(plain.info.ModTime()) {
		return plain
	}
	// Whoever keeps the response for others must know what it depends on.
	w.Header().Set("Vary", "Accept-Encoding")
	if accepted, _ := r.list("Accept-Encoding"); !acceptsGzip(accepted) {
		return plain
	}
	return variant{plain.name + ".gz", info, plain.contentType, true}
}

// serve sends a variant, or a part of it, or says that the client has it already.
func (f *files) serve(w *ResponseWriter, r *Request, v variant) {
	version, err := f.version(v)
	if err != nil {
		notServed(w, err)
		return
	}
	version.announce(w)
	if status := version.check(r); status != 0 {
		if status == 412 {
			Error(w, 412, "the file has changed")
		}
		w.SetStatus(status)
		return
	}
	file, err := f.fsys.Open(v.name)
	if err != nil {
		notServed(w, err)
		return
	}
	// Only now: a response without the file has no use for them (RFC 9110 section 15.4.5).
	w.Header().Set("Content-Type", v.contentType)
	w.Header().Set("X-Content-Type-Options", "nosniff") // the type is as we say
	if v.gzip {
		w.Header().Set("Content-Encoding", "gzip")
	}
	sendFile(w, r, file, v.info.Size(), version)
}

// notFound is the answer whatever the reason: why a file can't be opened, and whether there
// is one, is no business of the client.
func notFound(w *ResponseWriter) { Error(w, 404, "there is no such file") }

// notServed is notFound, unless the reason is this server's own: it has run out of descriptors.
func notServed(w *ResponseWriter, err error) {
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		Error(w, 503, "too many files are open")
		return
	}
	notFound(w)
}

// fileName turns "a/b%20c/" into "a/b c" and says whether there was a slash at the end. Each
// segment is decoded alone, or else %2F would become a way to write "..".
func fileName(rest []byte) (name string, slash, ok bool) {
	if len(rest) == 0 {
		return ".", true, true
	}
	rest, slash = bytes.CutSuffix(rest, []byte("/"))
	var decoded []byte
	for i, segment := range bytes.Split(rest, []byte("/")) {
		if i > 0 {
			decoded = append(decoded, '/')
		}
		before := len(decoded)
		decoded = http1.AppendDecoded(decoded, segment)
		// A backslash is a slash on Windows, and a colon names a drive or a stream.
		if bytes.ContainsAny(decoded[before:], "/\\:\x00") {
			return "", false, false
		}
	}
	name = string(decoded)
	return name, slash, name != "." && fs.ValidPath(name) // no "..", nothing empty
}

// redirectToFolder adds the slash: without it the links in an index.html would be wrong.
func redirectToFolder(w *ResponseWriter, r *Request) {
	// The path's own name is enough. An absolute path might begin with two slashes, and
	// that would be another host. "./" keeps "a:b" from being taken for a scheme.
	segments := r.Path()
	location := "./" + string(segments[bytes.LastIndexByte(segments, '/')+1:]) + "/"
	if query := r.Query(); len(query) > 0 {
		location += "?" + string(query)
	}
	Error(w, 301, "this is a folder")
	w.Header().Set("Location", location)
}
