import { existsSync, readdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = '/sys/fs/cgroup';

/** Returns the controllers of cgroup v1 that are mounted here. Each is a folder below {@link root}. */
export const controllers = (): string[] =>
  existsSync(root)
    ? readdirSync(root).filter((name) => existsSync(join(root, name, 'cgroup.procs')) && name !== 'unified')
    : [];

/** Returns the cgroup of this process in a controller. The owner of a cgroup may create new ones below it. */
function ownGroup(controller: string): string {
  const lines = readFileSync('/proc/self/cgroup', 'utf8').split('\n');
  const [, , path = '/'] =
    lines
      .map((line) => line.split(':'))
      .find(([, names]) => names?.split(',').some((name) => name === controller || name === `name=${controller}`)) ??
    [];
  return join(root, controller, path);
}

/** Creates a cgroup in every controller, and returns their folders. */
export async function createGroups(name: string): Promise<string[]> {
  const groups: string[] = [];
  for (const controller of controllers()) {
    const parent = ownGroup(controller);
    const group = join(parent, name);
    await mkdir(group);
    groups.push(group);
    // A new group of the controller cpuset has no CPUs and memory nodes, and accepts no process.
    for (const file of controller === 'cpuset' ? ['cpuset.cpus', 'cpuset.mems'] : []) {
      await writeFile(join(group, file), await readFile(join(parent, file)));
    }
  }
  return groups;
}

/** Removes groups and their child groups. Their processes must have ended. */
export function removeGroups(groups: readonly string[]): void {
  for (const group of groups.filter(existsSync)) {
    removeGroups(
      readdirSync(group)
        .map((name) => join(group, name))
        .filter((path) => statSync(path).isDirectory()),
    );
    rmdirSync(group);
  }
}
