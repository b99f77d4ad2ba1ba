import { adoptReport } from '../../lib/adopt/adopt-report';
import { adoptFiles } from './adopted';
import { cases } from './cases';

/** Returns the whole report for one of the `cases`, without empty lines and with the names of the next steps. */
export function saidOf(name: string): string {
  const adopted = adoptFiles(cases[name] ?? {});
  const report = adoptReport(adopted, 'a')
    .split('\nNext:')[0]
    ?.replaceAll(/\n{2,}/g, '\n');
  const steps = adopted.next.map((step) => (typeof step === 'string' ? step : 'a hint'));
  return `${report}Next: ${steps.join(', ')}`;
}
