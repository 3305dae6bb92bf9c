package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand"

	plugin "github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v3/util/cmp"
)

// overlays is how many Applications a made repository has.
const overlays = 200

// archive is a repository that was compressed once and is sent many times.
type archive struct {
	name     string
	size     int
	messages []*plugin.AppStreamRequest
	hash     []byte
}

// newArchive is a repository of so many files of so many bytes, a pack of Git's, and
// overlays 0 to 199, of which overlay `broken` has a mistake.
func newArchive(name string, files, bytesEach, git int) *archive {
	random := rand.New(rand.NewSource(1))
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	writer := tar.NewWriter(zip)
	add := func(name string, text []byte) {
		check(writer.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: int64(len(text))}))
		_, err := writer.Write(text)
		check(err)
	}
	pack := make([]byte, git)
	random.Read(pack)
	add(".git/HEAD", []byte("ref: refs/heads/main\n"))
	add(".git/objects/pack/pack-1.pack", pack)
	for i := range min(overlays, max(files/3, 1)) {
		add(fmt.Sprintf("overlays/%03d/kustomization.yaml", i), []byte("resources: [map.yaml]\n"))
		add(fmt.Sprintf("overlays/%03d/map.yaml", i), []byte(configMap(fmt.Sprintf("app-%03d", i), "  a: \"1\"\n")))
	}
	add("overlays/broken/kustomization.yaml", []byte("resourcez: []\n"))
	half := make([]byte, bytesEach/3)
	for i := range files {
		random.Read(half)
		text := fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: file-%d\ndata:\n  text: %s\n", i, hex.EncodeToString(half))
		add(fmt.Sprintf("teams/team-%03d/file-%05d.yaml", i/50, i), []byte(text))
	}
	check(writer.Close())
	check(zip.Close())
	a := &archive{name: name, size: out.Len()}
	hash := sha256.New()
	hash.Write(out.Bytes())
	var err error
	a.hash, err = hash.(encoding.BinaryMarshaler).MarshalBinary()
	check(err)
	rest := out.Bytes()
	for len(rest) > 0 {
		piece := rest[:min(1024, len(rest))]
		a.messages = append(a.messages, cmp.AppFileRequest(piece))
		rest = rest[len(piece):]
	}
	return a
}

// request is a whole stream. Eight bytes behind the end of the archive, which nobody
// reads, give each number a checksum of its own.
func (a *archive) request(number uint64, path string) []*plugin.AppStreamRequest {
	tail := binary.BigEndian.AppendUint64(nil, number)
	hash := sha256.New()
	check(hash.(encoding.BinaryUnmarshaler).UnmarshalBinary(a.hash))
	hash.Write(tail)
	metadata := &plugin.ManifestRequestMetadata{
		AppName: "app", AppRelPath: path, Size_: int64(a.size + len(tail)), Checksum: hex.EncodeToString(hash.Sum(nil)),
	}
	for name, value := range map[string]string{
		"ARGOCD_APP_NAME": "app", "ARGOCD_APP_REVISION": revision, "ARGOCD_APP_SOURCE_PATH": path,
		"ARGOCD_APP_SOURCE_REPO_URL": "https://git.example.com/x.git", "ARGOCD_APP_SOURCE_TARGET_REVISION": "main",
	} {
		metadata.Env = append(metadata.Env, &plugin.EnvEntry{Name: name, Value: value})
	}
	first := &plugin.AppStreamRequest{Request: &plugin.AppStreamRequest_Metadata{Metadata: metadata}}
	all := append([]*plugin.AppStreamRequest{first}, a.messages...)
	return append(all, cmp.AppFileRequest(tail))
}

func overlayPath(i int) string { return fmt.Sprintf("overlays/%03d", i) }
