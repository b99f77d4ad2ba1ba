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
 * A sign-in with Headlamp, Kanidm and kube-apiserver, by hand (docs/verified.md). What is rendered today has to be what they
 * were configured with, and the API server has to have answered as the config says.
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

describe.each(['jane', 'sam'])('%s', (name) => {
  const lines = people.find((text) => text.startsWith(`${name}\n`))?.split('\n') ?? [];
  const [, user] = /^whoami 201 (.*)$/m.exec(lines.join('\n')) ?? [];
  const who: unknown = JSON.parse(user ?? '{}');
  const names = isMap(who) ? [who.username, ...listOf(who.groups)].map(scalarText) : [];

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
    const bound = (roles: readonly string[]) =>
      clusterObjects(config, homelab)
        .filter((object) => object.kind === 'RoleBinding' && roles.includes(scalarText(mapAt(object, 'roleRef').name)))
        .filter((object) => listOf(mapAt(object).subjects).some((one) => names.includes(scalarText(mapAt(one).name))))
        .map((object) => scalarText(object.metadata.namespace))
        .sort();
    expect(allowed('list pods')).toEqual(bound(['view', 'edit']));
    expect(allowed('list secrets')).toEqual(bound(['edit']));
    expect(allowed('create configmap')).toEqual(bound(['edit']));
  });
});
