// Goyaml answers what sigs.k8s.io/yaml, the library through which Kubernetes and
// Argo CD read YAML, makes of a document. It is the reference for our own reader.
//
// Input: any number of documents, each as a line with its length in bytes and then
// that many bytes. Output: one JSON line for each document, in order, either
// {"json": <value>} or {"error": "<message>"}. Answers are flushed whenever no more
// input is waiting, so it serves a conversation as well as a pipe.
//
//	printf '4\na: y' | goyaml
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"
)

func main() {
	strict := flag.Bool("strict", false, "refuse duplicate keys (YAMLToJSONStrict)")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "goyaml: unexpected argument:", flag.Arg(0))
		os.Exit(2)
	}
	convert := yaml.YAMLToJSON
	if *strict {
		convert = yaml.YAMLToJSONStrict
	}
	if err := serve(os.Stdin, os.Stdout, convert); err != nil {
		fmt.Fprintln(os.Stderr, "goyaml:", err)
		os.Exit(1)
	}
}

func serve(input io.Reader, output io.Writer, convert func([]byte) ([]byte, error)) error {
	in, out := bufio.NewReader(input), bufio.NewWriter(output)
	for {
		document, err := next(in)
		if err == io.EOF {
			return out.Flush()
		}
		if err != nil {
			return err
		}
		if err := answer(out, document, convert); err != nil {
			return err
		}
		if in.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				return err
			}
		}
	}
}

// next reads one document. io.EOF means a clean end, right before a length.
func next(in *bufio.Reader) ([]byte, error) {
	line, err := in.ReadString('\n')
	if err == io.EOF && line == "" {
		return nil, io.EOF
	}
	if err != nil {
		return nil, fmt.Errorf("reading a length: %w", noEOF(err))
	}
	length, err := strconv.ParseUint(strings.TrimSuffix(line, "\n"), 10, 31)
	if err != nil {
		return nil, fmt.Errorf("not a length: %q", line)
	}
	document := make([]byte, length)
	if _, err := io.ReadFull(in, document); err != nil {
		return nil, fmt.Errorf("reading %d bytes: %w", length, noEOF(err))
	}
	return document, nil
}

// noEOF keeps an end in the middle of a document from being taken for a clean one.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func answer(out *bufio.Writer, document []byte, convert func([]byte) ([]byte, error)) error {
	value, err := guarded(document, convert)
	reply := map[string]any{"json": json.RawMessage(value)}
	if err != nil {
		reply = map[string]any{"error": err.Error()}
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(reply)
}

// guarded turns a panic of the library into an error: a reader that falls over has
// not accepted the document either.
func guarded(document []byte, convert func([]byte) ([]byte, error)) (value []byte, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	return convert(document)
}
