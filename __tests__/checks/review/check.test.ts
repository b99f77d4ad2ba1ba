import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadWarnings } from '../../../lib/checks/review/load-warnings';
import { rules } from '../../../lib/checks/review/review-rules';
import { checks, checksTable } from '../../../lib/checks/review/review-table';
import { check, type Report } from '../../../lib/checks/review/run-review';
import type { Config } from '../../../lib/config/config';
import type { Issue, Sources } from '../../../lib/config/locate';
import { homeLab, load } from '../../config';
import { run as cli } from '../../run';
import { asManifests, type Case, cases, homelab } from './check-cases';

const run = ({ config = {}, manifests = [], base }: Case): Report => {
  const loaded = load(homeLab(config));
  if (!loaded.config) throw new Error(loaded.issues.map(({ message }) => message).join('\n'));
  const before = base && load(homeLab(base)).config;
  const { issues, sources } = loaded as { issues: Report['findings']; sources: Sources };
  return check({
    config: loaded.config,
    sources,
    issues: issues as never,
    manifests: asManifests(manifests),
    base: before,
  });
};
const codes = (report: Report) => report.findings.map(({ code }) => code);

describe.each(Object.entries(cases))('%s', (code, { fires, quiet }) => {
  test.each(fires.map((one, i): [number, Case] => [i, one]))('is said (%i)', (_i, one) => {
    const finding = run(one).findings.find((found) => found.code === code);
    expect(finding).toBeDefined();
    expect(finding?.message).toMatch(/\S/);
    expect(finding?.fix).toMatch(/\S/);
    expect(finding?.line).toBeGreaterThan(0);
  });

  test.each(quiet.map((one, i): [number, Case] => [i, one]))('is not said (%i)', (_i, one) => {
    expect(codes(run(one))).not.toContain(code);
  });
});

test('every code is in these tests, with what makes it speak and what does not', () => {
  const codesOfAll = checks.map(({ code }) => code).filter((code) => code !== 'KF600');
  expect(codesOfAll.filter((code) => !cases[code]?.fires.length || !cases[code]?.quiet.length)).toEqual([]);
  expect(Object.keys(cases).sort()).toEqual(codesOfAll);
  expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length);
});

test('a warning that has no code of its own is shown all the same, as KF600', () => {
  const { config, sources, issues } = load(homeLab()) as { config: Config; sources: Sources; issues: Issue[] };
  const unheard = { ...(issues[0] as Issue), code: 'unheard-of', message: 'something new' };
  const report = (list: Issue[]) => check({ config, sources, issues: list });
  expect(report([unheard]).findings).toContainEqual(
    expect.objectContaining({ code: 'KF600', message: 'something new' }),
  );
  expect(codes(report(issues))).not.toContain('KF600');
});

test('every warning of loading has a code', () => {
  const lib = join(__dirname, '..', '..', '..', 'lib');
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('review') && !file.endsWith('moves.ts'),
  );
  const found = files.flatMap((file) =>
    [...readFileSync(join(lib, file), 'utf8').matchAll(/\bwarning\(\s*'([a-z-]+)'/g)].map(([, code]) => code as string),
  );
  expect(found.length).toBeGreaterThan(3);
  expect(found.filter((code) => !loadWarnings[code])).toEqual([]);
});

const pages = join(__dirname, '..', '..', '..', 'docs', 'checks');

test('the table is made from the rules, and there is no page without a code', () => {
  expect(readFileSync(join(pages, 'README.md'), 'utf8')).toContain(checksTable());
  const named = readdirSync(pages).filter((file) => file !== 'README.md');
  expect(named.sort()).toEqual(checks.map(({ code }) => `${code}.md`));
});

describe.each(checks.map(({ code, title, severity }) => [code, title, severity]))(
  'the page of %s',
  (code, title, severity) => {
    const text = readFileSync(join(pages, `${code}.md`), 'utf8');
    const [, ...parts] = text.split(/^## /m);
    const sections = new Map(
      parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n')).trim()]),
    );

    test('has the title and the severity of the rule', () => {
      expect(text.startsWith(`# ${code}: ${title}\n\nSeverity: ${severity}.`)).toBe(true);
    });

    test('says what goes wrong, how to see it, and the fix', () => {
      expect([...sections.keys()]).toEqual(['What goes wrong', 'How to see it', 'The fix']);
      for (const section of sections.values()) expect(section.length).toBeGreaterThan(25);
      expect((text.match(/^```/gm) ?? []).length % 2).toBe(0);
    });

    test('names only commands and options of kaniflux that there are', async () => {
      const { stdout: help } = await cli(['--help']);
      for (const [, line = ''] of text.matchAll(
        /kaniflux ((?:check|diff|who-can|explain|doctor|synth|kubeadm-merge|adopt|init)[^`\n|]*)/g,
      )) {
        const [command = ''] = line.split(' ');
        expect(help).toMatch(new RegExp(`^ +${command}\\b`, 'm'));
        const { stdout: options } = await cli([command, '--help']);
        for (const [option] of line.matchAll(/--[a-z-]{2,}/g)) expect(options).toContain(option);
      }
    });
  },
);

describe('what is ignored', () => {
  const ignore = (...list: Record<string, string>[]) => run({ config: { checks: { ignore: list } } });

  test('is left out, and said with its reason', () => {
    const report = ignore({ code: 'KF401', reason: 'a test cluster' });
    expect(codes(report)).not.toContain('KF401');
    expect(report.ignored).toEqual([{ code: 'KF401', reason: 'a test cluster', count: 1 }]);
  });

  test('is said also where it matched nothing', () => {
    expect(ignore({ code: 'KF302', reason: 'was once' }).ignored).toEqual([
      { code: 'KF302', reason: 'was once', count: 0 },
    ]);
  });

  test('can be for one cluster', () => {
    const other = { server: 'https://192.0.2.10:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
    const report = run({
      config: { clusters: { other }, checks: { ignore: [{ code: 'KF401', reason: 'r', cluster: 'other' }] } },
    });
    expect(report.findings.filter(({ code }) => code === 'KF401').map(({ cluster }) => cluster)).toEqual(['homelab']);
  });
});

test('a finding stands at its place in the config, with the cluster', () => {
  const finding = run(homelabWith({ name: 'g', clusterRole: 'edit', people: ['datosh'] })).findings.find(
    ({ code }) => code === 'KF305',
  );
  expect(finding).toMatchObject({
    file: 'kaniflux.yaml',
    cluster: 'homelab',
    excerpt: expect.stringContaining('name: g'),
  });
});

test('a finding of a hand-written file stands in that file', () => {
  const [one] = cases.KF201?.fires ?? [];
  expect(run(one as Case).findings.find(({ code }) => code === 'KF201')).toMatchObject({ file: '0.yaml', line: 1 });
});

describe('what is true in many places', () => {
  const wide = { rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['*'] }] };
  const other = { server: 'https://192.0.2.10:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
  const saying = (code: string, config: Case['config']) =>
    run({ config: config ?? {} }).findings.filter((found) => found.code === code);

  test('of a line is said once: a role on two clusters, a Role in two namespaces', () => {
    const clusters = { other, homelab: { kubernetes: '1.34' } };
    const [found, ...more] = saying('KF303', { roles: { wide }, clusters });
    expect(more).toEqual([]);
    expect(found).not.toHaveProperty('cluster');
    expect(saying('KF303', { roles: { wide: { ...wide, namespaces: ['db', 'web'] } } })).toMatchObject([
      { cluster: 'homelab' },
    ]);
  });

  test('is counted each time where it is ignored, and left out for the one cluster that is named', () => {
    const ignored = (entry: object) =>
      run({
        config: {
          roles: { wide },
          clusters: { other },
          checks: { ignore: [{ code: 'KF303', reason: 'r', ...entry }] },
        },
      });
    expect(ignored({}).ignored).toMatchObject([{ count: 2 }]);
    expect(ignored({ cluster: 'other' }).findings.filter(({ code }) => code === 'KF303')).toMatchObject([
      { cluster: 'homelab' },
    ]);
  });

  test('a grant in several namespaces is one finding that names them', () => {
    const grant = { name: 'g', clusterRole: 'edit', people: ['datosh'], namespaces: ['web', 'db'] };
    for (const code of ['KF305', 'KF306', 'KF309']) {
      const found = saying(code, homelab({ grants: [grant] }));
      expect(found.map(({ message }) => message)).toEqual([expect.stringContaining(' in namespaces db and web: ')]);
    }
  });
});

describe('a hand-written file is read', () => {
  const settings = { 'oidc-issuer-url': 'https://sso.kammel.dev/oauth2/openid/k8s', 'oidc-client-id': 'k8s' };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const own = { jwt: [{ issuer: { url: settings['oidc-issuer-url'], audiences: ['other'] }, claimMappings: {} }] };

  test.each<[string, object, string]>([
    ['as K3s adds to its own', { 'kube-apiserver-arg+': lines }, 'KF101'],
    [
      'with a value after its flag',
      { kind: 'Pod', spec: { containers: [{ command: ['kube-apiserver', ...words] }] } },
      'KF101',
    ],
    ['as a patch of Talos', { cluster: { apiServer: { extraArgs: settings } } }, 'KF101'],
    ['as a document of Talos', { kind: 'KubeAuthenticationConfig', configuration: own }, 'KF103'],
  ])('%s', (_form, object, code) => {
    expect(codes(run({ manifests: [object] }))).toContain(code);
  });

  test('one flag alone, as K3s takes it, is no list', () => {
    const alone = { 'kube-apiserver-arg': lines[0] };
    expect(codes(run({ manifests: [alone] }))).toEqual(expect.arrayContaining(['KF101', 'KF103']));
  });
});

test.each([
  ['without the prefix', 'k8s_users@sso.kammel.dev'],
  ['without the domain', 'kanidm:k8s_users'],
  ['bare', 'k8s_users'],
  ['with the dash that is no "none" for groups', '-k8s_users@sso.kammel.dev'],
])('a group written %s is named as the tokens have it', (_form, name) => {
  const subjects = [{ kind: 'Group', name, apiGroup: 'rbac.authorization.k8s.io' }];
  const byHand = { ...(cases.KF201?.fires[0]?.manifests?.[0] as object), subjects };
  const found = run({ config: homelab({ authentication: { groups: {} } }), manifests: [byHand] }).findings;
  expect(found.find(({ code }) => code === 'KF201')?.fix).toBe('write `kanidm:k8s_users@sso.kammel.dev`');
});

test('errors stand before warnings, and those before notes', () => {
  const [one] = cases.KF101?.fires ?? [];
  const order = run(one as Case).findings.map(({ severity }) => severity);
  expect(order).toEqual([...order].sort((a, b) => 'ewn'.indexOf(a.charAt(0)) - 'ewn'.indexOf(b.charAt(0))));
  expect(order[0]).toBe('error');
});

function homelabWith(grant: Record<string, unknown>): Case {
  return { config: homelab({ grants: [grant] }) };
}
