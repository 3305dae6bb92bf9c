//go:build tools

// Package tools keeps the packages that scripts/peers builds in go.mod.
package tools

import _ "sigs.k8s.io/kustomize/kustomize/v5"
