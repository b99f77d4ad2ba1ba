import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configOf } from '../../__tests__/config';
import { runbook } from '../../lib/node-files/runbook';

/** One run of the runbook on a real kanidmd 1.11.1, with every call of the client. */
interface Recorded {
  readonly config: string;
  readonly args: readonly string[];
  readonly calls: readonly { readonly words: readonly string[]; readonly status: number; readonly text: string }[];
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The names of the runs, in the order in which they were run on one server. */
export const names = [
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

export const recorded = (name: string): Recorded =>
  JSON.parse(readFileSync(join(__dirname, `../../__tests__/fixtures/kanidm/runbook/${name}.json`), 'utf8'));

/** An image. What Kanidm printed contains its SHA-256. */
export const logo = readFileSync(join(__dirname, '../../__tests__/fixtures/kanidm/runbook/logo.svg'), 'utf8');
export const scriptOf = (config: string) => runbook(configOf(config, { 'logo.svg': logo }));
export const filesOf = (name: string): Record<string, string> => (name === 'missing-image' ? {} : { 'logo.svg': logo });
