import { parse } from 'yaml';
import { entry } from '../../lib/config/config';
import { redirectOf } from '../../lib/identity/redirects';
import { kubeconfigArtifacts, mergedKubeconfig } from '../../lib/node-files/kubeconfig-files';
import { isKubeloginOption, kubeloginChoices } from '../../lib/upstream/kubelogin';
import { configOf, homeLabText } from '../config';
import { clusterOf, pem } from './cluster';

function execOf(change: object, top?: object) {
  const { config, cluster } = clusterOf(change, top);
  return parse(kubeconfigArtifacts(config, cluster)[0]?.text ?? '').users[0].user.exec;
}

test('the home lab', () => {
  const { config, cluster } = clusterOf({});
  expect(kubeconfigArtifacts(config, cluster)).toMatchSnapshot();
  expect(homeLabText).toContain('user: oidc');
});

test('asks for no scope beyond what the claims need: Kanidm refuses one outside the scope map', () => {
  const scopes = (change: object) => execOf(change).args.filter((arg: string) => arg.startsWith('--oidc-extra-scope'));
  expect(scopes({})).toEqual([]);
  expect(scopes({ authentication: { claim: 'preferred_username' } })).toEqual([]);
  expect(scopes({ authentication: { claim: 'email', groups: {} } })).toEqual([
    '--oidc-extra-scope=email',
    '--oidc-extra-scope=groups',
  ]);
});

describe('where kubelogin listens comes from the redirect URLs', () => {
  const redirect = (client: object) => {
    const config = configOf({ clients: { k8s: { localhostRedirects: false, redirectUrls: [], ...client } } });
    return redirectOf(entry(config.clients, 'k8s'));
  };

  test('the landing URL counts as one, and http://localhost needs no word', () => {
    expect(redirect({})).toEqual({ listen: ['127.0.0.1:8000'] });
    expect(redirect({ redirectUrls: ['http://localhost:18000', 'http://localhost:8000'] })).toEqual({
      listen: ['127.0.0.1:18000', '127.0.0.1:8000'],
    });
  });

  test('with localhost redirects any port will do', () => {
    expect(redirect({ localhostRedirects: true })).toEqual({ listen: ['127.0.0.1:8000', '127.0.0.1:18000'] });
  });

  test('another host or a path is told to kubelogin as it is', () => {
    const landingUrl = 'https://www.example.com/';
    expect(redirect({ landingUrl, redirectUrls: ['http://127.0.0.1:9000'] })).toEqual({
      listen: ['127.0.0.1:9000'],
      url: 'http://127.0.0.1:9000',
    });
    expect(redirect({ landingUrl, redirectUrls: ['http://localhost:9000/callback'] })).toEqual({
      listen: ['127.0.0.1:9000'],
      url: 'http://localhost:9000/callback',
    });
    expect(redirect({ landingUrl, redirectUrls: ['http://[::1]:9000'] })).toEqual({
      listen: ['[::1]:9000'],
      url: 'http://[::1]:9000',
    });
  });
});

test('signing in with any browser pastes the code, and says where it will be sent', () => {
  const { args, interactiveMode } = execOf({ kubeconfig: { user: 'oidc', signIn: 'keyboard' } });
  expect(args).toContain('--grant-type=authcode-keyboard');
  expect(args).toContain('--oidc-redirect-url=http://localhost:8000');
  expect(args.join(' ')).not.toContain('--listen-address');
  // With `Always`, kubectl refuses to run without a terminal (in scripts, or with `apply -f -`), even if a token is
  // cached.
  expect(interactiveMode).toBe('IfAvailable');
});

test('a device code needs no redirect at all', () => {
  const { args } = execOf({ kubeconfig: { signIn: 'device-code' } });
  expect(args).toContain('--grant-type=device-code');
  expect(args.join(' ')).not.toMatch(/--listen-address|--oidc-redirect-url/);
});

test('the plain kubelogin takes the same arguments without the name of the plugin', () => {
  const plugin = execOf({});
  const plain = execOf({ kubeconfig: { plugin: 'kubelogin' } });
  expect([plain.command, ...plain.args]).toEqual(['kubelogin', ...plugin.args.slice(1)]);
});

const issuer = ['get-token', '--oidc-issuer-url=https://sso.kammel.dev/oauth2/openid/k8s', '--oidc-client-id=k8s'];

test.each<[string, object, object, readonly string[]]>([
  ['a browser', {}, {}, ['--listen-address=127.0.0.1:8000', '--listen-address=127.0.0.1:18000']],
  [
    'a browser, with a path',
    {},
    { redirectUrls: ['http://localhost:9000/callback'], landingUrl: 'https://www.example.com/' },
    ['--listen-address=127.0.0.1:9000', '--oidc-redirect-url=http://localhost:9000/callback'],
  ],
  [
    'a keyboard',
    { signIn: 'keyboard' },
    { redirectUrls: ['http://localhost:9000'], landingUrl: 'https://www.example.com/' },
    ['--grant-type=authcode-keyboard', '--oidc-redirect-url=http://localhost:9000'],
  ],
  [
    'a keyboard, with a path',
    { signIn: 'keyboard' },
    { redirectUrls: ['http://localhost:9000/callback'], landingUrl: 'https://www.example.com/' },
    ['--grant-type=authcode-keyboard', '--oidc-redirect-url=http://localhost:9000/callback'],
  ],
  [
    'a code',
    { signIn: 'device-code', tokenCache: 'none' },
    {},
    ['--grant-type=device-code', '--token-cache-storage=none'],
  ],
])('signing in with %s has these arguments', (_, kubeconfig, client, args) => {
  const localhostRedirects = !('redirectUrls' in client);
  const exec = execOf(
    { kubeconfig: { plugin: 'kubelogin', ...kubeconfig } },
    { clients: { k8s: { localhostRedirects, ...client } } },
  );
  expect(exec).toEqual({
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'kubelogin',
    args: [...issuer, '--oidc-pkce-method=S256', ...args],
    installHint: 'kubelogin is not installed: https://github.com/int128/kubelogin#setup',
    interactiveMode: 'IfAvailable',
    provideClusterInfo: false,
  });
});

test('certificates: of the API server inline or by path, of the origin inline', () => {
  const clusterEntry = (certificateAuthority: object) => {
    const { config, cluster } = clusterOf({ kubeconfig: { certificateAuthority } });
    return parse(kubeconfigArtifacts(config, cluster)[0]?.text ?? '').clusters[0].cluster;
  };
  const data = Buffer.from(pem).toString('base64');
  expect(clusterEntry({ file: 'ca.crt' })).toHaveProperty('certificate-authority-data', data);
  expect(clusterEntry({ file: '/etc/ca.crt', inline: false })).toHaveProperty('certificate-authority', '/etc/ca.crt');
  expect(execOf({ authentication: { ca: { file: 'ca.crt' } } }).args).toContain(`--certificate-authority-data=${data}`);
});

test('every argument is one of kubelogin’s own, with a value that it takes', () => {
  const clusters = [
    {},
    { kubeconfig: { signIn: 'keyboard', tokenCache: 'keyring' } },
    { kubeconfig: { signIn: 'device-code', tokenCache: 'none' } },
    { authentication: { claim: 'email', groups: {}, ca: { file: 'ca.crt' } } },
  ];
  for (const cluster of clusters) {
    const [verb, ...args]: string[] = execOf(cluster).args.slice(1);
    expect(verb).toBe('get-token');
    for (const arg of args) {
      const [, name = '', value = ''] = /^--([a-z-]+)=(.*)$/.exec(arg) ?? [];
      expect([name, isKubeloginOption(name)]).toEqual([name, true]);
      const choices = kubeloginChoices(name);
      if (choices) expect(choices).toContain(value);
    }
  }
});

test('one kubeconfig for all clusters, where there are several; a user that they share stands there once', () => {
  const second = { server: 'https://192.0.2.11:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'k3s' };
  expect(mergedKubeconfig(configOf())).toEqual([]);
  const text = (kubeconfig: object) => mergedKubeconfig(configOf({ clusters: { second: { ...second, kubeconfig } } }));
  expect(text({})).toMatchSnapshot();
  expect(parse(text({ user: 'oidc' })[0]?.text ?? '').users).toHaveLength(1);
});
