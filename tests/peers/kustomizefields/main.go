// Prints the fields of kustomize's own Kustomization type as JSON: names to types, structs to their fields.
// The tests hold the list against what cmp decodes, so that no field can be forgotten.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"

	"sigs.k8s.io/kustomize/api/types"
)

func describe(t reflect.Type) any {
	switch t.Kind() {
	case reflect.Pointer:
		return describe(t.Elem())
	case reflect.Slice:
		return []any{describe(t.Elem())}
	case reflect.Map:
		return map[string]any{"*": describe(t.Elem())}
	case reflect.Struct:
		fields := map[string]any{}
		add(t, fields)
		return fields
	default:
		return t.Kind().String()
	}
}

// add puts the fields of a struct into the map; embedded ones count as the struct's own, as for the JSON decoder.
func add(t reflect.Type, fields map[string]any) {
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		embedded := field.Type
		if embedded.Kind() == reflect.Pointer {
			embedded = embedded.Elem()
		}
		switch {
		case name == "-" || (!field.IsExported() && !field.Anonymous):
		case field.Anonymous && name == "" && embedded.Kind() == reflect.Struct:
			add(embedded, fields)
		case name == "":
			fields[field.Name] = describe(field.Type)
		default:
			fields[name] = describe(field.Type)
		}
	}
}

func main() {
	out, err := json.MarshalIndent(describe(reflect.TypeOf(types.Kustomization{})), "", "  ")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(string(out))
}
