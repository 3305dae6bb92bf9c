package main

import (
	"archive/tar"
	"maps"
	"strings"
	"time"

	plugin "github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
)

// group is a plugin.yaml and what both servers are asked under it.
type group struct {
	name, config string
	cases        []testCase
	boot         *boot
}

type testCase struct {
	name, method, path string
	files              map[string]string
	env                []string
	send               sender
	chunk              int
	timeout            time.Duration
	stall              bool
	// fails is a part of the message that both give.
	fails string
	// hidden are texts that no message may show.
	hidden  []string
	differs *difference
}

const revision = "9f2c4e61b7a80d35f1c6e2947bd0a85c3e17f640"

// environment is what repo-server sends, and then the case's own variables.
func (c *testCase) environment() []string {
	if len(c.env) == 1 && c.env[0] == "none" {
		return nil
	}
	return append([]string{
		"ARGOCD_APP_NAME=app", "ARGOCD_APP_NAMESPACE=ns", "ARGOCD_APP_REVISION=" + revision,
		"ARGOCD_APP_SOURCE_REPO_URL=https://git.example.com/x.git", "ARGOCD_APP_SOURCE_PATH=" + c.path,
		"ARGOCD_APP_SOURCE_TARGET_REVISION=main", "ARGOCD_APP_PARAMETERS=null", "KUBE_VERSION=1.36.3",
	}, c.env...)
}

func configuration(spec string) string {
	return "apiVersion: argoproj.io/v1alpha1\nkind: ConfigManagementPlugin\nmetadata:\n  name: cmp\nspec:\n" +
		"  generate: {command: [cmp, generate]}\n" + spec
}

func configMap(name, data string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\ndata:\n" + data
}

func repository(files map[string]string) map[string]string {
	all := map[string]string{
		".git/HEAD":               "ref: refs/heads/main\n",
		"base/kustomization.yaml": "resources: [map.yaml]\n",
		"base/map.yaml":           configMap("base", "  a: \"1\"\n"),
		"app/kustomization.yaml":  "resources: [../base]\nnamePrefix: app-\n",
		"app/config/plugin.yaml":  "{}\n",
		"links/file.yaml":         configMap("behind-a-link", "  a: \"1\"\n"),
	}
	maps.Copy(all, files)
	return all
}

// overlay is a repository with one more overlay, `app`, of these files.
func overlay(files map[string]string) map[string]string {
	all := repository(nil)
	for name, text := range files {
		all["app/"+name] = text
	}
	return all
}

// one is an overlay with one resource.
func one(text string) map[string]string {
	return overlay(map[string]string{"kustomization.yaml": "resources: [one.yaml]\n", "one.yaml": text})
}

func groups() []group {
	all := []group{
		{name: "plain", config: configuration(""), cases: plain()},
		{name: "parameters", config: configuration(announcing), cases: parameters()},
		{name: "static", config: configuration(static), cases: []testCase{
			{name: "only static ones", method: "parameters", path: "app"},
			{name: "credentials are asked for", method: "check"},
		}},
	}
	for _, rule := range rules {
		c := []testCase{
			{name: "check", method: "check"},
			{name: "the Application", method: "match", path: "app", fails: rule.fails},
			{name: "the root", method: "match", path: ".", fails: rule.rootFails},
		}
		all = append(all, group{name: "discover " + rule.spec, config: configuration("  discover: " + rule.spec + "\n"), cases: c})
	}
	for _, b := range boots {
		all = append(all, group{config: b.config, boot: &b.boot})
	}
	for i := range all {
		for j := range all[i].cases {
			if c := &all[i].cases[j]; c.files == nil {
				c.files = repository(nil)
			}
		}
	}
	return all
}

func plain() []testCase {
	return append(append(append(sets(), paths()...), environments()...), streams()...)
}

// sets are overlays, good and bad.
func sets() []testCase {
	secret := "kind: Secret\napiVersion: v1\nmetadata: {name: s, name: t}\nstringData: {password: hunter2}\n"
	return []testCase{
		{name: "check", method: "check"},
		{name: "without a rule nothing matches", method: "match", path: "app"},
		{name: "a set", path: "app"},
		{name: "the base alone", path: "base"},
		{name: "characters that HTML misreads", path: "app", files: one(configMap("x", "  a: \"<b>&amp;\u2028\u00e9\\t\\x01\"\n"))},
		{name: "numbers", path: "app", files: one("apiVersion: example.com/v1\nkind: Odd\nmetadata: {name: x}\nspec: {a: 1, b: 1.5, c: 1e21, d: 0x1f, e: 1e-7, f: -0.0, g: 12345678901234567890, h: 1.0, i: 100000000000000000000}\n")},
		{name: "words of YAML 1.1", path: "app", files: one("apiVersion: example.com/v1\nkind: Odd\nmetadata: {name: x}\nspec: {a: yes, b: off, c: ~, d: 2001-01-01, e: 0o17, f: 017, g: 1_000}\n"), fails: "ambiguous-scalar"},
		{name: "several documents", path: "app", files: one(configMap("b", "  k: v\n") + "---\n" + configMap("a", "  k: v\n"))},
		{name: "a long text", path: "app", files: one(configMap("x", "  text: |\n    "+strings.Repeat("line ✓ of a text\n    ", 5000)+"\n"))},
		{name: "a generator", path: "app", files: overlay(map[string]string{"kustomization.yaml": "configMapGenerator: [{name: g, files: [a.txt]}]\n", "a.txt": "text\n"})},
		{name: "an empty set", path: "app", files: overlay(map[string]string{"kustomization.yaml": "resources: [one.yaml]\n", "one.yaml": "# nothing\n"}), fails: "error generating manifests: "},
		{name: "a mistake in YAML", path: "app", files: one("a: }\n"), fails: "one.yaml:1:"},
		{name: "an unknown field", path: "app", files: overlay(map[string]string{"kustomization.yaml": "resourcez: []\n"}), fails: "resourcez"},
		{name: "a missing file", path: "app", files: overlay(map[string]string{"kustomization.yaml": "resources: [gone.yaml]\n"}), fails: "gone.yaml"},
		{name: "a Secret keeps its values", path: "app", files: one(secret), fails: "name", hidden: []string{"hunter2"}},
		{name: "two mistakes in two files", path: "app", files: overlay(map[string]string{"kustomization.yaml": "resources: [a.yaml, b.yaml]\n", "a.yaml": "a: }\n", "b.yaml": "b: }\n"}), fails: "error"},
		{name: "a folder that is no overlay", path: "links", fails: "error generating manifests: "},
	}
}

// paths are places of the Application, and links on the way.
func paths() []testCase {
	link := func(name, target string) map[string]string {
		return repository(map[string]string{name: "link:" + target})
	}
	linked := func(kustomization, name, target string) map[string]string {
		return repository(map[string]string{"app/kustomization.yaml": kustomization, name: "link:" + target})
	}
	return []testCase{
		{name: "the root is the overlay", path: ".", files: repository(map[string]string{"kustomization.yaml": "resources: [base]\n"})},
		{name: "a path that is not there", path: "gone", send: with(), differs: &difference{
			"the stock server cannot even start the command there", "no such file or directory", "gone is none"}},
		{name: "a path outside", path: "../x", send: with(), fails: "illegal appPath"},
		{name: "an absolute path", path: "/app", send: with()},
		{name: "a path with dots", path: "base/.././app/", send: with(), env: []string{"ARGOCD_APP_SOURCE_PATH=app"}},
		{name: "a file as path", path: "app/kustomization.yaml", send: with(), differs: &difference{
			"the stock server cannot even start the command there", "not a directory", "error generating manifests: "}},
		{name: "a link to a file", path: "app", files: repository(map[string]string{
			"app/kustomization.yaml": "resources: [link.yaml]\n", "app/link.yaml": "link:real.yaml", "app/real.yaml": configMap("real", "  a: \"1\"\n")})},
		{name: "a link to a file elsewhere", path: "app", files: linked("resources: [link.yaml]\n", "app/link.yaml", "../links/file.yaml"), fails: "file-outside-root"},
		{name: "a link to a folder", path: "app", files: linked("resources: [base]\n", "app/base", "../base")},
		{name: "a link to a link", path: "app", files: repository(map[string]string{
			"app/kustomization.yaml": "resources: [a.yaml]\n", "app/a.yaml": "link:b.yaml", "app/b.yaml": "link:real.yaml", "app/real.yaml": configMap("real", "  a: \"1\"\n")})},
		{name: "a link that leads nowhere", path: "app", files: link("app/nowhere", "gone")},
		{name: "an absolute link is relative", path: "app", send: with(
			tar.Header{Typeflag: tar.TypeSymlink, Name: "app/map.yaml", Linkname: "/kustomization.yaml"})},
		{name: "a link out", path: "app", files: link("app/out", "../../../etc/passwd"), fails: "path escapes from parent"},
		{name: "a link out that is used", path: "app", files: linked("resources: [out.yaml]\n", "app/out.yaml", "../../x.yaml"), fails: "path escapes from parent"},
	}
}

// environments are variables and parameters.
func environments() []testCase {
	two := repository(map[string]string{
		"overlays/base/stack.yaml": "apiVersion: cmp/v1alpha1\nkind: Stack\nmetadata: {name: s}\nspec:\n  environments: {main: {revision: main}, dev: {revision: dev}}\n" +
			"  phases: [{name: one}]\n  components: [{name: map, phase: one, match: [{kind: ConfigMap}]}, {name: more, phase: one, match: [{kind: Namespace}]}]\n",
		"overlays/base/kustomization.yaml": "resources: [map.yaml]\n",
		"overlays/base/map.yaml":           configMap("base", "  a: \"1\"\n"),
		"overlays/main/kustomization.yaml": "resources: [../base]\nnameSuffix: -main\n",
		"overlays/dev/kustomization.yaml":  "resources: [../base]\nnameSuffix: -dev\n",
	})
	request := func(name string, fails string, env ...string) testCase {
		return testCase{name: name, path: "overlays", files: two, env: env, fails: fails}
	}
	parameters := func(json string) string { return "ARGOCD_APP_PARAMETERS=" + json }
	return []testCase{
		request("the overlay of the branch", ""),
		request("the overlay of another branch", "", "ARGOCD_APP_SOURCE_TARGET_REVISION=dev"),
		request("a branch of no overlay", "ARGOCD_APP_SOURCE_TARGET_REVISION", "ARGOCD_APP_SOURCE_TARGET_REVISION=HEAD"),
		request("the overlay by parameter", "", parameters(`[{"name":"overlay","string":"dev"}]`)),
		request("the overlay by variable", "", "ARGOCD_ENV_OVERLAY=dev"),
		request("an overlay that is not there", "prod", parameters(`[{"name":"overlay","string":"prod"}]`)),
		request("one component", "", parameters(`[{"name":"component","array":["map"]}]`)),
		request("a component without objects", "", parameters(`[{"name":"component","array":["map","more"]}]`)),
		request("a component that is not there", "maps", parameters(`[{"name":"component","array":["maps"]}]`)),
		request("expanded", "", parameters(`[{"name":"expand","string":"true"}]`)),
		request("a parameter of the wrong kind", "`true` or `false`", parameters(`[{"name":"expand","string":"maybe"}]`)),
		request("a parameter that is not there", "no parameter `overlays`", parameters(`[{"name":"overlays","string":"dev"}]`)),
		request("parameters that are no JSON", "ARGOCD_APP_PARAMETERS cannot be read", parameters(`[{`)),
		request("a commit that is none", "ARGOCD_APP_REVISION", "ARGOCD_APP_REVISION=main"),
		request("of two variables the later one counts", "", "ARGOCD_ENV_OVERLAY=gone", "ARGOCD_ENV_OVERLAY=dev"),
		request("a variable without a name", "", "=dev"),
		{name: "no variables at all", path: "app", env: []string{"none"}},
	}
}

// streams are messages and archives that no honest client sends.
func streams() []testCase {
	empty := strings.Repeat("0", 64)
	reg := func(name, text string) tar.Header {
		return tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Linkname: text}
	}
	whole := func(c *testCase) []byte { return zipped(c.archived()) }
	long := strings.Repeat("folder-with-a-long-name/", 12) + "file.yaml"
	return []testCase{
		{name: "nothing", send: sendNothing, fails: "EOF"},
		{name: "a file first", send: sendFileFirst, fails: "metadata is nil"},
		{name: "no file at all", path: "app", send: sendMetadataOnly, fails: "file checksum validation error"},
		{name: "metadata twice", path: "app", send: sendMetadataTwice, fails: "stream request file is nil"},
		{name: "a wrong checksum", path: "app", send: changed(func(m *plugin.ManifestRequestMetadata) { m.Checksum = empty }), fails: "file checksum validation error"},
		{name: "a checksum in capitals", path: "app", send: changed(func(m *plugin.ManifestRequestMetadata) { m.Checksum = strings.ToUpper(m.Checksum) }), fails: "file checksum validation error"},
		{name: "a wrong checksum when matching", method: "match", path: "app", send: changed(func(m *plugin.ManifestRequestMetadata) { m.Checksum = empty }), fails: "file checksum validation error"},
		{name: "a wrong checksum when announcing", method: "parameters", path: "app", send: changed(func(m *plugin.ManifestRequestMetadata) { m.Checksum = empty }), fails: "file checksum validation error"},
		{name: "a wrong size", path: "app", send: changed(func(m *plugin.ManifestRequestMetadata) { m.Size_ = 1 })},
		{name: "chunks of one byte", path: "app", chunk: 1, send: with()},
		{name: "chunks of three bytes", path: "app", chunk: 3, send: with()},
		{name: "one chunk", path: "app", chunk: 4 << 20, send: with()},
		{name: "no gzip", path: "app", send: raw(func(*testCase) []byte { return []byte("hello, this is no archive at all") }), fails: "decompressing"},
		{name: "half a gzip", path: "app", send: raw(func(c *testCase) []byte { all := whole(c); return all[:len(all)/2] }), fails: "decompressing"},
		{name: "half a tar", path: "app", send: raw(func(c *testCase) []byte { all := c.archived(); return zipped(all[:520]) }), fails: "decompressing"},
		{name: "a tar that is none", path: "app", send: raw(func(*testCase) []byte { return zipped([]byte(strings.Repeat("no header ", 200))) }), fails: "decompressing"},
		{name: "a tar without an end", path: "app", send: raw(func(c *testCase) []byte { all := c.archived(); return zipped(all[:len(all)-1024]) })},
		{name: "an empty archive", path: ".", send: raw(func(*testCase) []byte { return zipped(make([]byte, 1024)) }), fails: "error generating manifests: "},
		{name: "several members", path: "app", send: raw(func(c *testCase) []byte { all := c.archived(); return zipped(all[:300], all[300:1500], all[1500:]) })},
		{name: "something behind the end", path: "app", send: raw(func(c *testCase) []byte { return append(whole(c), []byte("rubbish")...) })},
		{name: "more tar behind the end", path: "app", send: raw(func(c *testCase) []byte { return zipped(c.archived(), []byte(strings.Repeat("x", 5000))) })},
		{name: "an entry outside", path: "app", send: with(reg("../evil.yaml", "x")), fails: "path escapes from parent"},
		{name: "an absolute entry", path: "app", send: with(reg("/app/more.yaml", "x"))},
		{name: "a link out", path: "app", send: with(tar.Header{Typeflag: tar.TypeSymlink, Name: "l", Linkname: "../../x"}), fails: "path escapes from parent"},
		{name: "a link behind a link", path: "app", send: with(
			tar.Header{Typeflag: tar.TypeSymlink, Name: "l", Linkname: "app"}, tar.Header{Typeflag: tar.TypeSymlink, Name: "l/m", Linkname: "../x"}), fails: "symlink"},
		{name: "a file behind a link", path: "app", send: with(
			tar.Header{Typeflag: tar.TypeSymlink, Name: "l", Linkname: "app"}, reg("l/more.yaml", "x")), differs: &difference{
			"nothing may lie behind a link: no honest client sends that", `{"manifests"`, "is or lies behind a symlink"}},
		{name: "a hard link is left out", path: "app", send: with(tar.Header{Typeflag: tar.TypeLink, Name: "h", Linkname: "app/kustomization.yaml"})},
		{name: "devices are left out", path: "app", send: with(tar.Header{Typeflag: tar.TypeChar, Name: "c"}, tar.Header{Typeflag: tar.TypeFifo, Name: "f"})},
		{name: "of two files the later one counts", path: "app", send: with(reg("app/kustomization.yaml", ""))},
		{name: "a long name in PAX", path: "app", send: with(tar.Header{Format: tar.FormatPAX, Typeflag: tar.TypeReg, Name: long, Mode: 0o644, Linkname: "x"})},
		{name: "a long name in GNU", path: "app", send: with(tar.Header{Format: tar.FormatGNU, Typeflag: tar.TypeReg, Name: long, Mode: 0o644, Linkname: "x"})},
		{name: "100,000 entries", path: "app", chunk: 64 << 10, send: with(manyEntries()...)},
		{name: "a bomb", path: "app", chunk: 64 << 10, send: with(zeros(48)), differs: &difference{
			"what grows too much is refused", `{"manifests"`, "ResourceExhausted: generate manifest error receiving stream: error decompressing tgz file: the archive has more than 250 unpacked bytes for each compressed one"}},
		{name: "a stream that stops", path: "app", send: with(), timeout: 1500 * time.Millisecond, stall: true, differs: &difference{
			"the reason arrives before the deadline", "DeadlineExceeded", "DeadlineExceeded"}},
	}
}
