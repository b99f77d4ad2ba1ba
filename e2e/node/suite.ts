import { existsSync } from 'node:fs';
import { Lab } from '../harness';
import type { LabGlobals } from '../harness/environment';
import type { Machine } from './machine';
import { bootNode } from './node';
import { obstacle } from './probe';

/** The machine of a test file. It exists from the first test on. */
export interface NodeOfTests {
  readonly lab: Lab;
  readonly machine: Machine;
}

/**
 * Tests on a separate machine. Each test starts from the state in which the one before ended. If this machine cannot
 * run a node, they are skipped, and a line says so.
 */
export function describeNode(name: string, define: (node: NodeOfTests) => void): void {
  const hindrance = obstacle();
  // Not through the console: Jest prints nothing of a file whose tests are all skipped.
  if (hindrance) process.stderr.write(`THE TESTS ON A NODE ARE SKIPPED: ${hindrance}\n`);
  // A test waits for up to two conditions, for up to four minutes each.
  jest.setTimeout(600_000);
  (hindrance ? describe.skip : describe)(name, () => {
    const node: { lab?: Lab; machine?: Machine } = {};
    const open: NodeOfTests = {
      get lab() {
        return opened(node.lab);
      },
      get machine() {
        return opened(node.machine);
      },
    };
    beforeAll(async () => {
      node.lab = await Lab.open(name.replaceAll(' ', '-'));
      node.machine = await bootNode(node.lab);
    }, 600_000);
    beforeEach(() => {
      if ((globalThis as LabGlobals).kanifluxTestFailed) throw new Error('an earlier test of this node failed');
    });
    afterAll(async () => {
      const { lab, machine } = node;
      try {
        if (lab && (globalThis as LabGlobals).kanifluxTestFailed) await machine?.keepLogs(lab.logs);
      } finally {
        const groups = machine?.groups ?? [];
        await machine?.halt();
        await lab?.close();
        expect(groups.filter(existsSync)).toEqual([]);
      }
    }, 120_000);
    define(open);
  });
}

function opened<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the machine is not booted yet');
  return value;
}
