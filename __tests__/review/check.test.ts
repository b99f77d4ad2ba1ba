import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sources } from '../../lib/config/locate';
import { loadWarnings } from '../../lib/review/check/load-warnings';
import { rules } from '../../lib/review/check/rules';
import { check, type Report } from '../../lib/review/check/run';
import { checks, checksTable } from '../../lib/review/check/table';
import { homeLab, load } from '../config';
import { asManifests, type Case, cases, homelab } from './check-cases';

const run = ({ config = {}, manifests = [] }: Case, base?: Case): Report => {
  const loaded = load(homeLab(config));
  if (!loaded.config) throw new Error(loaded.issues.map(({ message }) => message).join('\n'));
  const before = base && load(homeLab(base.config)).config;
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
    expect(finding?.mend).toMatch(/\S/);
    expect(finding?.line).toBeGreaterThan(0);
  });

  test.each(quiet.map((one, i): [number, Case] => [i, one]))('is not said (%i)', (_i, one) => {
    expect(codes(run(one))).not.toContain(code);
  });
});

test('every rule is in these tests; what loading warns about is tested where it is loaded', () => {
  const elsewhere = new Set([...Object.values(loadWarnings).map(({ code }) => code), 'KF504']);
  expect(rules.map(({ code }) => code).filter((code) => !cases[code] && !elsewhere.has(code))).toEqual([]);
  expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length);
});

test('every warning of loading has a code', () => {
  const lib = join(__dirname, '..', '..', 'lib');
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('review') && !file.endsWith('moves.ts'),
  );
  const found = files.flatMap((file) =>
    [...readFileSync(join(lib, file), 'utf8').matchAll(/\bwarning\(\s*'([a-z-]+)'/g)].map(([, code]) => code as string),
  );
  expect(found.length).toBeGreaterThan(3);
  expect(found.filter((code) => !loadWarnings[code])).toEqual([]);
});

test('each code has its page, and the table is made from the rules', () => {
  const folder = join(__dirname, '..', '..', 'docs', 'checks');
  expect(checks.filter(({ code }) => !existsSync(join(folder, `${code}.md`)))).toEqual([]);
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(checksTable());
});

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

test('errors stand before warnings, and those before notes', () => {
  const [one] = cases.KF101?.fires ?? [];
  const order = run(one as Case).findings.map(({ severity }) => severity);
  expect(order).toEqual([...order].sort((a, b) => 'ewn'.indexOf(a.charAt(0)) - 'ewn'.indexOf(b.charAt(0))));
  expect(order[0]).toBe('error');
});

function homelabWith(grant: Record<string, unknown>): Case {
  return { config: homelab({ grants: [grant] }) };
}
