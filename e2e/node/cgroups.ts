import { existsSync, readdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = '/sys/fs/cgroup';

/** The controllers of cgroup v1 that are mounted here, each a folder below {@link root}. */
export const controllers = (): string[] =>
  existsSync(root)
    ? readdirSync(root).filter((name) => existsSync(join(root, name, 'cgroup.procs')) && name !== 'unified')
    : [];

/** The cgroup of this process in a controller. A new one is made below it, which the owner of this one allows. */
function ownGroup(controller: string): string {
  const lines = readFileSync('/proc/self/cgroup', 'utf8').split('\n');
  const [, , path = '/'] =
    lines
      .map((line) => line.split(':'))
      .find(([, names]) => names?.split(',').some((name) => name === controller || name === `name=${controller}`)) ??
    [];
  return join(root, controller, path);
}

/** Makes a cgroup of a name in every controller and returns their folders. */
export async function createGroups(name: string): Promise<string[]> {
  const groups: string[] = [];
  for (const controller of controllers()) {
    const parent = ownGroup(controller);
    const group = join(parent, name);
    await mkdir(group);
    groups.push(group);
    // A new group of cpuset has none, and takes no process.
    for (const file of controller === 'cpuset' ? ['cpuset.cpus', 'cpuset.mems'] : []) {
      await writeFile(join(group, file), await readFile(join(parent, file)));
    }
  }
  return groups;
}

/** Removes groups and those below them, once their processes have ended. */
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
