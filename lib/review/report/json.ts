import type { Report } from '../check/run';
import { pageOf } from '../check/table';
import { json } from '../escape';

export const asReportJson = ({ findings, ignored }: Report): string =>
  `${json({ findings: findings.map((finding) => ({ ...finding, help: pageOf(finding.code) })), ignored })}\n`;
