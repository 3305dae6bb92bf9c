// mergekeys prints what kustomize knows about merging: the types of its built-in OpenAPI document from
// which a list with a patch strategy can be reached, and every kind with its scope. The output is
// src/kustomize/patch/merge_keys.txt; the format is described at the top of it.
//
//	go run -C tests/peers/mergekeys . > src/kustomize/patch/merge_keys.txt
package main

import (
	"fmt"
	"log"
	"os"
	"slices"
	"sort"
	"strings"

	"k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/kustomize/kyaml/openapi"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

const header = `# What kustomize knows about merging, read out of its built-in OpenAPI document (%s).
# Written by tests/peers/mergekeys; do not edit. An indented line is a field of the type above it:
#
#   field Type               a mapping whose fields are those of Type
#   field {Type}             a mapping with free keys and values of Type
#   field [Type] by a,b      a list merged by the keys a and b
#   field [-] as set         a list of plain values, merged as a set
#   field -                  known, and nothing below is merged: its lists are replaced
#
# Plain fields are left out, and so are types below which nothing is merged and kinds that are no
# objects of an API. Lists without a key are replaced as a whole, so what they hold does not matter.
`

func main() {
	log.SetFlags(0)
	t := readTable()
	out := &strings.Builder{}
	fmt.Fprintf(out, header, openapi.GetSchemaVersion())
	t.printKinds(out)
	t.printTypes(out)
	if _, err := os.Stdout.WriteString(out.String()); err != nil {
		log.Fatal(err)
	}
}

type table struct {
	definitions spec.Definitions
	short       map[string]string // definition -> the name used here
	merging     map[string]bool   // definition -> whether something below it is merged
}

func readTable() *table {
	openapi.SchemaForResourceType(yaml.TypeMeta{}) // makes kyaml read its document
	t := &table{definitions: openapi.Schema().Definitions, short: map[string]string{}, merging: map[string]bool{}}
	owner := map[string]string{}
	for _, name := range sorted(t.definitions) {
		parts := strings.Split(name, ".")
		short := strings.Join(parts[max(0, len(parts)-3):], ".")
		if other, taken := owner[short]; taken {
			log.Fatalf("%s and %s would both be called %s", other, name, short)
		}
		owner[short], t.short[name] = name, short
	}
	t.findMerging()
	return t
}

// findMerging marks types until nothing new turns up, for types may contain themselves.
func (t *table) findMerging() {
	for changed := true; changed; {
		changed = false
		for name, definition := range t.definitions {
			if t.merging[name] {
				continue
			}
			for _, property := range definition.Properties {
				if mergesAsList(property) || t.merging[below(property)] {
					t.merging[name], changed = true, true
					break
				}
			}
		}
	}
}

// below is the definition that a field leads to without passing through a list that is replaced.
func below(property spec.Schema) string {
	if values := property.AdditionalProperties; values != nil && values.Schema != nil {
		return below(*values.Schema)
	}
	if len(property.Properties) > 0 {
		log.Fatal("a type without a name: the format has no place for it")
	}
	return strings.TrimPrefix(property.Ref.String(), "#/definitions/")
}

// mergesAsList is kyaml's own rule, which asks the strategy and not the key.
func mergesAsList(property spec.Schema) bool {
	strategy, _ := property.Extensions["x-kubernetes-patch-strategy"].(string)
	return property.Type.Contains("array") && slices.Contains(strings.Split(strategy, ","), "merge")
}

func (t *table) reference(definition string) string {
	if t.merging[definition] {
		return t.short[definition]
	}
	return "-"
}

func (t *table) describe(property spec.Schema) string {
	switch {
	case mergesAsList(property):
		_, keys := (&openapi.ResourceSchema{Schema: &property}).PatchStrategyAndKeyList()
		item := t.reference(strings.TrimPrefix(property.Items.Schema.Ref.String(), "#/definitions/"))
		if len(keys) == 0 {
			return fmt.Sprintf("[%s] as set", item)
		}
		return fmt.Sprintf("[%s] by %s", item, strings.Join(keys, ","))
	case property.AdditionalProperties != nil && property.AdditionalProperties.Schema != nil:
		if value := t.describe(*property.AdditionalProperties.Schema); value != "" && value != "-" {
			return "{" + value + "}"
		}
		return "-"
	case property.Ref.String() != "":
		definition := below(property)
		if kinds := t.definitions[definition].Type; len(kinds) == 1 && kinds[0] != "object" {
			return "" // a quantity, a time: plain
		}
		return t.reference(definition)
	case property.Type.Contains("array") || property.Type.Contains("object"):
		return "-"
	}
	return ""
}

func (t *table) printTypes(out *strings.Builder) {
	var names []string
	for name := range t.merging {
		names = append(names, name)
	}
	sort.Slice(names, func(a, b int) bool { return t.short[names[a]] < t.short[names[b]] })
	for _, name := range names {
		fmt.Fprintf(out, "\ntype %s\n", t.short[name])
		properties := t.definitions[name].Properties
		for _, field := range sorted(properties) {
			if what := t.describe(properties[field]); what != "" {
				fmt.Fprintf(out, "  %s %s\n", field, what)
			}
		}
	}
}

func (t *table) printKinds(out *strings.Builder) {
	kinds := map[string]string{}
	for _, name := range sorted(t.definitions) {
		list, _ := t.definitions[name].Extensions["x-kubernetes-group-version-kind"].([]any)
		for _, entry := range list {
			kind := typeMeta(entry.(map[string]any))
			line := kind.APIVersion + " " + kind.Kind
			if other, taken := kinds[line]; taken {
				log.Fatalf("%s is claimed by %s and %s", line, other, name)
			}
			if what := t.reference(name) + " " + scope(kind); what != "- unknown" {
				kinds[line] = what
			}
		}
	}
	out.WriteString("\nkinds\n")
	for _, kind := range sorted(kinds) {
		fmt.Fprintf(out, "  %s %s\n", kind, kinds[kind])
	}
}

func typeMeta(gvk map[string]any) yaml.TypeMeta {
	version := gvk["version"].(string)
	if group, _ := gvk["group"].(string); group != "" {
		version = group + "/" + version
	}
	return yaml.TypeMeta{APIVersion: version, Kind: gvk["kind"].(string)}
}

func scope(kind yaml.TypeMeta) string {
	switch namespaced, known := openapi.IsNamespaceScoped(kind); {
	case !known:
		return "unknown"
	case namespaced:
		return "namespaced"
	}
	return "cluster"
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
