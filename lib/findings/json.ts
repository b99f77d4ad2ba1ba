import { pageOf } from '../checks/review/review-table';
import type { Report } from '../checks/review/run-review';
import { json } from '../output/escape';

export const asReportJson = ({ findings, ignored }: Report): string =>
  `${json({ findings: findings.map((finding) => ({ ...finding, help: pageOf(finding.code) })), ignored })}\n`;
