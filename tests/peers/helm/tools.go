//go:build tools

// Package tools keeps the packages that scripts/peers builds in go.mod.
package tools

import _ "helm.sh/helm/v3/cmd/helm"
