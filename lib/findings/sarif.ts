import { version } from '../../package.json';
import { checks, pageOf } from '../checks/review/review-table';
import type { Report } from '../checks/review/run-review';
import { json } from '../output/escape';

/**
 * SARIF 2.1.0, which code scanning of Git hosts reads.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function asSarif({ findings, ignored, by }: Report): string {
  const known = by?.rules ?? checks;
  const used = new Set(findings.map(({ code }) => code));
  const rules = [
    ...known.map(({ code, title, severity }) => ({
      id: code,
      shortDescription: { text: plain(title) },
      help: { text: `${pageOf(code)} in the package of Kaniflux` },
      defaultConfiguration: { level: severity },
    })),
    ...[...used].filter((code) => !known.some((one) => one.code === code)).map((code) => ({ id: code })),
  ];
  const results = findings.map(({ code, severity, message, fix, file, line, column }) => ({
    ruleId: code,
    ruleIndex: rules.findIndex(({ id }) => id === code),
    level: severity,
    message: { text: plain(`${message}. Fix: ${fix}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
  }));
  return `${json({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'kaniflux', version, rules } },
        results,
        properties: { ignored },
      },
    ],
  })}\n`;
}

/** A file's path as a relative URI: each folder on its own, so that a `#` or a `?` in a name stays one. */
const uriOf = (file: string) => file.split(/[\\/]/).map(encodeURIComponent).join('/');

/** SARIF makes a link of `[text](target)`. */
const plain = (text: string) => text.replace(/[\\[\]]/g, (one) => `\\${one}`);
