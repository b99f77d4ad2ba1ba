import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load as readYaml } from 'js-yaml';
import type { Config } from '../lib/config/config';
import { memoryReader } from '../lib/config/reader';
import type { ConfigInput } from '../lib/config/schema/config-schema';
import { formatFindings } from '../lib/findings/finding-text';
import { type Loaded, parseConfig } from '../lib/load';

type Deep<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Deep<T[K]> | null } : T;

/**
 * A copy of the config in the root of the repository, which users may edit. `kaniflux synth --check` compares the
 * config in the root with dist/.
 */
export const homeLabText = readFileSync(join(__dirname, 'fixtures', 'home-lab', 'kaniflux.yaml'), 'utf8');

const homeLabInput: unknown = readYaml(homeLabText);

/** Returns the home lab's config with a change merged in: maps are merged by key, and `null` removes a key. */
export const homeLab = (change: Deep<ConfigInput> | Record<string, unknown> = {}): ConfigInput =>
  merge(homeLabInput, change) as ConfigInput;

/**
 * Loads a config. `files` are the files that it names. The result is cached, because many tests of a file load the same
 * config.
 */
export function load(input: ConfigInput | string, files: Record<string, string | Uint8Array> = {}): Loaded {
  // JSON is valid YAML, and faster to write.
  const text = typeof input === 'string' ? input : JSON.stringify(input, null, 2);
  if (Object.keys(files).length > 0) return parse(text, files);
  const before = loaded.get(text) ?? parse(text);
  loaded.set(text, before);
  return before;
}

const loaded = new Map<string, Loaded>();

const parse = (text: string, files: Record<string, string | Uint8Array> = {}): Loaded =>
  parseConfig('kaniflux.yaml', new TextEncoder().encode(text), memoryReader(files));

/**
 * Returns the resolved config for YAML text or for a change of the home lab. Throws with all messages if it is not
 * valid.
 */
export function configOf(input: string | Record<string, unknown> = {}, files: Record<string, string> = {}): Config {
  const { config, findings } = load(typeof input === 'string' ? input : homeLab(input), files);
  if (!config) throw new Error(formatFindings(findings));
  return config;
}

/**
 * Returns the codes of a config's findings in their order. The finding of the home lab itself, whose chart deploys an
 * old Kanidm, is left out.
 */
export const codesOf = (input: ConfigInput | string, files: Record<string, string> = {}): string[] =>
  load(input, files)
    .findings.map(({ code }) => code)
    .filter((code) => code !== 'kanidm-unsupported');

/** Merges maps by key. `null` removes a key. */
export function merge(base: unknown, change: unknown): unknown {
  if (!isMap(base) || !isMap(change)) return change;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
