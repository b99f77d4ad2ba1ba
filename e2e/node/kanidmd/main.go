// kanidmd stands in for Kanidm's server on the node of the end-to-end tests, where the real one can't be had from a
// registry. It does what the real kanidmd 1.11.1 was seen to do, as far as Kubernetes and Flux can tell: it reads
// server.toml, the TLS files and the migrations at start and on a reload, keeps its entries in one file, answers the
// health check, makes backups, and is an OpenID provider for the clients of its migrations. What Kanidm itself does is
// tried on the real server by hand: docs/verified.md.
package main

import (
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

const facts = `stand-in for kanidmd; it relies on these facts of the real 1.11.1:
TLS files are read at start and on a reload only;
a reload skips the next scheduled backup;
a migration is applied once for each content, a file as a whole or not at all;
database restore ends with 0 if it can't open the database that it restores to;
database restore reads gzip only under a name that ends in .gz;
a database of a newer minor version is not read (from Kanidm's documentation, not tried);
the image has no shell`

// version is that of the image, in a file that the suite puts there.
func version() string {
	if text, err := os.ReadFile("/version"); err == nil {
		return strings.TrimSpace(string(text))
	}
	return "1.11.1"
}

func main() {
	log.SetFlags(log.LstdFlags | log.LUTC)
	args := os.Args[1:]
	path := os.Getenv("KANIDM_CONFIG")
	if path == "" {
		path = "/data/server.toml"
	}
	config, err := readConfig(path)
	exitOn(err)
	switch strings.Join(args[:min(len(args), 2)], " ") {
	case "server":
		exitOn(serve(config))
	case "scripting healthcheck", "healthcheck":
		exitOn(healthcheck(config))
	case "scripting reload":
		fmt.Println(must(askAdmin(config, "reload")))
	case "scripting backup":
		db, err := openStore(config.DBPath)
		exitOn(err)
		os.Stdout.Write(db.backup())
	case "database backup":
		exitOn(writeBackup(config.DBPath, last(args)))
	case "database restore":
		exitOn(restore(config.DBPath, last(args)))
	case "domain upgrade-check":
		fmt.Println("status                 : PASS")
	default:
		if len(args) > 1 && args[0] == "scripting" && args[1] == "recover-account" || len(args) > 0 && args[0] == "recover-account" {
			fmt.Println(must(askAdmin(config, "recover "+last(args))))
			return
		}
		exitOn(fmt.Errorf("the stand-in has no command %q", strings.Join(args, " ")))
	}
}

func last(args []string) string { return args[len(args)-1] }

func must(text string, err error) string { exitOn(err); return text }

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "kanidmd:", err)
		os.Exit(1)
	}
}

func serve(config Config) error {
	log.Print(facts)
	log.Printf("INFO: version %s", version())
	if info, err := os.Stat(config.path); err == nil && info.Mode().Perm()&0o004 != 0 {
		log.Printf("WARN: permissions on %s may not be secure. Should not be readable by others", config.path)
	}
	server, err := newServer(config)
	if err != nil {
		return err
	}
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	go func() {
		for range hangups {
			server.reload()
		}
	}()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() { <-stop; os.Exit(0) }()
	if err := server.listenAdmin(); err != nil {
		return err
	}
	if err := server.makeBackups(); err != nil {
		return err
	}
	return server.listen()
}
