import { version } from '../../package.json';
import { json } from '../output/text-escapes';
import { pageOf, type RegisteredCode, type Registry } from './registry';
import type { Results, Skipped } from './results';
import { skippedLine } from './text';

/**
 * Formats results as SARIF 2.1.0, which the code scanning of Git hosts reads. The output lists all rules that the
 * command can report.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function asSarif({ findings, ignored, skipped = [], command = 'check' }: Results, registry: Registry): string {
  const rules = [...registry.values()]
    .filter(({ reporters }) => reporters.some((one) => (one === 'doctor') === (command === 'doctor')))
    .map(ruleOf);
  const indices = new Map(rules.map(({ id }, index) => [id, index]));
  const results = findings.map(({ code, severity, message, fix, file, line, column, cluster, clusters }) => ({
    ruleId: code,
    ...(indices.has(code) ? { ruleIndex: indices.get(code) } : {}),
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
    ...(cluster === undefined && clusters === undefined ? {} : { properties: { clusters: clusters ?? [cluster] } }),
  }));
  return `${json({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'kaniflux', version, rules } },
        results,
        ...(skipped.length > 0 ? { invocations: [invocationOf(skipped)] } : {}),
        properties: { ignored },
      },
    ],
  })}\n`;
}

const invocationOf = (skipped: readonly Skipped[]) => ({
  executionSuccessful: true,
  toolExecutionNotifications: skipped.map((one) => ({ level: 'note', message: { text: plain(skippedLine(one)) } })),
});

const ruleOf = ({ code, title, severity }: RegisteredCode) => ({
  id: code,
  shortDescription: { text: plain(title) },
  help: { text: `${pageOf(code)} in the package of Kaniflux` },
  defaultConfiguration: { level: severity },
});

/** Returns the path of a file as a relative URI. Each part is encoded, so that a name can contain `#` or `?`. */
const uriOf = (file: string) => file.split(/[\\/]/).map(encodeURIComponent).join('/');

/** Escapes brackets and backslashes, because SARIF reads `[text](target)` as a link. */
const plain = (text: string) => text.replace(/[\\[\]]/g, (one) => `\\${one}`);
