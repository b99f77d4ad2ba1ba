import type { CodeInfo, Codes } from './code';

/** The commands that can report a code. */
export const reporters = ['synth', 'check', 'check --base', 'doctor'] as const;
export type Reporter = (typeof reporters)[number];

export interface RegisteredCode extends CodeInfo {
  readonly code: string;
  /** The commands that can report the code, in the order of `reporters`. */
  readonly reporters: readonly Reporter[];
}

/** All codes, by name. */
export type Registry = ReadonlyMap<string, RegisteredCode>;

/**
 * Merges tables of codes. If two commands can report the same problem, it has one code.
 * @throws Error if two tables give a code different titles
 */
export function registryOf(parts: readonly (readonly [Reporter, Codes])[]): Registry {
  const all = new Map<string, RegisteredCode>();
  for (const [reporter, codes] of parts) {
    for (const [code, info] of Object.entries(codes)) {
      const other = all.get(code);
      if (other && other.title !== info.title) throw new Error(`the code ${code} has two titles`);
      const by = [...(other?.reporters ?? []), reporter];
      all.set(code, { code, ...info, reporters: reporters.filter((one) => by.includes(one)) });
    }
  }
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether a finding of this code prevents rendering the config. */
export const refusesConfig = ({ severity, reporters }: RegisteredCode): boolean =>
  severity === 'error' && reporters.includes('synth');

/** The page that explains a code, in the package and in the repository. */
export const pageOf = (code: string): string => `docs/findings/${code}.md`;
