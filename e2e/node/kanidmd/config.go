package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Config is what the stand-in reads of server.toml: strings and integers, a line each.
type Config struct {
	path, Domain, Origin, BindAddress, DBPath, Chain, Key, AdminPath, MigrationPath, BackupPath, Schedule string
	Versions                                                                                              int
}

func readConfig(path string) (Config, error) {
	config := Config{path: path, AdminPath: "/data/kanidmd.sock", DBPath: "/data/kanidm.db", MigrationPath: "/data/migrations.d", BindAddress: "[::]:8443", Versions: 7}
	file, err := os.Open(path)
	if err != nil {
		return config, err
	}
	defer file.Close()
	fields := map[string]*string{
		"domain": &config.Domain, "origin": &config.Origin, "bindaddress": &config.BindAddress, "db_path": &config.DBPath,
		"tls_chain": &config.Chain, "tls_key": &config.Key, "adminbindpath": &config.AdminPath,
		"migration_path": &config.MigrationPath, "online_backup.path": &config.BackupPath,
		"online_backup.schedule": &config.Schedule,
	}
	table := ""
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		switch key, value, isPair := strings.Cut(line, "="); {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			table = strings.Trim(line, "[]") + "."
		case table+strings.TrimSpace(key) == "online_backup.versions":
			if config.Versions, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return config, fmt.Errorf("%s: %s: %w", path, line, err)
			}
		case isPair:
			if field := fields[table+strings.TrimSpace(key)]; field != nil {
				if *field, err = strconv.Unquote(strings.TrimSpace(value)); err != nil {
					return config, fmt.Errorf("%s: %s: %w", path, line, err)
				}
			}
		default:
			return config, fmt.Errorf("%s: not TOML that the stand-in reads: %s", path, line)
		}
	}
	if path := os.Getenv("KANIDM_DB_PATH"); path != "" {
		config.DBPath = path
	}
	if path := os.Getenv("KANIDM_ADMIN_BIND_PATH"); path != "" {
		config.AdminPath = path
	}
	if config.Domain == "" || config.Origin == "" {
		return config, fmt.Errorf("%s: domain and origin are required", path)
	}
	return config, nil
}
