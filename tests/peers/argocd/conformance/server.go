package main

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// server is a running plugin server, or the reason why there is none.
type server struct {
	command *exec.Cmd
	socket  string
	output  *buffer
	ended   chan struct{}
	problem string
}

// buffer is what a server has printed so far.
type buffer struct {
	mutex sync.Mutex
	bytes bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.bytes.Write(p)
}

func (b *buffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.bytes.String()
}

func (r *run) stockCommand(config, sockets string) *exec.Cmd {
	command := exec.Command(r.stock, "--config-dir-path", config)
	command.Env = []string{
		"PATH=" + filepath.Dir(r.cmp) + ":" + os.Getenv("PATH"),
		"TMPDIR=" + sockets, "ARGOCD_CMP_WORKDIR=" + sockets, "ARGOCD_PLUGINSOCKFILEPATH=" + sockets,
	}
	return command
}

func (r *run) ourCommand(config, sockets string) *exec.Cmd {
	command := exec.Command(r.cmp, "serve", "--config-dir-path", config)
	command.Env = []string{"ARGOCD_PLUGINSOCKFILEPATH=" + sockets}
	return command
}

// start starts a server with this plugin.yaml and waits until it listens or ends. Without a
// text there is not even a folder for one.
func (r *run) start(config string, command func(config, sockets string) *exec.Cmd) *server {
	folder := r.next()
	settings, sockets := filepath.Join(folder, "config"), filepath.Join(folder, "s")
	check(os.MkdirAll(sockets, 0o755))
	if config != "" {
		check(os.MkdirAll(settings, 0o755))
		check(os.WriteFile(filepath.Join(settings, "plugin.yaml"), []byte(config), 0o644))
	}
	s := &server{command: command(settings, sockets), output: &buffer{}, ended: make(chan struct{})}
	s.command.Stdout, s.command.Stderr = s.output, s.output
	check(s.command.Start())
	go func() {
		_ = s.command.Wait()
		close(s.ended)
	}()
	s.wait(sockets)
	return s
}

func (s *server) wait(sockets string) {
	patience := time.After(time.Minute)
	for {
		select {
		case <-s.ended:
			s.problem = "the server ended: " + s.output.String()
			return
		case <-patience:
			s.problem = "the server does not listen: " + s.output.String()
			return
		case <-time.After(10 * time.Millisecond):
		}
		found, _ := filepath.Glob(filepath.Join(sockets, "*.sock"))
		if len(found) == 1 {
			if connection, err := net.Dial("unix", found[0]); err == nil {
				connection.Close()
				s.socket = found[0]
				return
			}
		}
	}
}

func (s *server) stop() {
	_ = s.command.Process.Kill()
	<-s.ended
}

// boot is a plugin.yaml that is the case itself.
type boot struct {
	name string
	// socket is the name that both give it; text what both say when they refuse.
	socket, text string
	differs      *difference
}

func (b *boot) compare(theirs, ours *server) string {
	if b.differs != nil {
		return b.differs.compareBoot(theirs, ours)
	}
	for who, s := range map[string]*server{"stock": theirs, "ours": ours} {
		switch {
		case b.socket != "" && filepath.Base(s.socket) != b.socket:
			return who + " does not serve " + b.socket + ": " + s.problem
		case b.socket == "" && s.problem == "":
			return who + " accepts it"
		case b.socket == "" && !strings.Contains(s.output.String(), b.text):
			return who + " does not say " + b.text + ": " + s.problem
		}
	}
	return ""
}
