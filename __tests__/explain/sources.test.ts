import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldErrors, hasRule } from '../../lib/explain/configuration-rules';
import { hasReason } from '../../lib/explain/connection-reasons';
import { meaningsOf } from '../../lib/explain/explain-log';
import { unexplained } from './unexplained';

/*
 * The error texts of the real programs, extracted from their sources by e2e/explain/error-texts.ts. That test also
 * checks that this list matches the sources of the pinned versions.
 */
const file = join(__dirname, '..', 'fixtures', 'explain', 'error-texts.json');
const modules: Record<string, Record<string, string[]>> = JSON.parse(readFileSync(file, 'utf8'));

/**
 * Explanations that quote any text of the program. A text that has only such an explanation does not count as
 * explained.
 */
const quoting = ['token-refused', 'invalid-bearer-token', 'kubelogin-error'];

const filled = (text: string) =>
  text
    .replaceAll('%q', '"x"')
    .replaceAll('%d', '1')
    .replace(/%#?[vswT]/g, 'x');

/**
 * Returns the lines in which people may see a text: an error of a request, of the start, of a field, of kubelogin, of
 * kubectl.
 */
function linesWith(module: string, text: string): string[] {
  const plain = filled(text);
  const quoted = plain.replaceAll('"', '\\"');
  if (module.startsWith('github.com/int128'))
    return [`error: get-token: authentication error: ${plain}`, `error: ${plain}`];
  if (module.startsWith('k8s.io/client-go'))
    return [`Unable to connect to the server: getting credentials: ${plain}`, `error: ${plain}`];
  return [
    `E1124 23:34:58.019437       1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, ${quoted}]"`,
    `E1124 23:34:58.019437       1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: ${quoted}]"`,
    ...(module.startsWith('github.com/coreos') ? ['', 'fetching keys '] : []).map(
      (before) =>
        `E1124 23:34:58.019437       1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: verify token: failed to verify signature: ${before}${quoted}]"`,
    ),
    `E1124 23:34:58.019437       1 oidc.go:419] ${plain}`,
    `E1124 23:34:58.019437       1 oidc.go:419] oidc authenticator: initializing plugin: ${plain}`,
    `E1124 23:34:58.019437       1 run.go:72] "command failed" err="${quoted}"`,
    `E1124 23:34:58.019437       1 run.go:72] "command failed" err="anonymous: ${quoted}"`,
    `E1124 23:34:58.019437       1 run.go:72] "command failed" err="failed to load authentication configuration from file \\"/etc/a.yaml\\": ${quoted}"`,
    `E1124 23:34:58.019437       1 run.go:72] "command failed" err="invalid authentication configuration: jwt[0].issuer.url: Invalid value: \\"x\\": ${quoted}"`,
    `E1124 23:34:58.019437       1 run.go:72] "command failed" err="invalid authentication configuration: jwt[0].issuer.url: ${quoted}"`,
  ];
}

/**
 * Whether the explanation of a line is more than a quotation. A text with a placeholder (`%v`) counts as explained,
 * because the inserted error needs the explanation.
 */
function isExplained(line: string, text: string): boolean {
  const [first] = meaningsOf(line);
  if (!first || quoting.includes(first.id)) return false;
  if (/%[vsw]/.test(text)) return true;
  if (first.means.includes('The program reports: “')) return false;
  if (first.id === 'authentication-configuration-rule')
    return fieldErrors(line.replaceAll('\\"', '"')).length > 0 && hasRule(filled(text));
  if (first.id === 'authentication-configuration-file') return !first.means.includes('“');
  if (first.id === 'initializing-plugin') return hasReason(filled(text)) || text.startsWith('oidc authenticator:');
  return true;
}

const all = Object.entries(modules).flatMap(([module, files]) =>
  Object.entries(files).flatMap(([path, texts]) => texts.map((text) => ({ module, path, text }))),
);

test('every error text of the sources has an explanation, or a reason to have none', () => {
  expect(all.length).toBeGreaterThan(300);
  const missing = all.filter(
    ({ module, text }) =>
      !unexplained.some(([pattern]) => pattern.test(text)) &&
      !linesWith(module, text).some((line) => isExplained(line, text)),
  );
  expect(missing.map(({ module, path, text }) => `${module} ${path}: ${text}`)).toEqual([]);
});

test('each reason to have none is for a text of the sources', () => {
  expect(unexplained.filter(([pattern]) => !all.some(({ text }) => pattern.test(text)))).toEqual([]);
});

test('a text that nobody explains would be found', () => {
  expect(
    linesWith('k8s.io/apiserver', 'oidc: the moon is full').some((line) => isExplained(line, 'oidc: the moon is full')),
  ).toBe(false);
});
