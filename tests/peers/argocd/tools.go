//go:build tools

// Package tools keeps the packages that scripts/peers builds in go.mod.
package tools

import _ "github.com/argoproj/argo-cd/v3/cmd"
