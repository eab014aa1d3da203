// Command tesseract is a certificate log of the static kind (c2sp.org/static-ct-api) on files: TesseraCT's handler over
// Tessera's POSIX storage, as upstream's cmd/tesseract/posix puts them together, less what a test does not need (antispam,
// witnesses, telemetry). Promises are given before publication. Ends with SIGTERM, or with its standard input, so that it
// cannot outlive who started it.
package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/transparency-dev/tessera"
	tposix "github.com/transparency-dev/tessera/storage/posix"
	"github.com/transparency-dev/tesseract"
	"github.com/transparency-dev/tesseract/storage"
	"github.com/transparency-dev/tesseract/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

var (
	endpoint   = flag.String("http_endpoint", "", "host:port to listen on")
	origin     = flag.String("origin", "", "name of the log in its checkpoints: host and path of its address, without the port")
	privateKey = flag.String("private_key", "", "file with an EC key, PEM of SEC1")
	roots      = flag.String("roots_pem_file", "", "file with the roots that the log accepts")
	folder     = flag.String("storage_dir", "", "where the log lies")
)

func main() {
	flag.Parse()
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	text, err := os.ReadFile(*privateKey)
	if err != nil {
		return err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return fmt.Errorf("%s is not PEM", *privateKey)
	}
	signer, err := x509.ParseECPrivateKey(block.Bytes)
	if err != nil {
		return err
	}
	chains := tesseract.ChainValidationConfig{RootsPEMFile: *roots, ExtKeyUsages: "CodeSigning"}
	limits := tesseract.LogHandlerOpts{DedupRL: -1, MaxCertChainBytes: 512 << 10}
	handler, err := tesseract.NewLogHandler(ctx, *origin, signer, chains, newStorage, 10*time.Second, false, "", limits)
	if err != nil {
		return err
	}
	server := http.Server{Addr: *endpoint, Handler: handler, ReadHeaderTimeout: 5 * time.Second}

	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, os.Interrupt)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		ended <- syscall.SIGTERM
	}()
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err := <-failed:
		return err
	case <-ended:
		return server.Close()
	}
}

func newStorage(ctx context.Context, signer note.Signer) (*storage.CTStorage, error) {
	driver, err := tposix.New(ctx, tposix.Config{Path: *folder})
	if err != nil {
		return nil, err
	}
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithCTLayout().
		WithCheckpointInterval(500 * time.Millisecond)
	appender, _, reader, err := tessera.NewAppender(ctx, driver, options)
	if err != nil {
		return nil, err
	}
	issuers, err := posix.NewIssuerStorage(ctx, *folder)
	if err != nil {
		return nil, err
	}
	return storage.NewCTStorage(ctx, &storage.CTStorageOptions{Appender: appender, Reader: reader, IssuerStorage: issuers})
}
