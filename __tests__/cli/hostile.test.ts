import { AccessMd } from '../../lib/access/access-md';
import { registry } from '../../lib/checks/registered-codes';
import { entry } from '../../lib/config/config';
import { asText } from '../../lib/diff/diff-format';
import { asMarkdown } from '../../lib/diff/diff-markdown';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { formatResults, resultFormats } from '../../lib/findings/formats';
import {
  codeSpan,
  githubMessage,
  githubProperty,
  json,
  markdown,
  mermaid,
  terminal,
} from '../../lib/output/text-escapes';
import { configOf } from '../config';

const hostile =
  '\u001b[31m<script>alert(1)</script> `x` ](http://evil.example) @everyone | "a"]; --> b %0A::error::\n# x \u202e';

/** Characters that control a terminal, except the end of a line. */
const obeyed = /(?!\n)[\p{Cc}\p{Cf}]/u;

describe('one text in every kind of output', () => {
  test('a terminal gets no control and no change of direction', () => {
    expect(terminal(hostile)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(terminal(hostile)).toContain('\\u001b[31m<script>');
  });

  test('Markdown gets no HTML, link, code, table, heading or mention', () => {
    const text = markdown(hostile);
    expect(text).not.toMatch(/<|(^|[^\\])[`[\]()|]|(^|[^\\&])#|@(?!&)/);
    expect(text).not.toContain('\n');
    expect(markdown('see #12')).toBe('see \\#&#8203;12');
  });

  test.each(['a`b', '``', '`', 'a|b', '', ' ', hostile])('a code span holds %j and ends where it ends', (text) => {
    const span = codeSpan(text);
    const [, fence = ''] = /^(`+)/.exec(span) ?? [];
    if (fence) {
      expect(span.endsWith(fence)).toBe(true);
      const inner = span.slice(fence.length, -fence.length);
      expect((inner.match(/`+/g) ?? []).every((run) => run.length !== fence.length)).toBe(true);
    }
    expect(span).not.toMatch(/(^|[^\\])\||\n/);
  });

  test('a Mermaid label is one quoted text without syntax', () => {
    expect(mermaid(hostile)).toMatch(/^"[\p{L}\p{N} .,/@_#;-]*"$/u);
    expect(mermaid('a"]; click b')).toBe('"a#34;#93;#59; click b"');
  });

  test('a workflow command cannot be ended or begun', () => {
    expect(githubMessage('a\n::error::b%')).toBe('a\\u000a::error::b%25');
    expect(githubProperty('a:b,c')).toBe('a%3Ab%2Cc');
  });

  test('JSON is the same value, without what a terminal obeys', () => {
    expect(JSON.parse(json({ hostile }))).toEqual({ hostile });
    expect(json({ hostile })).not.toMatch(obeyed);
  });
});

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
      registry,
    },
  );
  expect(text).not.toMatch(obeyed);
  if (format === 'github') expect(text.split('\n').filter((line) => line.startsWith('::'))).toHaveLength(2);
  if (format === 'markdown') expect(text.replace(/`[^`\n]+`/g, '')).not.toMatch(/<script/);
  if (format === 'sarif' || format === 'json') expect(() => JSON.parse(text)).not.toThrow();
});
