import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runbook } from '../../lib/node-files/runbook';
import { configOf } from '../config';
import { KanidmModel } from './kanidm-model';
import { type Client, runScript } from './run-script';

/*
 * The runbook beside what it did on a real kanidmd and kanidm 1.11.1 (fixtures/kanidm/runbook): the same calls in the
 * same order, answered as the real client answered them, and the same words to the person at the end.
 */
interface Recorded {
  readonly config: string;
  readonly args: readonly string[];
  readonly calls: readonly { readonly words: readonly string[]; readonly status: number; readonly text: string }[];
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const names = [
  'first-run',
  'second-run',
  'member-removed',
  'redirect-url-removed',
  'rename',
  'wrong-uuid',
  'missing-image',
  'unknown-name',
  'reset-token',
  'absent',
  'everything-cleared',
] as const;

const recorded = (name: string): Recorded =>
  JSON.parse(readFileSync(join(__dirname, `../fixtures/kanidm/runbook/${name}.json`), 'utf8'));

/** Its SHA-256 is in what Kanidm printed. */
const logo = readFileSync(join(__dirname, '../fixtures/kanidm/runbook/logo.svg'), 'utf8');
const scriptOf = (config: string) => runbook(configOf(config, { 'logo.svg': logo }));
const filesOf = (name: string): Record<string, string> => (name === 'missing-image' ? {} : { 'logo.svg': logo });

test.each(names)('%s: what the real Kanidm saw', async (name) => {
  const { config, args, calls, ...rest } = recorded(name);
  const seen: (readonly string[])[] = [];
  const client: Client = (words) => {
    const { status = 99, text = 'not recorded\n' } = calls[seen.length] ?? {};
    seen.push(words);
    return { status, text };
  };
  const run = await runScript(scriptOf(config), client, { args, files: filesOf(name) });
  expect(seen).toEqual(calls.map(({ words }) => words));
  expect(run).toEqual(rest);
});

test('the model of Kanidm gets the same calls from run to run', async () => {
  const made = [...recorded('first-run').stdout.matchAll(/^created [\w-]+ (\S+), UUID (\S+)$/gm)];
  const uuids = Object.fromEntries(made.map(([, name, uuid]) => [name, uuid]));
  const model = new KanidmModel('localhost', { uuids, files: { 'logo.svg': logo } });
  for (const name of names) {
    const { config, args, calls, status } = recorded(name);
    model.calls.length = 0;
    const run = await runScript(scriptOf(config), model.run, { args, files: filesOf(name) });
    expect([name, model.calls]).toEqual([name, calls.map(({ words }) => words)]);
    expect([name, run.status]).toEqual([name, status]);
  }
});
