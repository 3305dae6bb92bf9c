package main

const announcing = `  parameters:
    static:
    - {name: static, title: Static, tooltip: from plugin.yaml, required: true, itemType: number, collectionType: map, map: {a: "1"}}
    - {name: list, collectionType: array, array: [a, b]}
    dynamic: {command: [cmp, parameters]}
`

const static = `  provideGitCreds: true
  preserveFileMode: true
  parameters: {static: [{name: one, string: value}]}
`

func parameters() []testCase {
	return []testCase{
		{name: "dynamic ones first", method: "parameters", path: "app"},
		{name: "without variables", method: "parameters", path: "app", env: []string{"none"}},
		{name: "of the root", method: "parameters", path: "."},
		{name: "of a path outside", method: "parameters", path: "../x", send: with(), fails: "illegal appPath"},
		{name: "of a stack", method: "parameters", path: "overlays/main", files: environments()[0].files},
		{name: "check", method: "check"},
	}
}

// rules are discovery rules, with what both answer when the rule cannot be applied in
// the folder app, or at the root.
var rules = []struct{ spec, fails, rootFails string }{
	{spec: "{fileName: kustomization.yaml}"},
	{spec: "{fileName: not_found.yaml}"},
	{spec: "{fileName: '*/plugin.yaml'}"},
	{spec: "{fileName: 'k*[a-z].y?ml'}"},
	{spec: "{fileName: '['}", fails: "syntax error in pattern", rootFails: "syntax error in pattern"},
	{spec: "{find: {glob: '**/*/plugin.yaml'}}"},
	{spec: "{find: {glob: '**/plugin.yaml'}}"},
	{spec: "{find: {glob: '**/*/not_found.yaml'}}"},
	{spec: "{find: {glob: does-not-exist}}", fails: "error finding glob match", rootFails: "error finding glob match"},
	{spec: "{find: {glob: kustomization.yaml}}", rootFails: "error finding glob match"},
	{spec: "{find: {glob: 'config/*.{yml,yaml}'}}", rootFails: "error finding glob match"},
	{spec: "{fileName: kustomization.yaml, find: {glob: does-not-exist, command: ['false']}}"},
}

// boots are files that are the case themselves.
var boots = []struct {
	config string
	boot   boot
}{
	{"", boot{name: "boot/no folder", text: "no such file or directory", differs: &difference{
		"the words are the operating system's", "no such file or directory", "plugin.yaml: No such file or directory"}}},
	{"{}", boot{name: "boot/no name", text: "invalid plugin configuration file. metadata.name should be non-empty"}},
	{"kind: ConfigManagementPlugin\nmetadata:\n", boot{name: "boot/no metadata", text: "metadata.name should be non-empty"}},
	{"kind: invalid\nmetadata:\t\n  name: name\n", boot{name: "boot/a wrong kind, behind a TAB", text: "kind should be ConfigManagementPlugin, found invalid"}},
	{"kind: ConfigManagementPlugin\nmetadata: {name: cmp}\n", boot{name: "boot/no command", text: "spec.generate command should be non-empty"}},
	{"kind: ConfigManagementPlugin\nmetadata: {name: cmp}\nspec: {version: 1.0, generate: {command: [cmp, generate]}}\n", boot{name: "boot/a version that is a number", text: "version"}},
	{configuration("  version: v1.0\n"), boot{name: "boot/a version", socket: "cmp-v1.0.sock"}},
	{"KIND: ConfigManagementPlugin\nmetadata: {NAME: cmp}\nSpec: {Generate: {COMMAND: [cmp], args: [generate]}}\n", boot{name: "boot/keys in any case", socket: "cmp.sock"}},
	{configuration("  discovery: {fileName: x}\n  lockRepo: true\n"), boot{name: "boot/unknown keys", socket: "cmp.sock"}},
	{configuration("  init: {command: [sh, -c, 'true']}\n"), boot{name: "boot/init", differs: &difference{
		"no command is ever run", "cmp.sock", "spec.init is `sh -c true`, and this server never runs a command"}}},
	{"kind: ConfigManagementPlugin\nmetadata: {name: cmp}\nspec: {generate: {command: [sh, -c, cat x]}}\n", boot{name: "boot/another plugin", differs: &difference{
		"no command is ever run", "cmp.sock", "spec.generate is `sh -c cat x`, and this server never runs a command"}}},
	{configuration("  discover: {find: {command: [ls]}}\n"), boot{name: "boot/discovery by command", differs: &difference{
		"no command is ever run", "cmp.sock", "spec.discover.find.command is `ls`"}}},
}
