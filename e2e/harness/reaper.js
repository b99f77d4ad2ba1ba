// Ends what a test process leaves behind, in whatever way that process ends. `exit` handlers do not run on SIGKILL, and
// Jest's sandbox prevents them from running at all. It reads the lines `+pid`, `-pid`, `folder path` and `group path`,
// and acts when its standard input is closed. It is plain JavaScript, because it is started for every lab and must be
// ready immediately.
const { readdirSync, rmdirSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { createInterface } = require('node:readline');

const groups = new Set();
const folders = new Set();
const cgroups = new Set();

createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (line.startsWith('+')) groups.add(Number(line.slice(1)));
    else if (line.startsWith('-')) groups.delete(Number(line.slice(1)));
    else if (line.startsWith('group ')) cgroups.add(line.slice('group '.length));
    else folders.add(line.slice('folder '.length));
  })
  .on('close', () => {
    signal('SIGTERM');
    const deadline = Date.now() + 5000;
    const timer = setInterval(() => {
      if (signal(0) && Date.now() < deadline) return;
      signal('SIGKILL');
      clearInterval(timer);
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
      removeCgroups();
    }, 50);
  });

/**
 * Removes the cgroups. A cgroup can be removed after its last process has ended, which takes a moment after the signal.
 */
function removeCgroups(attempts = 100) {
  for (const cgroup of cgroups) if (removed(cgroup)) cgroups.delete(cgroup);
  if (cgroups.size > 0 && attempts > 0) setTimeout(removeCgroups, 100, attempts - 1);
}

function removed(cgroup) {
  try {
    for (const one of readdirSync(cgroup, { withFileTypes: true }))
      if (one.isDirectory()) removed(join(cgroup, one.name));
    rmdirSync(cgroup);
    return true;
  } catch (error) {
    return error.code === 'ENOENT';
  }
}

/** Sends a signal to all groups. Returns whether one of them still exists. */
function signal(name) {
  for (const group of [...groups]) {
    try {
      process.kill(-group, name);
    } catch {
      groups.delete(group);
    }
  }
  return groups.size > 0;
}
