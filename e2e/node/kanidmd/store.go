package main

import (
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Entry is an entry with its attributes as a migration gives them.
type Entry map[string]any

// store is the database: entries by UUID, the key that signs tokens, and which contents of migrations were applied.
type store struct {
	path    string
	Entries map[string]Entry
	Removed []string
	Applied map[string]string
	Key     []byte
	// Minor is the newest minor version that opened it.
	Minor int
}

func openStore(path string) (*store, error) {
	db := &store{path: path, Entries: map[string]Entry{}, Applied: map[string]string{}}
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		db.Key, _ = x509.MarshalECPrivateKey(key)
		return db, db.save()
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, db); err != nil {
		return nil, err
	}
	if db.Minor > minor() {
		return nil, fmt.Errorf("the database is of version 1.%d, and this is %s: downgrades are not supported", db.Minor, version())
	}
	return db, nil
}

func minor() int {
	var major, minor int
	fmt.Sscanf(version(), "%d.%d", &major, &minor)
	return minor
}

func (db *store) save() error {
	db.Minor = max(db.Minor, minor())
	text, _ := json.Marshal(db)
	if err := os.WriteFile(db.path+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(db.path+".new", db.path)
}

func (db *store) backup() []byte {
	text, _ := json.Marshal(db)
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	writer.Write(text)
	writer.Close()
	return packed.Bytes()
}

func writeBackup(path, to string) error {
	db, err := openStore(path)
	if err != nil {
		return err
	}
	return os.WriteFile(to, db.backup(), 0o600)
}

func restore(path, from string) error {
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	defer file.Close()
	var reader io.Reader = file
	if strings.HasSuffix(from, ".gz") {
		if reader, err = gzip.NewReader(file); err != nil {
			return err
		}
	}
	if _, err := openStore(path); err != nil {
		log.Printf("ERROR: Failed to setup backend: %v", err)
		return nil
	}
	db := &store{path: path}
	if err := json.NewDecoder(reader).Decode(db); err != nil {
		return fmt.Errorf("failed to parse backup: %w", err)
	}
	db.Minor = 0
	return db.save()
}

type migration struct {
	Assertions []Entry `json:"assertions"`
}

// migrate applies the files of a folder in the order of their names.
func (db *store) migrate(folder string) {
	files, _ := filepath.Glob(filepath.Join(folder, "*.json"))
	slices.Sort(files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			log.Printf("ERROR: Failed to apply migration %s: %v", file, err)
			continue
		}
		sum := sha256.Sum256(text)
		hash, name := hex.EncodeToString(sum[:]), filepath.Base(file)
		if db.Applied[name] == hash {
			continue
		}
		next, err := db.applied(text)
		if err != nil {
			log.Printf("ERROR: Failed to apply migration %s: %v", file, err)
			continue
		}
		db.Entries, db.Removed = next.Entries, next.Removed
		db.Applied[name] = hash
		log.Printf("INFO: applied migration %s", name)
	}
	if err := db.save(); err != nil {
		log.Printf("ERROR: %v", err)
	}
}

func (db *store) applied(text []byte) (*store, error) {
	var file migration
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	copied, _ := json.Marshal(db)
	next := &store{}
	json.Unmarshal(copied, next)
	for _, assertion := range file.Assertions {
		id, _ := assertion["id"].(string)
		if assertion["state"] == "absent" {
			if _, ok := next.Entries[id]; ok {
				delete(next.Entries, id)
				next.Removed = append(next.Removed, id)
			}
			continue
		}
		if slices.Contains(next.Removed, id) {
			return nil, fmt.Errorf("Uuid duplicate found in database: %s", id)
		}
		entry := next.Entries[id]
		if entry == nil {
			entry = Entry{}
		}
		for name, value := range assertion {
			if value == nil {
				delete(entry, name)
			} else if name != "state" {
				entry[name] = value
			}
		}
		for other, e := range next.Entries {
			if other != id && e["name"] == entry["name"] && entry["name"] != nil {
				return nil, fmt.Errorf("AttributeUniqueness: name %v", entry["name"])
			}
		}
		next.Entries[id] = entry
	}
	for _, entry := range next.Entries {
		for _, member := range texts(entry["member"]) {
			if next.find(member) == "" && !strings.HasPrefix(member, "idm_") {
				return nil, fmt.Errorf("Uuid referenced not found in database: %s", member)
			}
		}
	}
	return next, nil
}

// find gives the UUID of the entry with a name or UUID, "" where there is none.
func (db *store) find(name string) string {
	if _, ok := db.Entries[name]; ok {
		return name
	}
	for id, entry := range db.Entries {
		if entry["name"] == name {
			return id
		}
	}
	return ""
}

// groupsOf gives the UUIDs of the groups that an entry is in, nested ones too.
func (db *store) groupsOf(id string) []string {
	var groups []string
	for next := []string{id}; len(next) > 0; next = next[1:] {
		for group, entry := range db.Entries {
			if slices.Contains(groups, group) {
				continue
			}
			for _, member := range texts(entry["member"]) {
				if db.find(member) == next[0] {
					groups = append(groups, group)
					next = append(next, group)
				}
			}
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

func texts(value any) []string {
	list, _ := value.([]any)
	var result []string
	for _, one := range list {
		if text, ok := one.(string); ok {
			result = append(result, text)
		}
	}
	return result
}
