import { parse as parseYaml, stringify } from 'yaml';
import { adoptFiles } from '../../__tests__/adopt/adopted';
import { load } from '../../__tests__/config';
import type { Adopted } from '../../lib/adopt/adopt-config';
import { adoptedText } from '../../lib/adopt/config-yaml';
import { authenticationConfigFile } from '../../lib/node-files/api-server-settings';
import { clusterSettings } from '../../lib/node-files/control-plane-files';
import { clusterFolders } from '../../lib/render';
import { type Apiserver, upToDate } from '../harness';
import { Desk } from '../login/desk';
import { nodeFolder } from '../login/prepared';
import { type RandomCluster, randomCluster } from './random-cluster';
import { Reviews, type Who } from './reviews';

/*
 * Random clusters on a real kube-apiserver, before and after adopt: each token is for the same user with the same
 * rights, unless adopt announced a change. To try more: ADOPT_CLUSTERS=200 ADOPT_SEED=1.
 */
const count = Number(process.env.ADOPT_CLUSTERS ?? 8);
const first = Number(process.env.ADOPT_SEED ?? 1);
const seeds = Array.from({ length: count }, (_, i) => first + i);
// With flags, each cluster needs its own server; structured clusters share a file. A seed gives the same cluster in
// every run.
const methodOf = (seed: number) => (seed % 4 === 0 ? 'flags' : 'structured');
const seedsOf = (method: string) => seeds.filter((seed) => methodOf(seed) === method);

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open('adopt-same-access');
});
afterAll(() => desk?.close());

const file = 'authentication-config.yaml';
const structured = (jwt: readonly unknown[]) =>
  stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthenticationConfiguration', jwt });
const flag = `--authentication-config=${nodeFolder}${file}`;

interface Seen {
  readonly who: Who | 'refused';
  readonly may: readonly string[];
}

/** Returns the user of each token, and the namespaces in which the token has rights. */
async function seen(apiserver: Apiserver, { tokens, bindings }: RandomCluster): Promise<Seen[]> {
  await upToDate(apiserver);
  const reviews = new Reviews(apiserver);
  const all: Seen[] = [];
  for (const { origin, claims } of tokens) {
    const token = desk.issuer(origin).token(claims);
    const who = await reviews.who(token);
    const may: string[] = [];
    for (const { namespace } of bindings) if (await reviews.mayGet(token, namespace)) may.push(namespace);
    all.push({ who, may });
  }
  reviews.close();
  return all;
}

function rendered(adopted: Adopted) {
  const text = adoptedText(adopted.config)
    .replace(/^( +server:) #.*$/m, '$1 https://192.0.2.1:6443')
    .replace(/^( +kubernetes:) #.*$/m, '$1 "1.34"')
    .replace(/^( +controlPlane:) #.*$/m, '$1 flags')
    .replace(/^( +controlPlaneVersion:) #.*$/m, '$1 "1.13"');
  const { config, findings } = load(text, adopted.files);
  const [cluster] = config ? [...config.clusters.values()] : [];
  if (!config || !cluster) throw new Error(`${text}\n${JSON.stringify(findings)}`);
  const settings = clusterSettings(config, cluster);
  const jwt: unknown[] = parseYaml(authenticationConfigFile(settings)?.text ?? 'jwt: []').jwt;
  const flags = settings.args.map(({ name, value }) => `--${name}=${value}`);
  return { jwt, flags, objects: clusterFolders(config, cluster).flatMap(({ objects }) => objects) };
}

const list = (items: readonly object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
const roles = (one: RandomCluster) => [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'configmap-reader' },
    rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
  },
  ...one.bindings.map(({ namespace }) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })),
];

/** Returns the differences that adopt did not announce. */
function unforetold(one: RandomCluster, adopted: Adopted, before: readonly Seen[], after: readonly Seen[]): string[] {
  const said = adopted.changes.map(({ text }) => text).join('\n');
  return before.flatMap(({ who, may }, i) => {
    const now = after[i];
    const issuer = String(one.tokens[i]?.claims.iss);
    if (now?.who === 'refused' && said.includes(`tokens of ${issuer} are rejected`)) return [];
    const isSame = JSON.stringify(who) === JSON.stringify(now?.who) || /names come from/.test(said);
    const namespaces = one.bindings.map(({ namespace }) => namespace);
    const changed = namespaces.filter(
      (name) => may.includes(name) !== now?.may.includes(name) && !said.includes(` in ${name} by`),
    );
    return [...(isSame ? [] : [`${JSON.stringify(who)} is ${JSON.stringify(now?.who)}`]), ...changed];
  });
}

const isAdmitted = ({ who }: Seen) => who !== 'refused';

async function flagsOf(seed: number) {
  const one = randomCluster(seed, 'flags', desk.ca);
  const server = await desk.apiserver('1.34', one.flags);
  await server.kubectl(['apply', '-f', '-'], list([...roles(one), ...one.bindings.map(({ object }) => object)]));
  const before = await seen(server, one);
  expect(before.every(isAdmitted)).toBe(true);
  const adopted = adoptFiles(one.files);
  const { flags, objects } = rendered(adopted);
  const renewed = await desk.apiserver('1.34', flags);
  if (objects.length > 0) await renewed.kubectl(['apply', '-f', '-'], list(objects));
  expect({ files: one.files, unforetold: unforetold(one, adopted, before, await seen(renewed, one)) }).toEqual({
    files: one.files,
    unforetold: [],
  });
}
for (const seed of seedsOf('flags')) test(`flags, seed ${seed}`, () => flagsOf(seed));

// A file can contain 64 issuers, and a cluster has up to four.
const others = seedsOf('structured');
const size = 15;
const shares = Array.from({ length: Math.ceil(others.length / size) }, (_, i) =>
  others.slice(i * size, (i + 1) * size),
);

async function structuredOf(share: readonly number[]) {
  const all = share.map((seed) => randomCluster(seed, 'structured', desk.ca));
  const server = await desk.apiserver('1.34', [flag], { [file]: structured(all.flatMap(({ jwt }) => jwt)) });
  await server.kubectl(
    ['apply', '-f', '-'],
    list(all.flatMap((one) => [...roles(one), ...one.bindings.map(({ object }) => object)])),
  );
  const before: Seen[][] = [];
  for (const one of all) before.push(await seen(server, one));
  expect(before.flat().every(isAdmitted)).toBe(true);
  expect(before.flat().some(({ may }) => may.length > 0)).toBe(true);
  const adopted = all.map((one) => adoptFiles(one.files));
  const outputs = adopted.map(rendered);
  const renewed = await desk.apiserver('1.34', [flag], { [file]: structured(outputs.flatMap(({ jwt }) => jwt)) });
  await renewed.kubectl(['apply', '-f', '-'], list(outputs.flatMap(({ objects }) => objects)));
  for (const [i, one] of all.entries()) {
    const is = adopted[i];
    expect({
      seed: share[i],
      files: one.files,
      unforetold: is ? unforetold(one, is, before[i] ?? [], await seen(renewed, one)) : ['not adopted'],
    }).toEqual({ seed: share[i], files: one.files, unforetold: [] });
  }
}
for (const share of shares) test(`AuthenticationConfigurations, seeds ${share.join(', ')}`, () => structuredOf(share));
