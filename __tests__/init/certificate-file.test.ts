import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateFault, withCopies } from '../../lib/init/certificate-file';

const pem = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
const key = '-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-certificate-'));
  mkdirSync(join(folder, 'repository/tls'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ['a certificate', pem, undefined],
  ['a private key beside it', pem + key, 'a file without a private key'],
  ['another text', 'text', 'a PEM file, which begins with `-----BEGIN CERTIFICATE-----`'],
])('%s', (_, text, fault) => {
  writeFileSync(join(folder, 'ca.crt'), text);
  expect(certificateFault(folder, 'ca.crt')).toBe(fault);
});

test('no file, and a folder', () => {
  expect(certificateFault(folder, 'ca.crt')).toBe('a file that exists');
  expect(certificateFault(folder, 'repository')).toBe('a file that can be read');
});

test('a file in the folder stays where it is, and one elsewhere is copied', () => {
  for (const path of ['repository/tls/ca.crt', 'ca.crt']) writeFileSync(join(folder, path), pem);
  const answers = {
    general: { 'kanidm-ca': join(folder, 'repository/tls/ca.crt') },
    clusters: [{ cluster: 'east', 'server-ca': '../ca.crt' }],
    people: [],
  };
  expect(withCopies(answers, join(folder, 'repository'))).toEqual({
    answers: {
      general: { 'kanidm-ca': 'tls/ca.crt' },
      clusters: [{ cluster: 'east', 'server-ca': 'east-ca.crt' }],
      people: [],
    },
    copies: { 'east-ca.crt': pem },
  });
});

test('the CAs of Kanidm and of a cluster that is called kanidm are two files', () => {
  const other = pem.replace('MA==', 'MQ==');
  writeFileSync(join(folder, 'ca.crt'), pem);
  writeFileSync(join(folder, 'server.crt'), other);
  const answers = {
    general: { 'kanidm-ca': '../ca.crt' },
    clusters: ['cluster-kanidm', 'kanidm'].map((cluster) => ({ cluster, 'server-ca': '../server.crt' })),
    people: [],
  };
  const { answers: placed, copies } = withCopies(answers, join(folder, 'repository'));
  expect(copies).toEqual({
    'kanidm-ca.crt': pem,
    'cluster-kanidm-ca.crt': other,
    'cluster-cluster-kanidm-ca.crt': other,
  });
  expect(placed.general).toEqual({ 'kanidm-ca': 'kanidm-ca.crt' });
  expect(placed.clusters.map((values) => values['server-ca'])).toEqual([
    'cluster-kanidm-ca.crt',
    'cluster-cluster-kanidm-ca.crt',
  ]);
});
