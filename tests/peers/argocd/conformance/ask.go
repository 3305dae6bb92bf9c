package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	grpc_retry "github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	plugin "github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v3/util/cmp"
)

// answer is what a client sees: a value in JSON, or an error.
type answer struct {
	value, code, message string
}

func (a answer) String() string {
	if a.code == "" {
		return a.value
	}
	return a.code + ": " + a.message
}

// difference says how the two servers differ on purpose.
type difference struct {
	why string
	// stock and ours are parts of what each of them answers.
	stock, ours string
}

func (d *difference) compareBoot(theirs, ours *server) string {
	if !strings.Contains(theirs.output.String()+theirs.socket, d.stock) {
		return "stock does not say " + d.stock + ": " + theirs.output.String()
	}
	if !strings.Contains(ours.output.String()+ours.socket, d.ours) {
		return "ours does not say " + d.ours + ": " + ours.output.String()
	}
	return ""
}

// kinds are the beginnings that tell one kind of error from another.
var kinds = []string{
	"generate manifest error receiving stream: error receiving stream header: ",
	"generate manifest error receiving stream: error getting stream metadata: ",
	"generate manifest error receiving stream: error receiving tgz file: ",
	"generate manifest error receiving stream: error decompressing tgz file: ",
	"match repository error receiving stream: error receiving tgz file: ",
	"parameters announcement error receiving stream: error receiving tgz file: ",
	"match repository error: error finding filename match for pattern ",
	"match repository error: error finding glob match for pattern ",
	"get parameters announcement error: ",
	"error generating manifests: ",
	"illegal appPath: out of workDir bound",
}

func (a answer) kind() string {
	for _, kind := range kinds {
		if strings.HasPrefix(a.message, kind) {
			return kind
		}
	}
	return "unknown kind: " + a.message
}

var finding = regexp.MustCompile(`(?m)(error\[[a-z-]+\]: .*|--> \S+)$`)

func (a answer) findings() []string {
	return finding.FindAllString(a.message, -1)
}

// compare says what is wrong with the two answers, or nothing.
func (c *testCase) compare(theirs, ours answer) string {
	for _, secret := range c.hidden {
		if strings.Contains(theirs.message+ours.message, secret) {
			return "a secret value is shown"
		}
	}
	both := fmt.Sprintf("\n    stock %s\n    ours  %s", theirs, ours)
	switch {
	case c.differs != nil && !strings.Contains(theirs.String(), c.differs.stock):
		return "stock answers otherwise" + both
	case c.differs != nil && !strings.Contains(ours.String(), c.differs.ours):
		return "ours answers otherwise" + both
	case c.differs != nil:
		return ""
	case (theirs.code == "") != (ours.code == ""):
		return "one answers and the other does not" + both
	case theirs.code == "" && theirs.value != ours.value:
		return "the answers differ" + both
	case theirs.code == "" && c.fails != "":
		return "it should fail" + both
	case theirs.code != "" && (c.fails == "" || !strings.Contains(ours.message, c.fails)):
		return "it fails otherwise than the table says" + both
	case theirs.code != "" && theirs.kind() != ours.kind():
		return "the errors are of different kinds" + both
	case theirs.code != "" && !slices.Equal(theirs.findings(), ours.findings()):
		return "the findings differ" + both
	}
	return ""
}

// ask asks one server.
func (c *testCase) ask(socket string) answer {
	timeout := c.timeout
	if timeout == 0 {
		timeout = 2 * time.Minute
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	connection, client, err := plugin.NewConfigManagementPluginClientSet(socket).NewConfigManagementPluginClient()
	if err != nil {
		return failed(err)
	}
	defer connection.Close()
	value, err := c.call(ctx, client)
	if err != nil {
		return failed(err)
	}
	text, err := json.Marshal(value)
	check(err)
	return answer{value: string(text)}
}

func failed(err error) answer {
	found, _ := status.FromError(err)
	return answer{code: found.Code().String(), message: found.Message()}
}

// stream is what the three calls with an archive have in common.
type stream[T any] interface {
	Send(*plugin.AppStreamRequest) error
	CloseAndRecv() (*T, error)
}

func (c *testCase) call(ctx context.Context, client plugin.ConfigManagementPluginServiceClient) (any, error) {
	switch c.method {
	case "check":
		return client.CheckPluginConfiguration(ctx, &emptypb.Empty{})
	case "match":
		stream, err := client.MatchRepository(ctx, grpc_retry.Disable())
		return exchange[plugin.RepositoryResponse](ctx, c, stream, err)
	case "parameters":
		stream, err := client.GetParametersAnnouncement(ctx, grpc_retry.Disable())
		return exchange[plugin.ParametersAnnouncementResponse](ctx, c, stream, err)
	default:
		stream, err := client.GenerateManifest(ctx, grpc_retry.Disable())
		return exchange[plugin.ManifestResponse](ctx, c, stream, err)
	}
}

func exchange[T any](ctx context.Context, c *testCase, stream stream[T], err error) (any, error) {
	if err != nil {
		return nil, err
	}
	if c.send == nil {
		err = c.sendFolder(ctx, stream)
	} else {
		err = c.send(c, stream)
	}
	// The reason for a failed Send is in the answer.
	if err != nil && c.send == nil {
		return nil, err
	}
	if c.stall {
		<-ctx.Done()
	}
	reply, err := stream.CloseAndRecv()
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// sendFolder writes the case's files to disk and sends them as repo-server does.
func (c *testCase) sendFolder(ctx context.Context, stream cmp.StreamSender) error {
	root, err := os.MkdirTemp("", "tree")
	check(err)
	defer os.RemoveAll(root)
	for name, text := range c.files {
		path := filepath.Join(root, name)
		check(os.MkdirAll(filepath.Dir(path), 0o755))
		if target, isLink := strings.CutPrefix(text, "link:"); isLink {
			check(os.Symlink(target, path))
		} else {
			check(os.WriteFile(path, []byte(text), 0o644))
		}
	}
	return cmp.SendRepoStream(ctx, filepath.Join(root, c.path), root, stream, c.environment(), nil)
}

// sendArchive sends an archive, or half of one, that no honest client would send.
func (c *testCase) sendArchive(stream cmp.StreamSender, archive []byte, change func(*plugin.ManifestRequestMetadata)) error {
	sum := sha256.Sum256(archive)
	metadata := &plugin.ManifestRequestMetadata{
		AppName: "app", AppRelPath: c.path, Checksum: hex.EncodeToString(sum[:]), Size_: int64(len(archive)),
	}
	for _, variable := range c.environment() {
		name, value, _ := strings.Cut(variable, "=")
		metadata.Env = append(metadata.Env, &plugin.EnvEntry{Name: name, Value: value})
	}
	if change != nil {
		change(metadata)
	}
	request := &plugin.AppStreamRequest{Request: &plugin.AppStreamRequest_Metadata{Metadata: metadata}}
	if err := stream.Send(request); err != nil {
		return err
	}
	size := c.chunk
	if size == 0 {
		size = 1024
	}
	for piece := range slices.Chunk(archive, size) {
		if err := stream.Send(cmp.AppFileRequest(piece)); err != nil {
			return err
		}
	}
	return nil
}
