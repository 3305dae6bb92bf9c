package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"
)

// contestant is a server in a measurement.
type contestant struct {
	name   string
	server *server
	times  []time.Duration
}

// bench measures both servers in turns, so that whatever else the machine does meets both
// alike. What counts is the ratio of the medians. The stock server runs twice: with its
// work folder on the disk, and in memory, its best case.
func (r *run) bench(rounds int) {
	memory, err := os.MkdirTemp("/dev/shm", "conformance")
	check(err)
	defer os.RemoveAll(memory)
	config := configuration("")
	inMemory := func(config, sockets string) *exec.Cmd {
		command := r.stockCommand(config, sockets)
		command.Env = append(command.Env, "TMPDIR="+memory, "ARGOCD_CMP_WORKDIR="+memory)
		return command
	}
	all := []*contestant{
		{name: "cmp serve", server: r.start(config, r.ourCommand)},
		{name: "stock, disk", server: r.start(config, r.stockCommand)},
		{name: "stock, tmpfs", server: r.start(config, inMemory)},
	}
	for _, c := range all {
		if c.server.problem != "" {
			fmt.Println(c.name, c.server.problem)
			os.Exit(2)
		}
		defer c.server.stop()
	}
	fmt.Printf("Argo CD's client, archive prepared, a connection a request, %d requests a server in turns, medians in ms\n", rounds)
	fmt.Printf("%-14s %8s %8s %6s %10s %12s %13s %9s %10s\n", "repository", "MB", "clients", "", "cmp serve", "stock, disk", "stock, tmpfs", "to disk", "to tmpfs")
	number := uint64(1)
	for _, a := range []*archive{
		newArchive("tiny", 1, 500, 100), newArchive("3,000 files", 3000, 2048, 3<<20), newArchive("20,000 files", 20000, 2048, 0),
	} {
		for _, clients := range []int{1, 8} {
			for _, warm := range []bool{false, true} {
				r.measure(all, a, clients, warm, rounds, &number)
			}
		}
	}
	fmt.Println("to reach on 3,000 files: cold 20x to disk and 3x to tmpfs, warm 15x to tmpfs; on tiny 4x")
	used := usage(all[0].server.command.Process.Pid)
	fmt.Printf("cmp serve: %d MiB at the end, %d MiB at most, %d descriptors\n", used.mebibytes, used.peak, used.descriptors)
}

func (r *run) measure(all []*contestant, a *archive, clients int, warm bool, rounds int, number *uint64) {
	if a.size > 8<<20 {
		rounds = max(rounds/3, 3)
	}
	for _, c := range all {
		c.times = nil
		generate(c.server.socket, a.request(0, overlayPath(0)))
	}
	for range (rounds + clients - 1) / clients {
		for _, c := range all {
			c.round(a, clients, warm, number)
		}
	}
	word := "cold"
	if warm {
		word = "warm"
	}
	medians := make([]float64, len(all))
	for i, c := range all {
		slices.Sort(c.times)
		medians[i] = float64(c.times[len(c.times)/2].Microseconds()) / 1000
	}
	fmt.Printf("%-14s %8.2f %8d %6s %10.2f %12.2f %13.2f %8.1fx %9.1fx\n", a.name, float64(a.size)/1e6, clients, word,
		medians[0], medians[1], medians[2], medians[1]/medians[0], medians[2]/medians[0])
}

// round is one request of each client. Cold ones have a checksum that nobody has seen; warm
// ones the same checksum and, where there are several, another Application each.
func (c *contestant) round(a *archive, clients int, warm bool, number *uint64) {
	var waiting sync.WaitGroup
	times := make([]time.Duration, clients)
	for i := range clients {
		checksum := uint64(0)
		if !warm {
			*number++
			checksum = *number
		}
		path := overlayPath(0)
		if a.size > 1<<20 {
			path = overlayPath((len(c.times) + i) % overlays)
		}
		request := a.request(checksum, path)
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			started := time.Now()
			answer := generate(c.server.socket, request)
			times[i] = time.Since(started)
			if answer.code != "" {
				check(fmt.Errorf("%s: %s", c.name, answer))
			}
		}()
	}
	waiting.Wait()
	c.times = append(c.times, times...)
}
