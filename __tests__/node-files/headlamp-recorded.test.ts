import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { entry } from '../../lib/config/config';
import { isMap, listOf, mapAt, scalarText } from '../../lib/guards';
import { groupSubjects, personSubjects } from '../../lib/identity/subject';
import { appArtifacts } from '../../lib/node-files/app-files';
import { clusterObjects } from '../../lib/render';
import { configOf } from '../config';

/*
 * Records of manual sign-ins in Chromium with Headlamp, Kanidm and kube-apiserver (docs/verified.md). The files that
 * are rendered now must be the ones with which these programs were configured. The recorded answers of the pages and
 * the API server must match the config.
 */
const folder = join(__dirname, '..', 'fixtures', 'headlamp');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const config = configOf(read('kaniflux.yaml'));
const homelab = entry(config.clusters, 'homelab');
const [head = '', ...people] = read('sign-in.txt').split(/\n\n# (?=\w+\n)/);
const values = parse(appArtifacts(config, homelab).find(({ path }) => path.endsWith('values.yaml'))?.text ?? '');

test('the arguments of Headlamp are those of the rendered values', () => {
  const { clientID, issuerURL, scopes, callbackURL, usePKCE } = values.config.oidc;
  const given = head
    .split('\n')
    .at(-1)
    ?.split(' ')
    .filter((word) => word.startsWith('-oidc'));
  expect(given).toEqual([
    `-oidc-client-id=${clientID}`,
    `-oidc-idp-issuer-url=${issuerURL}`,
    `-oidc-scopes=${scopes}`,
    `-oidc-callback-url=${callbackURL}`,
    `-oidc-use-pkce=${usePKCE}`,
  ]);
  for (const { name } of values.env) expect(head).toContain(name);
});

const linesOf = (name: string) => people.find((text) => text.startsWith(`${name}\n`))?.split('\n') ?? [];

test('whoever is in no group of the application is refused by Kanidm', () => {
  const { groups } = homelab.apps[0] ?? { groups: [] };
  const members = groups.flatMap((group) => JSON.stringify(config.groups.get(group)?.members));
  for (const name of config.people.keys()) {
    const isMember = members.some((text) => text.includes(`"${name}"`));
    expect(linesOf(name).some((line) => line.includes('Access Denied'))).toBe(!isMember);
    expect(linesOf(name).some((line) => line.startsWith('whoami 201'))).toBe(isMember);
  }
});

describe.each(['jane', 'sam', 'joe'])('%s', (name) => {
  const lines = linesOf(name);
  const [, user] = /^whoami 201 (.*)$/m.exec(lines.join('\n')) ?? [];
  const who: unknown = JSON.parse(user ?? '{}');
  const names = isMap(who) ? [who.username, ...listOf(who.groups)].map(scalarText) : [];
  const bindings = clusterObjects(config, homelab).filter((object) =>
    listOf(mapAt(object).subjects).some((one) => names.includes(scalarText(mapAt(one).name))),
  );
  /** Returns the namespaces in which the person has one of these roles. */
  const bound = (...roles: readonly string[]) => {
    const all = bindings.filter((object) => roles.includes(scalarText(mapAt(object, 'roleRef').name)));
    if (all.some(({ kind }) => kind === 'ClusterRoleBinding')) return ['default', 'shared', 'web'];
    return all.map(({ metadata }) => scalarText(metadata.namespace)).sort();
  };
  /** Returns what each visit to the page of the pods showed. */
  const page = (query: string) => lines.filter((line) => line.startsWith(`page /c/main/pods${query} (`));

  test('signs in at the address and with the redirect URL that are rendered', () => {
    const sent = new URL(/-> 302 -> (\S+)/.exec(lines.join('\n'))?.[1] ?? '').searchParams;
    const { redirectUrls, scopes } = entry(config.clients, 'headlamp');
    expect(redirectUrls).toContain(sent.get('redirect_uri'));
    expect(sent.get('scope')?.split(' ').sort()).toEqual([...(scopes?.k8s_users ?? [])].sort());
    expect(sent.get('code_challenge_method')).toBe('S256');
  });

  test('is named as with kubectl', () => {
    expect(personSubjects(config, homelab, name)).toEqual([names[0]]);
    const members = [...config.groups.values()].filter((group) => JSON.stringify(group.members).includes(`"${name}"`));
    expect(names).toEqual(
      expect.arrayContaining(members.flatMap((group) => groupSubjects(config, homelab, group.name))),
    );
  });

  test('has the rights of the grants, and no others', () => {
    const allowed = (what: string) =>
      lines.flatMap((line) => new RegExp(`^${what} in (\\w+) -> 20[01]`).exec(line)?.[1] ?? []).sort();
    expect(allowed('list pods')).toEqual(bound('view', 'edit'));
    expect(allowed('list secrets')).toEqual(bound('edit'));
    expect(allowed('create configmap')).toEqual(bound('edit'));
  });

  test('sees the pods that the grants show, and elsewhere that the permission is missing', () => {
    for (const namespace of ['shared', 'web']) {
      const [shown] = page(`?namespace=${namespace}`);
      const may = bound('view', 'edit').includes(namespace);
      expect(shown).toContain(may ? `| demo-${namespace} | ${namespace} |` : "You don't have permissions to view");
      expect(shown?.includes('demo-')).toBe(may);
    }
    // The first page lists the pods of all namespaces, even if there are only grants in namespaces.
    const [first, afterwards] = page('');
    const everywhere = bound('view', 'edit').length === 3;
    expect(first).toContain(everywhere ? 'demo-shared | shared' : "You don't have permissions to view");
    const [, namespace] = /^settings of the cluster, Allowed namespaces: (\w+)$/m.exec(lines.join('\n')) ?? [];
    if (namespace === undefined) expect(afterwards).toBeUndefined();
    else expect(afterwards).toContain(`| demo-${namespace} | ${namespace} |`);
  });
});
