package main

import (
	"fmt"

	"github.com/go-logr/logr"
)

// sink takes the sorted tasks out of what the engine logs: it offers them nowhere else.
type sink struct {
	now    *iteration
	values []any
}

func (s *sink) Init(logr.RuntimeInfo) {}

func (s *sink) Enabled(int) bool { return true }

func (s *sink) Info(_ int, message string, _ ...any) {
	switch message {
	case "Tasks", "Tasks (dry-run)":
		s.now.Tasks = s.text("tasks")
	case "Creating namespace":
		s.now.Namespace = s.text("task")
	}
}

func (s *sink) Error(error, string, ...any) {}

func (s *sink) WithValues(values ...any) logr.LogSink {
	return &sink{now: s.now, values: append(append([]any(nil), s.values...), values...)}
}

func (s *sink) WithName(string) logr.LogSink { return s }

func (s *sink) text(key string) string {
	for i := 0; i+1 < len(s.values); i += 2 {
		if s.values[i] == key {
			return fmt.Sprint(s.values[i+1])
		}
	}
	return ""
}
