import { parse } from 'yaml';
import { configText } from '../../lib/init/config-text';
import { type Answers, settingsOf } from '../../lib/init/settings';
import { load } from '../config';

const none: Answers = { general: {}, clusters: [], people: [] };
const text = (answers: Partial<Answers>, path?: string) =>
  configText(settingsOf({ ...none, ...answers }), './kaniflux.schema.json', path);

const everything: Answers = {
  general: {
    start: 'existing-kanidm',
    domain: 'idm.example.com',
    origin: 'https://idm.example.com:8443/',
    'kanidm-version': '1.11.1',
    'kanidm-ca': 'tls/kanidm.crt',
    'flux-source': 'OCIRepository/fleet/access',
  },
  clusters: [
    {
      cluster: 'east',
      server: 'https://192.0.2.10:6443/',
      kubernetes: 'v1.34.4',
      'server-ca': 'tls/east.crt',
      'break-glass': 'the kubeconfig: it is in the safe',
    },
    { cluster: 'on', server: 'https://192.0.2.20:6443', kubernetes: 'v1.34.4+k3s1' },
    { cluster: 'other', 'control-plane': 'flags' },
  ],
  people: [{ person: 'jane', 'display-name': 'Jane Doe' }, { person: 'joe' }],
};

test.each<[string, Partial<Answers>, string | undefined]>([
  ['no answer', {}, undefined],
  ['no answer, Kanidm exists', { general: { start: 'existing-kanidm' } }, undefined],
  ['every answer, Kanidm exists', everything, './access/dist'],
  [
    'every answer, Kanidm is new',
    { ...everything, general: { ...everything.general, start: 'new-kanidm', 'flux-source': 'GitRepository/access' } },
    undefined,
  ],
  ['EKS only', { clusters: [{ cluster: 'a', kubernetes: 'v1.34.4-eks-1234567' }] }, undefined],
])('the config with %s', (_, answers, path) => expect(text(answers, path)).toMatchSnapshot());

test.each([
  ['GitRepository/flux-system', undefined],
  ['GitRepository/flux-system/flux-system', undefined],
  ['OCIRepository/flux-system', '{ kind: OCIRepository, name: flux-system, namespace: flux-system }'],
  ['GitRepository/access', '{ kind: GitRepository, name: access, namespace: flux-system }'],
  ['GitRepository/fleet/flux-system', '{ kind: GitRepository, name: flux-system, namespace: fleet }'],
])('the Flux source %s is written as %j', (source, line) => {
  const general = { 'flux-source': source };
  const section = (value: string) => /^flux:\n(?: .*\n)*/m.exec(value)?.[0];
  expect(section(text({ general }))).toBe(line === undefined ? undefined : `flux:\n  source: ${line}\n`);
  const place = '  path: ./access/dist # the path of dist/ in the repository\n';
  expect(section(text({ general }, './access/dist'))).toBe(
    line === undefined ? `flux:\n${place}` : `flux:\n  source: ${line}\n${place}`,
  );
});

test('an answer in typographic quotes is kept, because the config has it in plain ones', () => {
  const people = [{ person: 'jane', 'display-name': '\u201eJane\u201c' }];
  expect(text({ people })).toContain('    displayName: "\u201eJane\u201c" #');
});

test.each(['./my net/dist', './a #b/dist', './a: b/dist', "./it's/dist", './büro/dist'])(
  'the config in a folder such as %s is valid',
  (path) => {
    const answers: Partial<Answers> = {
      general: { domain: 'idm.example.com' },
      clusters: [{ cluster: 'a', server: 'https://192.0.2.10:6443', kubernetes: '1.34', 'break-glass': 'x' }],
      people: [{ person: 'jane', 'display-name': 'Jane Doe' }],
    };
    expect(load(text(answers, path)).config?.clusters.get('a')?.flux.path).toBe(path);
  },
);

test.each([
  ['ca, old.pem', '"ca, old.pem"'],
  ['ca{1}.pem', '"ca{1}.pem"'],
  ['[ca].pem', '"[ca].pem"'],
  ['tls/ca.pem', 'tls/ca.pem'],
])('the file %j is one value between braces', (file, value) => {
  const config = text({ general: { 'kanidm-ca': file }, clusters: [{ cluster: 'a', 'server-ca': file }] });
  expect(config).toContain(`authentication: { ca: { file: ${value} } }\n`);
  expect(config).toContain(`kubeconfig: { certificateAuthority: { file: ${value} } }\n`);
  expect(parse(config).clusters.a).toMatchObject({
    authentication: { ca: { file } },
    kubeconfig: { certificateAuthority: { file } },
  });
});
