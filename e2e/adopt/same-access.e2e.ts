import { parse as parseYaml, stringify } from 'yaml';
import { adoptFiles } from '../../__tests__/adopt/adopted';
import { load } from '../../__tests__/config';
import type { Adopted } from '../../lib/adopt/adopt-config';
import { adoptedText } from '../../lib/adopt/config-yaml';
import { clusterSettings } from '../../lib/node-files/control-plane-files';
import { clusterFolders, renderCluster } from '../../lib/render';
import type { Apiserver } from '../harness';
import { Desk } from '../login/desk';
import { type RandomCluster, randomCluster } from './random-cluster';

/*
 * Random clusters on a real kube-apiserver, before adopt and after: each token is the same user with the same rights, or
 * adopt foretold what changes. More of them: ADOPT_CLUSTERS=200 ADOPT_SEED=1.
 */
const count = Number(process.env.ADOPT_CLUSTERS ?? 8);
const first = Number(process.env.ADOPT_SEED ?? 1);
const seeds = Array.from({ length: count }, (_, i) => first + i);
// Flags need a server for each; structured ones share a file.
const clusters = seeds.map((seed, i) => randomCluster(seed, i % 4 === 0 ? 'flags' : 'structured'));

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open('adopt-same-access');
});
afterAll(() => desk?.close());

const file = 'authentication-config.yaml';
const structured = (jwt: readonly unknown[]) =>
  stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthenticationConfiguration', jwt });
const flag = `--authentication-config=/etc/kubernetes/kaniflux/${file}`;

/** What a token is and may, by namespace. */
async function seen(apiserver: Apiserver, { tokens, bindings }: RandomCluster) {
  const issuer = desk.issuer('https://sso.kammel.dev');
  const all = [];
  for (const claims of tokens) {
    const token = issuer.token(claims);
    const who = await desk.admits(apiserver, token);
    const may: string[] = [];
    for (const { namespace } of bindings)
      if (await desk.may(apiserver, token, `get configmaps -n ${namespace}`)) may.push(namespace);
    all.push({ who, may });
  }
  return all;
}

function rendered(adopted: Adopted) {
  const text = adoptedText(adopted.config)
    .replace(/^( +server:) #.*$/m, '$1 https://192.0.2.1:6443')
    .replace(/^( +kubernetes:) #.*$/m, '$1 "1.34"');
  const { config, findings } = load(text, adopted.files);
  const [cluster] = config ? [...config.clusters.values()] : [];
  if (!config || !cluster) throw new Error(JSON.stringify(findings));
  const files = new Map([...renderCluster(config, cluster)].map((artifact) => [artifact.path, artifact.text]));
  const flags = clusterSettings(config, cluster).args.map(({ name, value }) => `--${name}=${value}`);
  return { files, flags, objects: clusterFolders(config, cluster).flatMap(({ objects }) => objects) };
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

/** What is different, and was not foretold. */
function unforetold(
  one: RandomCluster,
  adopted: Adopted,
  before: Awaited<ReturnType<typeof seen>>,
  after: typeof before,
): string[] {
  const said = adopted.changes.map(({ text }) => text).join('\n');
  return before.flatMap(({ who, may }, i) => {
    const now = after[i];
    const isSame = JSON.stringify(who) === JSON.stringify(now?.who) || /names are made of/.test(said);
    const namespaces = one.bindings.map(({ namespace }) => namespace);
    const changed = namespaces.filter(
      (name) => may.includes(name) !== now?.may.includes(name) && !said.includes(` in ${name} by`),
    );
    return [...(isSame ? [] : [`${JSON.stringify(who)} is ${JSON.stringify(now?.who)}`]), ...changed];
  });
}

test.each(clusters.filter(({ method }) => method === 'flags').map((one) => [one.flags.join(' '), one] as const))(
  '%s',
  async (_, one) => {
    const server = await desk.apiserver('1.34', one.flags);
    await server.kubectl(['apply', '-f', '-'], list([...roles(one), ...one.bindings.map(({ object }) => object)]));
    const before = await seen(server, one);
    expect(before.map(({ who }) => who)).not.toContain('refused');
    const adopted = adoptFiles(one.files);
    const { flags, objects } = rendered(adopted);
    const renewed = await desk.apiserver('1.34', flags);
    if (objects.length > 0) await renewed.kubectl(['apply', '-f', '-'], list(objects));
    expect(unforetold(one, adopted, before, await seen(renewed, one))).toEqual([]);
  },
);

// A file may hold 64 issuers.
const others = clusters.filter(({ method }) => method === 'structured');
const shares = Array.from({ length: Math.ceil(others.length / 12) }, (_, i) => others.slice(i * 12, (i + 1) * 12));

test.each(shares.map((all, i) => [i + 1, all] as const))(
  'AuthenticationConfigurations of the others (%i)',
  async (_, all) => {
    const server = await desk.apiserver('1.34', [flag], { [file]: structured(all.map(({ jwt }) => jwt)) });
    await server.kubectl(
      ['apply', '-f', '-'],
      list(all.flatMap((one) => [...roles(one), ...one.bindings.map(({ object }) => object)])),
    );
    const before = [];
    for (const one of all) before.push(await seen(server, one));
    expect(before.flat().map(({ who }) => who)).not.toContain('refused');
    expect(before.flat().some(({ may }) => may.length > 0)).toBe(true);
    const adopted = all.map((one) => adoptFiles(one.files));
    const outputs = adopted.map(rendered);
    const entries = outputs.flatMap(({ files }) => {
      const text = files.get(`control-planes/a/${file}`) ?? '';
      return (parseYaml(text) as { jwt: unknown[] }).jwt;
    });
    const renewed = await desk.apiserver('1.34', [flag], { [file]: structured(entries) });
    await renewed.kubectl(['apply', '-f', '-'], list(outputs.flatMap(({ objects }) => objects)));
    for (const [i, one] of all.entries()) {
      const was = before[i] ?? [];
      const is = adopted[i];
      expect({
        files: one.files,
        unforetold: is ? unforetold(one, is, was, await seen(renewed, one)) : ['not adopted'],
      }).toEqual({ files: one.files, unforetold: [] });
    }
  },
);
