import { json } from '../../artifacts/escape';
import type { Report } from '../check/run';
import { pageOf } from '../check/table';

export const asReportJson = ({ findings, ignored }: Report): string =>
  `${json({ findings: findings.map((finding) => ({ ...finding, help: pageOf(finding.code) })), ignored })}\n`;
