// Command trillian-memory is Trillian without a database: log server, sequencer and admin interface in one process, for
// Rekor v1 and the certificate log of a test. It makes a tree for each, prints "<address> <tree id> <tree id>", and forgets
// everything when it ends (SIGTERM, or end of its standard input, so that it cannot outlive who started it).
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/google/trillian"
	"github.com/google/trillian/client"
	"github.com/google/trillian/extension"
	"github.com/google/trillian/quota"
	"github.com/google/trillian/storage/memory"
	"github.com/google/trillian/testonly/integration"
	"google.golang.org/protobuf/types/known/durationpb"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	trees := memory.NewTreeStorage()
	env, err := integration.NewLogEnvWithRegistry(ctx, 1, extension.Registry{
		AdminStorage: memory.NewAdminStorage(trees),
		LogStorage:   memory.NewLogStorage(trees, nil),
		QuotaManager: quota.Noop(),
	})
	if err != nil {
		return err
	}
	defer env.Close()

	// The trees are made here and not by who uses them: asking this storage for the root of a tree that has none yet leaves
	// the tree locked.
	certificates, err := newTree(ctx, env)
	if err != nil {
		return err
	}
	entries, err := newTree(ctx, env)
	if err != nil {
		return err
	}
	fmt.Println(env.Address, certificates, entries)

	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, os.Interrupt)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		ended <- syscall.SIGTERM
	}()
	<-ended
	return nil
}

func newTree(ctx context.Context, env *integration.LogEnv) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tree, err := client.CreateAndInitTree(ctx, &trillian.CreateTreeRequest{Tree: &trillian.Tree{
		TreeState:       trillian.TreeState_ACTIVE,
		TreeType:        trillian.TreeType_LOG,
		MaxRootDuration: durationpb.New(time.Hour),
	}}, env.Admin, env.Log)
	if err != nil {
		return 0, err
	}
	return tree.TreeId, nil
}
