import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { judge } from '../../lib/explain/token';
import { render } from '../../lib/render';
import { reportData } from '../../lib/report/collect';
import { configOf, load as loadConfig } from '../config';
import { run } from '../run';

/*
 * Compares what service accounts of a real Kanidm may do at a real API server (fixtures/kanidm/service-account) with
 * what Kaniflux says. `deployer` has a grant of its own and one through a group, `idle` can sign in and has no grant,
 * and `outside` cannot sign in.
 */
const cwd = join(__dirname, '..', 'fixtures', 'kanidm', 'service-account');
const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
const transcript = read('transcript.txt');
const claims: Record<string, { iss: string; sub: string; iat: number; groups: string[] }> = JSON.parse(
  read('claims.json'),
);
const text = read('kaniflux.yaml');
const load = (change: (config: string) => string = (same) => same) =>
  configOf(change(text), { 'kanidm-ca.crt': read('kanidm-ca.crt') });

const answers = [...transcript.matchAll(/^(\w+)\$ kubectl auth can-i (.*)\n(yes|no)\n/gm)].map(
  ([, name = '', request = '', answer]) => ({ name, request: request.replaceAll("'", ''), may: answer === 'yes' }),
);

test('the API server was asked for what each may and may not do', () => {
  expect(answers.filter(({ may }) => may)).toHaveLength(3);
  expect(answers.filter(({ may }) => !may)).toHaveLength(13);
});

test.each(answers)('who-can: $name, $request: $may', async ({ name, request, may }) => {
  const { stdout } = await run(['who-can', ...request.split(' ')], { cwd });
  expect(/service account \w+ \(/.test(stdout) && stdout.includes(`service account ${name} (`)).toBe(may);
});

test.each(['deployer', 'idle'])('%s is called as the API server calls it', async (name) => {
  const user = new RegExp(`^${name}\\$ kubectl auth whoami\\n.*\\nUsername +(\\S+)\\nGroups +\\[(.*)\\]$`, 'm');
  const [, username = '', groups = ''] = user.exec(transcript) ?? [];
  const { stdout } = await run(['explain', name], { cwd });
  const [, as = '', own = ''] = /is known as (\S+), in (.*)$/m.exec(stdout) ?? [];
  expect(as).toBe(username);
  expect(groups.split(' ')).toEqual(expect.arrayContaining(own.split(', ')));

  const config = load();
  const [cluster] = config.clusters.values();
  const token = claims[name];
  if (!cluster || !token) throw new Error('no cluster, or no token');
  const verdict = judge(config, cluster, { token: { claims: { ...token } }, now: token.iat + 60 });
  expect([verdict.refused, verdict.user]).toEqual([[], username]);
  expect([...(verdict.groups ?? []), 'system:authenticated']).toEqual(groups.split(' '));
  const late = judge(config, cluster, { token: { claims: { ...token } }, now: token.iat + 3600 });
  expect(late.accepted).toBe(false);
});

test('explain lists what each has, and why one cannot sign in', async () => {
  const of = async (name: string) => (await run(['explain', name], { cwd })).stdout;
  expect(await of('deployer')).toContain('in namespace app (deployer; grant ci)');
  expect(await of('deployer')).toContain('may read namespaces (namespace-reader, by k8s_readers; grant readers)');
  expect(await of('idle')).toContain('may do only what every signed-in user may do');
  expect(await of('outside')).toContain('outside cannot sign in');
  expect(transcript).toContain('outside$ kubectl auth whoami\nkanidm-token: Kanidm gave no ID token: access_denied');
});

test('ACCESS.md and the report have the rights of one, and none of the others', () => {
  const config = load();
  const rows = ([...render(config)].find(({ path }) => path === 'ACCESS.md')?.text ?? '')
    .split('\n')
    .filter((line) => /^\| `(service account )?(deployer|idle|outside)/.test(line));
  expect(rows).toEqual([
    '| `service account deployer` | `deployer` | namespace `app` | grant `ci` |',
    '| `service account deployer` | `namespace-reader` | everywhere | grant `readers`, in `k8s_readers` |',
  ]);
  const { sources } = loadConfig(text, { 'kanidm-ca.crt': read('kanidm-ca.crt') });
  const { people, grants } = reportData({ config, sources, warnings: [] });
  const held = people.map(({ name, kind, holds }) => [
    name,
    kind,
    holds.map(({ grant }) => grants[grant]?.name).sort(),
  ]);
  expect(held).toEqual([
    ['deployer', 'service account', ['ci', 'readers']],
    ['idle', 'service account', []],
    ['outside', 'service account', []],
  ]);
});

test('diff says which service account gains and loses, and is silent about the others', () => {
  const changed = (before: string, after: string) => {
    expect(text).toContain(before);
    const changes = load((config) => config.replace(before, after));
    return asText(reviewDiff({ before: rendered(load()), after: rendered(changes) }));
  };
  const more = changed('serviceAccounts: [deployer]', 'serviceAccounts: [deployer, idle]');
  expect(more).toMatch(/^ *🟠 \+ service account idle may patch deployments\.apps \(to act as service accounts\)/mu);
  expect(more).not.toMatch(/[-+] service account (deployer|outside)/);
  const less = changed('k8s_readers: { members: [deployer] }', 'k8s_readers: { members: [] }');
  expect(less).toMatch(/- service account deployer .*namespaces/);
  expect(less).not.toMatch(/[-+] service account (idle|outside)/);
});
