import { gzipSync } from 'node:zlib';
import { decoded } from '../../lib/existing/decoded';

const text = 'kube-apiserver-arg: [oidc-client-id=k8s]\n';
const base64 = Buffer.from(text).toString('base64');
const gzip = gzipSync(text).toString('base64');

test.each([
  ['Base64', base64],
  ['Base64 in several lines', `${base64.slice(0, 20)}\n${base64.slice(20)}\n`],
  ['gzip', gzip],
  ['a data: URL', `data:,${encodeURIComponent(text)}`],
  ['a data: URL with a type', `data:text/plain;charset=utf-8,${encodeURIComponent(text)}`],
  ['a data: URL in Base64', `data:;base64,${base64}`],
  ['a data: URL in gzip', `data:;base64,${gzip}`],
])('%s is decoded', (_, value) => {
  expect(decoded(value)).toBe(text);
});

test.each([
  ['a short word', 'YWJj'],
  ['another text', 'oidc-client-id=k8s, and more'],
  ['gzip that is cut', gzip.slice(0, 24)],
  ['gzip of a text that is too long', gzipSync('a'.repeat(2 ** 20 + 1)).toString('base64')],
  ['a data: URL with a broken escape', 'data:,%zz'],
  ['a data: URL without data', 'data:,'],
  ['another URL', 'https://example.org/a,b'],
])('%s is not', (_, value) => {
  expect(decoded(value)).toBe('');
});
