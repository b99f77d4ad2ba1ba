import { AccessMd } from '../../lib/access/access-md';
import { registry } from '../../lib/checks/registered-codes';
import { entry } from '../../lib/config/config';
import { asText } from '../../lib/diff/diff-format';
import { asMarkdown } from '../../lib/diff/diff-markdown';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { formatResults, resultFormats } from '../../lib/findings/formats';
import { terminal } from '../../lib/output/text-escapes';
import { configOf } from '../config';

const hostile =
  '\u001b[31m<script>alert(1)</script> `x` ](http://evil.example) @everyone | "a"]; --> b %0A::error::\n# x \u202e';

/** Characters that control a terminal, except the end of a line. */
const obeyed = /(?!\n)[\p{Cc}\p{Cf}]/u;

/**
 * A valid name of a binding or role in Kubernetes, and a valid display name. Both can contain nearly all characters.
 */
const name = '<img-src=x>`"]|[a](b)@all*_{}#1';
const config = configOf({
  people: { datosh: { displayName: '<b>`x`](y) @all | "]' } },
  clusters: {
    homelab: {
      grants: [
        { name, clusterRole: name, people: ['datosh'] },
        { name: 'b', clusterRole: 'cluster-admin', groups: ['k8s_users'], people: ['datosh'] },
      ],
    },
  },
  roles: { [name]: { rules: [{ resources: [hostile], verbs: [hostile] }] } },
});

test('a diff of hostile names is text in every form', () => {
  const [before, after] = [rendered(configOf({ clusters: { homelab: { grants: [] } } })), rendered(config)];
  const diff = reviewDiff({ before, after });
  expect(diff.access.length).toBeGreaterThan(0);
  expect(asText(diff)).not.toMatch(obeyed);
  const comment = asMarkdown(diff);
  expect(comment).not.toMatch(obeyed);
  // There are no tags outside of code spans.
  expect(comment.replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '')).not.toMatch(/<(img|script)/);
});

test('ACCESS.md of hostile names keeps its table and its picture', () => {
  const cluster = entry(config.clusters, 'homelab');
  const access = new AccessMd(config);
  access.add(cluster, rendered(config).objects(cluster.name));
  const { text } = access.artifact();
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.length).toBe(2);
  for (const line of rows) expect(line.replaceAll('\\|', '').match(/\|/g)).toHaveLength(5);
  const picture = /```mermaid\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  for (const line of picture.trim().split('\n').slice(1)) {
    expect(line).toMatch(/^ {2}(\w+ --> \w+|\w+[([{]+"[^"`<>|[\](){}]*"[)\]}]+)$/);
  }
});

test.each(Object.keys(resultFormats))('a report of hostile findings is text as %s', (format) => {
  const finding = {
    file: `${name}.yaml`,
    line: 1,
    column: 1,
    severity: 'warning' as const,
    code: 'no-break-glass',
    message: hostile,
    fix: hostile,
    excerpt: terminal(hostile),
  };
  const text = formatResults(
    { findings: [finding], ignored: [{ code: 'no-break-glass', reason: hostile, count: 1 }] },
    format,
    {
      registry: registry(),
    },
  );
  expect(text).not.toMatch(obeyed);
  if (format === 'github') expect(text.split('\n').filter((line) => line.startsWith('::'))).toHaveLength(2);
  if (format === 'markdown') expect(text.replace(/`[^`\n]+`/g, '')).not.toMatch(/<script/);
  if (format === 'sarif' || format === 'json') expect(() => JSON.parse(text)).not.toThrow();
});
