import type { Browser } from 'playwright-core';
import { parse, stringify } from 'yaml';
import { configOf } from '../__tests__/config';
import { type Cluster, type Config, entry } from '../lib/config/config';
import { authenticators } from '../lib/identity/authenticator';
import { tokenClaims } from '../lib/identity/claims';
import { groupNamesFrom, userNameFrom } from '../lib/identity/subject';
import { kubeconfigArtifacts } from '../lib/node-files/kubeconfig-files';
import { apiserverFlags, renderInto } from './flux/rendered';
import {
  type Apiserver,
  Authority,
  freePort,
  kubectl,
  Lab,
  launchChromium,
  startApiserver,
  startEtcd,
  upToDate,
} from './harness';
import { OidcProvider } from './oidc/provider';
import { HttpsProxy } from './oidc/proxy';
import { signIn, type Told, toldBy } from './oidc/sign-in';

/**
 * The home lab unchanged, and a cluster with nearly all other settings: its own client with exact redirect URLs, people
 * named by `preferred_username`, groups, prefixes, an AuthenticationConfiguration.
 */
const configWith = (port: number, files: Record<string, string> = {}, kubeconfigs: Record<string, object> = {}) =>
  configOf(
    {
      kanidm: { provision: 'migrations', version: '1.11.1', helm: null, cluster: null },
      people: { jane: { displayName: 'Jane', mail: 'jane@example.com' }, eve: { displayName: 'Eve' } },
      groups: { developers: { members: ['jane'] }, k8s_admins: { members: ['datosh'] } },
      clients: {
        team: {
          landingUrl: 'https://www.example.com/',
          redirectUrls: [`http://localhost:${port}/callback`],
          scopes: { developers: ['openid', 'email', 'groups'], k8s_admins: ['openid', 'groups'] },
        },
      },
      roles: { 'pod-reader': { rules: [{ resources: ['pods'], verbs: ['get', 'list'] }] } },
      clusters: {
        homelab: { ...kubeconfigs.homelab },
        team: {
          server: 'https://192.0.2.10:6443',
          kubernetes: '1.34',
          client: 'team',
          controlPlane: 'flags',
          authentication: {
            method: 'structured',
            claim: 'preferred_username',
            prefix: 'kanidm:',
            groups: { prefix: 'kanidm:' },
            ca: { file: 'web.crt' },
          },
          grants: [
            { name: 'admins', clusterRole: 'cluster-admin', groups: ['k8s_admins'] },
            { name: 'developers', clusterRole: 'pod-reader', namespaces: ['shop'], groups: ['developers'] },
          ],
          ...kubeconfigs.team,
        },
      },
    },
    files,
  );

describe.each(['homelab', 'team'])('in the browser, on %s', (name) => {
  let lab: Lab;
  let browser: Browser;
  let provider: OidcProvider;
  let proxy: HttpsProxy;
  let web: Authority;
  let apiserver: Apiserver;
  let config: Config;
  let cluster: Cluster;
  let kubeconfig: string;

  beforeAll(async () => {
    for (const way of ['warn', 'info'] as const) jest.spyOn(console, way).mockImplementation(); // oidc-provider's advice
    lab = await Lab.open(`browser-${name}`);
    web = await Authority.create('the web');
    const port = await freePort();
    config = configWith(port, { 'web.crt': web.cert });
    const files = await renderInto(lab.path('dist'), config);
    const host = new URL(config.kanidm.origin).hostname;
    provider = await OidcProvider.start(config, await web.issue({ commonName: host, hosts: [host] }));
    proxy = await HttpsProxy.start({ [host]: provider.port });
    browser = await launchChromium({ hosts: { [host]: provider.port } });
    apiserver = await startApiserver(lab, {
      etcd: await startEtcd(lab),
      ...(name === 'homelab'
        ? { extraArgs: apiserverFlags(files) }
        : { authenticationConfig: files.get('control-planes/team/authentication-config.yaml') }),
      env: { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: await lab.write('web.crt', web.cert) },
    });
    const ca = { server: apiserver.url, kubeconfig: { certificateAuthority: { file: 'ca.crt' } } };
    config = configWith(port, { 'web.crt': web.cert, 'ca.crt': apiserver.authority.cert }, { [name]: ca });
    cluster = entry(config.clusters, name);
    const rendered = await renderInto(lab.path('dist'), config);
    kubeconfig = rendered.get(`kubeconfigs/${name}.yaml`) ?? '';
    await apiserver.kubectl(['create', 'namespace', 'shop']);
    for (const folder of ['access', 'access-in-namespaces']) {
      const { resources } = parse(rendered.get(`clusters/${name}/${folder}/kustomization.yaml`) ?? '');
      if (resources.length > 0) await apiserver.kubectl(['apply', '-k', lab.path(`dist/clusters/${name}/${folder}`)]);
    }
    await upToDate(apiserver);
  });

  afterAll(async () => {
    await browser?.close();
    await lab.close();
    await proxy?.close();
    await provider?.close();
  });

  const as = (who: string, change: Partial<Told> = {}, by = kubeconfig) =>
    signIn({ ...toldBy(by), ...change }, { browser, port: provider.port, ca: web.cert, name: who });

  /** Runs kubectl with the rendered kubeconfig. Only the program that gets the token is replaced. */
  async function kubectlAs(who: string, args: readonly string[]): Promise<string> {
    const status = { token: await as(who) };
    const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
    const path = await lab.write(`as/${who}.json`, JSON.stringify(credential));
    const text = parse(kubeconfig);
    Object.assign(text.users[0].user.exec, { command: 'cat', args: [path], interactiveMode: 'Never' });
    return kubectl(await lab.write(`as/${who}.yaml`, stringify(text)), args);
  }

  /** Returns the user that lib/identity predicts for a person at the API server. */
  function predicted(who: string) {
    const [own] = authenticators(config, cluster);
    if (!own) throw new Error('no client');
    const claims = tokenClaims(config, entry(config.people, who), own.client);
    return { username: userNameFrom(own, claims), groups: groupNamesFrom(own, claims) };
  }

  test('the API server calls them what was predicted', async () => {
    const { username, groups } = predicted('datosh');
    const { userInfo } = JSON.parse(await kubectlAs('datosh', ['auth', 'whoami', '-o=json'])).status;
    expect(userInfo.username).toBe(username);
    expect([...userInfo.groups].sort()).toEqual([...groups, 'system:authenticated'].sort());
  });

  test('the administrator may do everything', async () => {
    expect(await kubectlAs('datosh', ['get', 'namespaces', '-o=name'])).toContain('namespace/shop');
    expect(await kubectlAs('datosh', ['auth', 'can-i', '*', '*'])).toBe('yes\n');
  });

  test('by a code from any browser, the same', async () => {
    const [text = ''] = kubeconfigArtifacts(config, {
      ...cluster,
      kubeconfig: { ...cluster.kubeconfig, signIn: 'keyboard' },
    }).map((artifact) => artifact.text);
    const token = await as('datosh', {}, text);
    const path = await apiserver.kubeconfigFor('keyboard', { token });
    const { userInfo } = JSON.parse(await kubectl(path, ['auth', 'whoami', '-o=json'])).status;
    expect(userInfo.username).toBe(predicted('datosh').username);
  });

  test('somebody outside the scope map doesn’t get in', async () => {
    await expect(as('eve')).rejects.toMatchObject({ error: 'access_denied' });
  });

  test('a redirect URL that isn’t listed is refused, and the browser is not sent there', async () => {
    const told = toldBy(kubeconfig);
    const elsewhere = { redirectUrl: `http://127.0.0.1.example.com/`, listen: told.listen };
    await expect(as('datosh', elsewhere)).rejects.toThrow(/invalid_redirect_uri/);
  });

  test('a scope outside the scope map is refused', async () => {
    const scopes = [...toldBy(kubeconfig).scopes, 'groups_uuid'];
    await expect(as('datosh', { scopes })).rejects.toMatchObject({ error: 'invalid_scope' });
  });

  test('a challenge other than S256 is refused', async () => {
    await expect(as('datosh', { pkceMethod: 'plain' })).rejects.toMatchObject({ error: 'invalid_request' });
  });

  if (name === 'team') {
    test('another path of the same port is another redirect URL', async () => {
      const redirectUrl = new URL('/elsewhere', toldBy(kubeconfig).redirectUrl).href;
      await expect(as('datosh', { redirectUrl })).rejects.toThrow(/invalid_redirect_uri/);
    });

    test('a developer has the rights of the group, in its namespace and no further', async () => {
      const { username, groups } = predicted('jane');
      const { userInfo } = JSON.parse(await kubectlAs('jane', ['auth', 'whoami', '-o=json'])).status;
      expect(userInfo).toMatchObject({ username, groups: expect.arrayContaining(groups) });
      expect(await kubectlAs('jane', ['get', 'pods', '-n=shop', '-o=name'])).toBe('');
      await expect(kubectlAs('jane', ['get', 'pods', '-n=default'])).rejects.toThrow(
        `User "${username}" cannot list resource "pods" in API group "" in the namespace "default"`,
      );
      await expect(kubectlAs('jane', ['get', 'secrets', '-n=shop'])).rejects.toThrow('Forbidden');
    });
  } else {
    test('the API server of another client takes no notice of the token', async () => {
      const told = { ...toldBy(kubeconfig), issuer: `${config.kanidm.origin}/oauth2/openid/team`, clientId: 'team' };
      const port = new URL(entry(config.clients, 'team').redirectUrls?.[0] ?? '').port;
      const redirectUrl = `http://localhost:${port}/callback`;
      const token = await as('datosh', { ...told, listen: [`127.0.0.1:${port}`], redirectUrl });
      const other = await apiserver.kubeconfigFor('other', { token });
      await expect(kubectl(other, ['get', 'namespaces'])).rejects.toThrow('You must be logged in to the server');
    });
  }
});
