import { adoptReport } from '../../lib/adopt/adopt-report';
import { adoptFiles } from './adopted';
import { cases } from './cases';

/** The beginning of the note that the domain of Kanidm is a guess. */
export const domainAssumed = 'adopt did not find the domain of Kanidm, and assumes ';

/**
 * Returns the whole report for one of the `cases`, without empty lines and with the names of the next steps. Most cases
 * do not contain the domain of Kanidm, so the note about it is left out.
 */
export function saidOf(name: string): string {
  const all = adoptFiles(cases[name] ?? {});
  const adopted = { ...all, notes: all.notes.filter(({ text }) => !text.startsWith(domainAssumed)) };
  const report = adoptReport(adopted, 'a')
    .split('\nNext:')[0]
    ?.replaceAll(/\n{2,}/g, '\n');
  const steps = adopted.next.map((step) => (typeof step === 'string' ? step : 'a hint'));
  return `${report}Next: ${steps.join(', ')}`;
}
