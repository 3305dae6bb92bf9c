// Cmpclient talks to a config management plugin server as Argo CD's repo-server does,
// with Argo CD's own client code: it sends a folder as an application stream and
// prints the answer as JSON.
//
//	cmpclient --address plugins/cmp.sock --root . --app-path overlays/main \
//	    --env ARGOCD_APP_NAME=observability
//
// Exit status: 0 with the answer on standard output; 1 with the error as
// {"code": …, "message": …} on standard error; 2 if it was called wrongly.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/sirupsen/logrus"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func main() {
	logrus.SetOutput(io.Discard) // the client package logs what it also returns
	options, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "cmpclient:", err)
		os.Exit(2)
	}
	answer, err := withTimeout(options)
	if err != nil {
		print(os.Stderr, describe(err))
		os.Exit(1)
	}
	print(os.Stdout, answer)
}

// withTimeout sets the deadline that the server sees, and gives up a little later even
// if the connection never comes up: the client package dials without a context.
func withTimeout(options options) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), options.timeout)
	defer cancel()
	type result struct {
		answer any
		err    error
	}
	done := make(chan result, 1)
	go func() {
		answer, err := call(ctx, options)
		done <- result{answer, err}
	}()
	select {
	case result := <-done:
		return result.answer, result.err
	case <-time.After(options.timeout + time.Second):
		return nil, status.Error(codes.DeadlineExceeded, "no answer within "+options.timeout.String())
	}
}

type failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// describe keeps the code of a gRPC error and the whole text, as repo-server shows it.
func describe(err error) failure {
	found, ok := status.FromError(err)
	if !ok {
		return failure{codes.Unknown.String(), err.Error()}
	}
	return failure{found.Code().String(), found.Message()}
}

func print(output io.Writer, value any) {
	encoder := json.NewEncoder(output)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		fmt.Fprintln(os.Stderr, "cmpclient:", err)
		os.Exit(1)
	}
}

type options struct {
	address, method, root, appPath string
	env, exclude                   list
	timeout                        time.Duration
}

type list []string

func (l *list) String() string         { return fmt.Sprint(*l) }
func (l *list) Set(value string) error { *l = append(*l, value); return nil }

func parse(arguments []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("cmpclient", flag.ContinueOnError)
	flags.StringVar(&o.address, "address", "", "socket of the plugin server")
	flags.StringVar(&o.method, "method", "generate", "generate, match, check or parameters")
	flags.StringVar(&o.root, "root", ".", "folder to send")
	flags.StringVar(&o.appPath, "app-path", ".", "the application's path, relative to the root")
	flags.Var(&o.env, "env", "NAME=VALUE to send along, repeatable")
	flags.Var(&o.exclude, "exclude", "glob on the relative path of what not to send, repeatable")
	flags.DurationVar(&o.timeout, "timeout", time.Minute, "deadline of the request")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if o.address == "" {
		return o, errors.New("--address is missing")
	}
	if _, known := methods[o.method]; !known {
		return o, fmt.Errorf("unknown method %q", o.method)
	}
	root, err := filepath.Abs(o.root)
	if err != nil {
		return o, err
	}
	o.root, o.appPath = root, filepath.Join(root, o.appPath)
	return o, nil
}
