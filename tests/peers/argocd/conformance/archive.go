package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	plugin "github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v3/util/cmp"
)

// good is the archive of the case's files, in the order of their names.
func (c *testCase) good() []tar.Header {
	var names []string
	for name := range c.files {
		names = append(names, name)
	}
	slices.Sort(names)
	var headers []tar.Header
	for _, name := range names {
		headers = append(headers, tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644})
	}
	return headers
}

// archived writes the case's own files and then the others. A regular file that is not
// one of the case's has its link name as content.
func (c *testCase) archived(others ...tar.Header) []byte {
	var out bytes.Buffer
	writer := tar.NewWriter(&out)
	for _, header := range append(c.good(), others...) {
		text, known := c.files[header.Name]
		if !known && header.Typeflag == tar.TypeReg {
			text, header.Linkname = header.Linkname, ""
		}
		if header.Typeflag == tar.TypeReg {
			header.Size = int64(len(text))
		}
		check(writer.WriteHeader(&header))
		if header.Typeflag == tar.TypeReg {
			_, err := writer.Write([]byte(text))
			check(err)
		}
	}
	check(writer.Close())
	return out.Bytes()
}

func zipped(parts ...[]byte) []byte {
	var out bytes.Buffer
	for _, part := range parts {
		writer := gzip.NewWriter(&out)
		_, err := writer.Write(part)
		check(err)
		check(writer.Close())
	}
	return out.Bytes()
}

type sender func(*testCase, cmp.StreamSender) error

// raw sends the archive that `make` makes.
func raw(make func(*testCase) []byte) sender {
	return func(c *testCase, stream cmp.StreamSender) error {
		return c.sendArchive(stream, make(c), nil)
	}
}

// with sends the case's files and these entries.
func with(others ...tar.Header) sender {
	return raw(func(c *testCase) []byte { return zipped(c.archived(others...)) })
}

// changed sends the case's files under metadata that are not theirs.
func changed(change func(*plugin.ManifestRequestMetadata)) sender {
	return func(c *testCase, stream cmp.StreamSender) error {
		return c.sendArchive(stream, zipped(c.archived()), change)
	}
}

func sendNothing(*testCase, cmp.StreamSender) error { return nil }

func sendFileFirst(_ *testCase, stream cmp.StreamSender) error {
	for range 100 {
		if err := stream.Send(cmp.AppFileRequest([]byte("too early"))); err != nil {
			return err
		}
	}
	return nil
}

func sendMetadataTwice(c *testCase, stream cmp.StreamSender) error {
	if err := c.sendArchive(stream, zipped(c.archived()), nil); err != nil {
		return err
	}
	return c.sendArchive(stream, nil, nil)
}

// sendMetadataOnly sends no chunk; the checksum is that of some archive.
func sendMetadataOnly(c *testCase, stream cmp.StreamSender) error {
	sum := sha256.Sum256(zipped(c.archived()))
	return c.sendArchive(stream, nil, func(m *plugin.ManifestRequestMetadata) { m.Checksum = hex.EncodeToString(sum[:]) })
}

// manyEntries are 100,000 small files.
func manyEntries() []tar.Header {
	var headers []tar.Header
	for i := range 100_000 {
		name := fmt.Sprintf("many/%03d/file-%06d.txt", i/1000, i)
		headers = append(headers, tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Linkname: "x"})
	}
	return headers
}

func zeros(mebibytes int) tar.Header {
	return tar.Header{Typeflag: tar.TypeReg, Name: "zeros.yaml", Mode: 0o644, Linkname: strings.Repeat("\x00", mebibytes<<20)}
}
