import { memoryReader } from '../../lib/config/reader';
import type { Manifest } from '../../lib/existing/manifests';
import { parseConfig } from '../../lib/load';
import { reportData } from '../../lib/report/collect';
import type { ReportData } from '../../lib/report/model/data';
import { reportPage } from '../../lib/report/page';

/** Returns the data of the report for a config. Throws if the config has errors. */
export function dataOf(text: string, manifests: readonly Manifest[] = []): ReportData {
  const { config, findings, sources } = parseConfig('kaniflux.yaml', new TextEncoder().encode(text), memoryReader({}));
  if (!config) throw new Error(JSON.stringify(findings));
  return reportData({ config, warnings: findings, sources, manifests });
}

export const pageOf = (text: string): string => reportPage(dataOf(text));
