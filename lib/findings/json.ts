import { json } from '../output/text-escapes';
import type { LocatedFinding } from './finding';
import { pageOf } from './registry';
import type { Results } from './results';

export const asResultsJson = ({ findings, ignored }: Results): string =>
  `${json({ findings: findings.map(withPage), ignored })}\n`;

/** A finding with the page that explains it. */
export const withPage = (finding: LocatedFinding): object => ({ ...finding, help: pageOf(finding.code) });
