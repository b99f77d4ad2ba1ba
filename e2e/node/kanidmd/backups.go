package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// matches tells whether a field of a cron expression allows a value: `*`, `*/n`, or numbers.
func matches(field string, value int) bool {
	for _, part := range strings.Split(field, ",") {
		if step, isStep := strings.CutPrefix(part, "*/"); isStep {
			if n, err := strconv.Atoi(step); err == nil && n > 0 && value%n == 0 {
				return true
			}
		} else if n, err := strconv.Atoi(part); part == "*" || err == nil && n == value {
			return true
		}
	}
	return false
}

// upcoming gives the first time of a cron expression of five fields after another time.
func upcoming(schedule string, after time.Time) (time.Time, error) {
	fields := strings.Fields(schedule)
	if len(fields) != 5 {
		return after, fmt.Errorf("the stand-in reads no schedule such as %q", schedule)
	}
	next := after.UTC().Truncate(time.Minute)
	for range 366 * 24 * 60 {
		next = next.Add(time.Minute)
		values := []int{next.Minute(), next.Hour(), next.Day(), int(next.Month()), int(next.Weekday())}
		all := true
		for i, value := range values {
			all = all && matches(fields[i], value)
		}
		if all {
			return next, nil
		}
	}
	return after, fmt.Errorf("the schedule %q matches no time", schedule)
}

// makeBackups makes the scheduled ones. As in the real server, a reload ends the waiting for the next time of the schedule,
// and so skips it.
func (s *server) makeBackups() error {
	if s.config.BackupPath == "" {
		return nil
	}
	next, err := upcoming(s.config.Schedule, time.Now())
	if err != nil {
		return err
	}
	go func() {
		for ; err == nil; next, err = upcoming(s.config.Schedule, next) {
			wait := time.Until(next)
			log.Printf("INFO: Online backup next run on %s UTC, wait_time = %ds", next.Format("2006-01-02 15:04:05"), int(wait.Seconds())+1)
			select {
			case <-s.reloads:
			case <-time.After(wait):
				s.makeBackup()
			}
		}
		log.Printf("ERROR: %v", err)
	}()
	return nil
}

func (s *server) makeBackup() {
	path := filepath.Join(s.config.BackupPath, "backup-"+time.Now().UTC().Format("2006-01-02T15:04:05.999999999Z")+".json.gz")
	s.mutex.Lock()
	content := s.db.backup()
	s.mutex.Unlock()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		log.Printf("ERROR: Online backup failed to create %s: %v", path, err)
		return
	}
	log.Printf("INFO: Online backup created %s successfully", path)
	files, _ := filepath.Glob(filepath.Join(s.config.BackupPath, "backup-*Z.json.gz"))
	slices.Sort(files)
	for len(files) > s.config.Versions {
		os.Remove(files[0])
		files = files[1:]
	}
}
