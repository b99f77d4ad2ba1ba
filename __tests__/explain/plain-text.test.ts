import { explainLog } from '../../lib/explain/explain-log';
import { logLine } from '../../lib/explain/log-line';
import { plainText } from '../../lib/explain/plain-text';

const error =
  'oidc: verify token: oidc: id token signed with unsupported algorithm, expected [\\"RS256\\"] got \\"ES256\\"';
const line = `E1127 10:00:00.000000       1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, ${error}]"`;
const ids = (log: string) => explainLog(log).answers.map(({ id }) => id);
const red = (text: string) => `\u001b[01;31m\u001b[K${text}\u001b[m\u001b[K`;

test.each<[string, string]>([
  ['the colours of grep', line.replaceAll('oidc', red('oidc')).replace('request', red('request'))],
  ['a link', `\u001b]8;;https://example.com\u001b\\${line}\u001b]8;;\u0007`],
  ['spaces that do not break', line.replaceAll(' ', '\u00a0')],
  ['characters without width', line.replaceAll('token', 'to\u200bken')],
  ['quotation marks of a word processor', line.replaceAll('"', '”')],
  ['the source of a web page', line.replaceAll('"', '&quot;')],
  ['UTF-16', `\ufffd\ufffd${[...line].map((one) => `${one}\u0000`).join('')}`],
  ['JSON in a text', `ok: [cp1] => ${JSON.stringify({ changed: true, stdout_lines: [line] })}`],
  ['a document of Elasticsearch', JSON.stringify({ _index: 'a', _source: { message: line }, sort: [1] })],
  ['Cloud Logging', JSON.stringify({ jsonPayload: { message: line }, insertId: 'a' })],
  ['Splunk', JSON.stringify({ preview: false, result: { _raw: line } })],
])('%s does not change the answer', (_, text) => {
  expect(ids(text)).toEqual(['signing-algorithm']);
});

test('an answer shows the line without escape sequences', () => {
  expect(logLine(red(line)).shown).toBe(line);
});

test('quotation marks in a text with others stay, so JSON stays JSON', () => {
  const text = '{"message":"“a” &quot;b&quot; don’t"}';
  expect(plainText(text)).toBe(text);
});

test('a secret between other quotation marks is a secret', () => {
  expect(logLine('“client_secret”: “hunter22”').shown).not.toContain('hunter22');
  expect(logLine('client_secret=&quot;hunter22&quot;').shown).not.toContain('hunter22');
  expect(logLine('"a" “client_secret”: “hunter22”').shown).not.toContain('hunter22');
  expect(logLine('"a" &quot;client_secret&quot;: &quot;hunter22&quot;').shown).not.toContain('hunter22');
  expect(logLine('“id_token”: audience “a”').shown).toContain('audience');
});

describe('the container that a log collector adds', () => {
  const text = 'No OAuth2 session found, unable to proceed with refresh';
  test.each([
    ['Fluent Bit', { log: text, kubernetes: { container_name: 'kanidm', pod_name: 'kanidm-0' } }],
    ['Filebeat', { message: text, kubernetes: { container: { name: 'kanidm' } } }],
    ['Cloud Logging', { jsonPayload: { message: text }, resource: { labels: { container_name: 'kanidm' } } }],
  ])('%s', (_, entry) => {
    expect(logLine(JSON.stringify(entry))).toMatchObject({ text, programs: ['Kanidm', 'the kanidm client'] });
  });
});

test('an object in another field is no entry of a log', () => {
  expect(ids(JSON.stringify({ error: { code: 401, message: 'error: You must be logged in to the server' } }))).toEqual([
    'unauthorized',
  ]);
  expect(logLine(JSON.stringify({ error: { message: 'Unauthorized' } })).text).toContain('"error"');
});
