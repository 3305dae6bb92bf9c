// Conformance runs one table of cases against two plugin servers that read the same
// plugin.yaml, Argo CD's own argocd-cmp-server (which runs `cmp generate`) and
// `cmp serve`, with Argo CD's own client code, and compares the answers.
//
//	conformance --cmp target/debug/cmp --stock target/peers/bin/argocd-cmp-server
//
// Exit status 0 if every case is as the table says, else 1. Where the two differ on
// purpose, the case says how, and that is checked too.
//
//	conformance --load 5s --cmp target/debug/cmp
//	conformance --bench --cmp target/release/cmp --stock target/peers/bin/argocd-cmp-server
//
// The first one lets many clients ask `cmp serve` for good and bad things and kills it in
// between; the second one measures both servers side by side.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/sirupsen/logrus"
)

func main() {
	cmp := flag.String("cmp", "", "our binary")
	stock := flag.String("stock", "", "argocd-cmp-server")
	only := flag.String("run", "", "only cases whose name contains this")
	verbose := flag.Bool("v", false, "print every answer")
	load := flag.Duration("load", 0, "load `cmp serve` for this long instead")
	bench := flag.Bool("bench", false, "measure both servers instead")
	rounds := flag.Int("rounds", 15, "requests to each server in a measurement")
	flag.Parse()
	logrus.SetOutput(io.Discard) // the client package logs what it also returns

	folder, err := os.MkdirTemp("", "conformance")
	check(err)
	defer os.RemoveAll(folder)
	absolute, err := filepath.Abs(*cmp)
	check(err)
	run := &run{folder: folder, cmp: absolute, stock: *stock, only: *only, verbose: *verbose}

	switch {
	case *load > 0 && !run.load(*load):
		os.RemoveAll(folder)
		os.Exit(1)
	case *bench:
		run.bench(*rounds)
	case *load == 0:
		run.table()
	}
}

// table runs every case.
func (run *run) table() {
	var waiting sync.WaitGroup
	slots := make(chan struct{}, 4)
	for _, group := range groups() {
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			slots <- struct{}{}
			defer func() { <-slots }()
			run.group(group)
		}()
	}
	waiting.Wait()
	if !run.report(os.Stdout) {
		os.RemoveAll(run.folder)
		os.Exit(1)
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(2)
	}
}

// run is what all groups share.
type run struct {
	folder, cmp, stock, only string
	verbose                  bool

	mutex    sync.Mutex
	servers  int
	same     int
	differ   []string
	failures []string
}

// next is a new folder for a server.
func (r *run) next() string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.servers++
	return filepath.Join(r.folder, fmt.Sprint(r.servers))
}

func (r *run) record(name string, c *difference, problem string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	switch {
	case problem != "":
		r.failures = append(r.failures, name+": "+problem)
	case c != nil:
		r.differ = append(r.differ, name+": "+c.why)
	default:
		r.same++
	}
}

func (r *run) report(out io.Writer) bool {
	total := r.same + len(r.differ) + len(r.failures)
	fmt.Fprintf(out, "conformance: %d cases: %d the same, %d different on purpose, %d wrong\n",
		total, r.same, len(r.differ), len(r.failures))
	fmt.Fprintf(out, "different on purpose:\n  %s\n", strings.Join(r.differ, "\n  "))
	if len(r.failures) > 0 {
		fmt.Fprintf(out, "wrong:\n  %s\n", strings.Join(r.failures, "\n  "))
	}
	return len(r.failures) == 0 && total > 0
}

// group starts both servers with one plugin.yaml and asks both every question.
func (r *run) group(g group) {
	theirs := r.start(g.config, r.stockCommand)
	ours := r.start(g.config, r.ourCommand)
	defer theirs.stop()
	defer ours.stop()
	if g.boot != nil {
		if strings.Contains(g.boot.name, r.only) {
			r.record(g.boot.name, g.boot.differs, g.boot.compare(theirs, ours))
		}
		return
	}
	for _, problem := range []string{theirs.problem, ours.problem} {
		if problem != "" {
			r.record(g.name, nil, problem)
			return
		}
	}
	for _, c := range g.cases {
		name := g.name + "/" + c.name
		if !strings.Contains(name, r.only) {
			continue
		}
		a, b := c.ask(theirs.socket), c.ask(ours.socket)
		if r.verbose {
			fmt.Printf("%s\n  stock %s\n  ours  %s\n", name, a, b)
		}
		r.record(name, c.differs, c.compare(a, b))
	}
}
