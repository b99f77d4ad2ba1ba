import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatFindings } from '../../lib/findings/finding-text';
import { homeLab, load } from '../config';

const folder = join(__dirname, '..', 'fixtures', 'invalid');
const rules = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''));

describe('each broken config', () => {
  test.each(rules)('%s', (rule) => {
    const text = readFileSync(join(folder, `${rule}.yaml`), 'utf8');
    expect(text).toMatch(new RegExp(`^# ${rule}: `));
    const { config, findings } = load(text);
    expect(findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toContain(rule);
    expect(config).toBeUndefined();
    expect(formatFindings(findings)).toMatchSnapshot();
  });
});

describe('the file of a CA', () => {
  const config = homeLab({ clusters: { homelab: { authentication: { ca: { file: 'ca.crt' } } } } });
  const pem = (what: string) => `-----BEGIN ${what}-----\nMIIB\n-----END ${what}-----\n`;
  const codes = (text: string) =>
    load(config, { 'ca.crt': text })
      .findings.filter(({ severity }) => severity === 'error')
      .map(({ code, path }) => [code, path?.join('.')]);
  const place = 'clusters.homelab.authentication.ca.file';

  test.each([
    ['ca-holds-key', pem('CERTIFICATE') + pem('PRIVATE KEY')],
    ['ca-not-pem', 'a certificate in another form'],
  ])('%s', (code, text) => expect(codes(text)).toEqual([[code, place]]));

  test('that holds a certificate is fine', () => expect(codes(pem('CERTIFICATE'))).toEqual([]));
});

test.each([
  ['/ca.crt', ['bad-value']],
  ['/etc/../ca.crt', ['bad-value']],
  ['/etc/ca.crt', []],
])('the CA on the nodes at %s is in a folder that a pod can mount: %j', (nodePath, codes) => {
  const { findings } = load(homeLab({ clusters: { homelab: { authentication: { ca: { nodePath } } } } }));
  expect(findings.filter(({ path }) => path?.at(-1) === 'nodePath').map(({ code }) => code)).toEqual(codes);
});

test('a field conflicts with another only if it was written, not as a default', () => {
  const conflicts = (issuer: object) =>
    load(homeLab({ clusters: { homelab: { authentication: { method: 'structured' }, issuers: { ci: issuer } } } }))
      .findings.map(({ code, path }) => `${code} ${path?.at(-1)}`)
      .filter((said) => said.startsWith('conflicting-key'));
  const issuer = { url: 'https://ci.example.com', audiences: ['homelab'], username: { prefix: 'ci:' } };
  expect(conflicts(issuer)).toEqual([]);
  expect(conflicts({ ...issuer, claim: 'sub' })).toEqual(['conflicting-key claim']);
});
