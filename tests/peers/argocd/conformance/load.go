package main

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	grpc_retry "github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	plugin "github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
)

const clients = 16

// loader is many clients at one server.
type loader struct {
	archive *archive
	socket  atomic.Value
	number  atomic.Uint64
	done    sync.Map // kind of request -> *atomic.Uint64
	mutex   sync.Mutex
	times   []time.Duration
	wrong   []string
}

// load asks for 200 Applications at once, then for a mixture of good, bad and abandoned
// things, and kills the server in the middle. Answers must be right, memory and
// descriptors must not grow.
func (r *run) load(duration time.Duration) bool {
	config := configuration("")
	server := r.start(config, r.ourCommand)
	if server.problem != "" {
		fmt.Println(server.problem)
		return false
	}
	l := &loader{archive: newArchive("3,000 files", 3000, 2048, 3<<20)}
	l.socket.Store(server.socket)
	l.each(overlays, func(i int) { l.good(i, 0) })
	l.mixture(duration / 2)
	atRest := usage(server.command.Process.Pid)
	l.mixture(duration / 4)
	later := usage(server.command.Process.Pid)

	restarted := make(chan struct{})
	go func() {
		defer close(restarted)
		time.Sleep(duration / 8)
		server.stop()
		server.command = r.ourCommand(filepath.Join(filepath.Dir(filepath.Dir(server.socket)), "config"), filepath.Dir(server.socket))
		server.command.Stdout, server.command.Stderr = server.output, server.output
		server.ended = make(chan struct{})
		check(server.command.Start())
		go func() { _ = server.command.Wait(); close(server.ended) }()
	}()
	l.mixture(duration / 4)
	<-restarted
	l.each(overlays, func(i int) { l.good(i, 0) })
	server.stop()
	return l.report(atRest, later)
}

// each calls f with 0 to n-1, `clients` at a time.
func (l *loader) each(n int, f func(int)) {
	var waiting sync.WaitGroup
	var next atomic.Int64
	for range clients {
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				f(int(i))
			}
		}()
	}
	waiting.Wait()
}

func (l *loader) mixture(duration time.Duration) {
	until := time.Now().Add(duration)
	var waiting sync.WaitGroup
	for client := range clients {
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			random := rand.New(rand.NewSource(int64(client)))
			for time.Now().Before(until) {
				l.any(random)
			}
		}()
	}
	waiting.Wait()
}

func (l *loader) any(random *rand.Rand) {
	switch random.Intn(10) {
	case 0:
		l.good(random.Intn(overlays), l.number.Add(1)) // an archive that nobody has sent yet
	case 1:
		l.bad("a wrong checksum", codes.InvalidArgument, "file checksum validation error", 0, "overlays/000", func(all []*plugin.AppStreamRequest) []*plugin.AppStreamRequest {
			return all[:len(all)-1]
		})
	case 2:
		l.bad("a broken overlay", codes.FailedPrecondition, "resourcez", 0, "overlays/broken", nil)
	case 3:
		l.bad("a broken overlay, new", codes.FailedPrecondition, "resourcez", l.number.Add(1), "overlays/broken", nil)
	case 4:
		l.abandon(random, 0)
	case 5:
		l.abandon(random, l.number.Add(1))
	default:
		l.good(random.Intn(overlays), 0)
	}
}

func (l *loader) count(kind string) {
	counter, _ := l.done.LoadOrStore(kind, &atomic.Uint64{})
	counter.(*atomic.Uint64).Add(1)
}

// good asks until the server answers: it may be gone for a moment.
func (l *loader) good(i int, number uint64) {
	l.count("good")
	for range 100 {
		started := time.Now()
		answer := l.ask(l.archive.request(number, overlayPath(i)))
		if gone(answer) {
			l.count("tried again")
			time.Sleep(50 * time.Millisecond)
			continue
		}
		if answer.code != "" || strings.Count(answer.value, `\"kind\":\"ConfigMap\"`) != 1 || !strings.Contains(answer.value, fmt.Sprintf(`\"name\":\"app-%03d\"`, i)) {
			l.fail("overlay %d: %s", i, answer)
		}
		l.mutex.Lock()
		l.times = append(l.times, time.Since(started))
		l.mutex.Unlock()
		return
	}
	l.fail("overlay %d: no answer after all tries", i)
}

func (l *loader) bad(kind string, code codes.Code, text string, number uint64, path string, change func([]*plugin.AppStreamRequest) []*plugin.AppStreamRequest) {
	l.count(kind)
	all := l.archive.request(number, path)
	if change != nil {
		all = change(all)
	}
	answer := l.ask(all)
	if !gone(answer) && (answer.code != code.String() || !strings.Contains(answer.message, text)) {
		l.fail("%s: %s", kind, answer)
	}
}

// gone is a server that was killed.
func gone(a answer) bool {
	return a.code == codes.Unavailable.String() || a.code == codes.Unknown.String()
}

func (l *loader) abandon(random *rand.Rand, number uint64) {
	l.count("abandoned")
	all := l.archive.request(number, "overlays/000")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	connection, client, err := plugin.NewConfigManagementPluginClientSet(l.socket.Load().(string)).NewConfigManagementPluginClient()
	if err != nil {
		return
	}
	defer connection.Close()
	stream, err := client.GenerateManifest(ctx, grpc_retry.Disable())
	if err != nil {
		return
	}
	for _, message := range all[:random.Intn(len(all))] {
		if stream.Send(message) != nil {
			return
		}
	}
}

func (l *loader) ask(messages []*plugin.AppStreamRequest) answer {
	return generate(l.socket.Load().(string), messages)
}

// generate is one request on a connection of its own, as repo-server makes it.
func generate(socket string, messages []*plugin.AppStreamRequest) answer {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	connection, client, err := plugin.NewConfigManagementPluginClientSet(socket).NewConfigManagementPluginClient()
	if err != nil {
		return answer{code: codes.Unavailable.String(), message: err.Error()}
	}
	defer connection.Close()
	stream, err := client.GenerateManifest(ctx, grpc_retry.Disable())
	if err != nil {
		return failed(err)
	}
	for _, message := range messages {
		if stream.Send(message) != nil {
			break // the reason is in the answer
		}
	}
	reply, err := stream.CloseAndRecv()
	if err != nil {
		found, _ := status.FromError(err)
		return answer{code: found.Code().String(), message: found.Message()}
	}
	return answer{value: fmt.Sprintf("%q", reply.GetManifests())}
}

func (l *loader) fail(format string, values ...any) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.wrong = append(l.wrong, fmt.Sprintf(format, values...))
}

// resources is what a process uses.
type resources struct{ mebibytes, peak, descriptors int }

func usage(pid int) resources {
	time.Sleep(300 * time.Millisecond) // abandoned connections end
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	check(err)
	descriptors, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	check(err)
	number := func(key string) int {
		for line := range strings.Lines(string(text)) {
			if fields := strings.Fields(line); fields[0] == key {
				kibibytes, _ := strconv.Atoi(fields[1])
				return kibibytes >> 10
			}
		}
		return 0
	}
	return resources{number("VmRSS:"), number("VmHWM:"), len(descriptors)}
}

func (l *loader) report(atRest, later resources) bool {
	fmt.Print("load:")
	l.done.Range(func(kind, count any) bool {
		fmt.Printf(" %d %s,", count.(*atomic.Uint64).Load(), kind)
		return true
	})
	slices.Sort(l.times)
	at := func(part float64) time.Duration { return l.times[int(part*float64(len(l.times)-1))].Round(10 * time.Microsecond) }
	fmt.Printf(" p50 %s, p99 %s\n", at(0.5), at(0.99))
	fmt.Printf("load: memory %d MiB, later %d MiB, peak %d MiB; descriptors %d, later %d; wrong answers %d\n",
		atRest.mebibytes, later.mebibytes, later.peak, atRest.descriptors, later.descriptors, len(l.wrong))
	for _, wrong := range l.wrong[:min(10, len(l.wrong))] {
		fmt.Println("  wrong:", wrong)
	}
	flat := later.mebibytes < atRest.mebibytes+64 && later.descriptors <= atRest.descriptors+2
	if !flat {
		fmt.Println("  wrong: the server grows")
	}
	return len(l.wrong) == 0 && flat
}
