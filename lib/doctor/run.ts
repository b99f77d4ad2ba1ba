import type { Sources } from '../config/locate';
import { type Report, type Reported, reported } from '../review/check/run';
import type { Check, Part, Said } from './check';
import type { Patient } from './patient';
import { checks as allChecks } from './table';

/** What a check said of one thing, with the place of what is wrong. */
export type Line =
  | { readonly state: 'well'; readonly code: string; readonly text: string }
  | { readonly state: 'unknown'; readonly code: string; readonly text: string; readonly reason?: string }
  | { readonly state: 'wrong'; readonly code: string; readonly finding: Reported };

/** What was looked at, in order. */
export interface Diagnosis extends Report {
  readonly lines: readonly Line[];
}

export interface Examination {
  readonly patient: Patient;
  readonly sources: Sources;
  /** @default all */
  readonly only?: readonly Part[];
  /** Called with each line as soon as it is known. */
  readonly tell?: (line: Line) => void;
}

/** Asks everything, one check after the other, and goes on whatever is wrong. */
export async function examine(
  { patient, sources, only, tell }: Examination,
  checks: readonly Check[] = allChecks,
): Promise<Diagnosis> {
  const lines: Line[] = [];
  for (const check of checks) {
    if (only && !check.parts.some((part) => only.includes(part))) continue;
    for (const said of await check.run(patient)) {
      const line = lineOf(check, said, sources, patient);
      lines.push(line);
      tell?.(line);
    }
  }
  const findings = lines.flatMap((line) => (line.state === 'wrong' ? [line.finding] : []));
  return { lines, findings, ignored: [], by: { command: 'doctor', rules: allChecks } };
}

function lineOf(check: Check, said: Said, sources: Sources, { tools }: Patient): Line {
  const { code } = check;
  // A server may answer with what it was sent.
  const safe = (text: string) => (tools.token ? text.replaceAll(tools.token, '…') : text);
  if (said.state !== 'wrong') return { ...said, code, text: safe(said.text) };
  const { message, mend } = said.finding;
  return {
    state: 'wrong',
    code,
    finding: reported(sources, check, { ...said.finding, message: safe(message), mend: safe(mend) }),
  };
}
