package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

type server struct {
	config      Config
	mutex       sync.Mutex
	db          *store
	key         *ecdsa.PrivateKey
	certificate tls.Certificate
	codes       map[string]authorization
	reloads     chan struct{}
}

func newServer(config Config) (*server, error) {
	db, err := openStore(config.DBPath)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParseECPrivateKey(db.Key)
	if err != nil {
		return nil, err
	}
	s := &server{config: config, db: db, key: key, codes: map[string]authorization{}, reloads: make(chan struct{})}
	db.migrate(config.MigrationPath)
	return s, s.loadCertificate()
}

func (s *server) loadCertificate() error {
	certificate, err := tls.LoadX509KeyPair(s.config.Chain, s.config.Key)
	if err == nil {
		s.certificate = certificate
	}
	return err
}

func (s *server) reload() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	log.Print("INFO: reload")
	if err := s.loadCertificate(); err != nil {
		log.Printf("ERROR: %v", err)
	}
	s.db.migrate(s.config.MigrationPath)
	select {
	case s.reloads <- struct{}{}:
	default:
	}
}

func (s *server) listen() error {
	mux := http.NewServeMux()
	mux.HandleFunc("/status", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "true") })
	mux.HandleFunc("/", s.openID)
	http := &http.Server{
		Addr:    s.config.BindAddress,
		Handler: mux,
		TLSConfig: &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			s.mutex.Lock()
			defer s.mutex.Unlock()
			return &s.certificate, nil
		}},
	}
	log.Printf("INFO: ready to rock on %s", s.config.BindAddress)
	return http.ListenAndServeTLS("", "")
}

// listenAdmin answers the other commands of this program, on the socket that only the pod reaches.
func (s *server) listenAdmin() error {
	os.Remove(s.config.AdminPath)
	listener, err := net.Listen("unix", s.config.AdminPath)
	if err != nil {
		return err
	}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			line, _ := bufio.NewReader(connection).ReadString('\n')
			switch command, name, _ := strings.Cut(strings.TrimSpace(line), " "); command {
			case "reload":
				s.reload()
				fmt.Fprint(connection, `{"status":"ok"}`)
			case "recover":
				fmt.Fprintf(connection, `{"password":%q,"name":%q}`, random(), name)
			}
			connection.Close()
		}
	}()
	return nil
}

func askAdmin(config Config, command string) (string, error) {
	connection, err := net.Dial("unix", config.AdminPath)
	if err != nil {
		return "", err
	}
	defer connection.Close()
	fmt.Fprintln(connection, command)
	return bufio.NewReader(connection).ReadString(0x00)
}

// healthcheck asks the server as the real one does: by the name of its origin, with the certificate that it reads.
func healthcheck(config Config) error {
	origin, err := url.Parse(config.Origin)
	if err != nil {
		return err
	}
	_, port, _ := net.SplitHostPort(config.BindAddress)
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort("localhost", port))
		},
	}}
	answer, err := client.Get("https://" + origin.Host + "/status")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	return nil
}
