import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { entry } from '../../lib/config/config';
import { groupSubjects, personSubjects } from '../../lib/identity/subject';
import { appArtifacts } from '../../lib/node-files/app-files';
import { render } from '../../lib/render';
import { codesOf, configOf, homeLab, load } from '../config';

const text = readFileSync(join(__dirname, '..', 'fixtures', 'valid', 'headlamp.yaml'), 'utf8');
const config = configOf(text);
const homelab = entry(config.clusters, 'homelab');
const files = new Map(appArtifacts(config, homelab).map(({ path, text }) => [path, text]));
const values = parse(files.get('apps/homelab/headlamp-values.yaml') ?? '');

test('an application has a client that the cluster trusts, and that names people as its own client does', () => {
  expect(homelab.trust).toEqual(['headlamp']);
  expect(entry(config.clients, 'headlamp')).toMatchObject({
    type: 'basic',
    landingUrl: 'https://tools.example.com/headlamp',
    redirectUrls: ['https://tools.example.com/headlamp/oidc-callback'],
    scopes: { k8s_users: ['openid', 'email', 'profile', 'groups_name'] },
    preferShortUsername: true,
  });
  expect(personSubjects(config, homelab, 'datosh')).toEqual(['kanidm:datosh']);
  expect(groupSubjects(config, homelab, 'k8s_users')).toEqual(['kanidm:k8s_users']);
});

test('the values for the chart, with the CA of Kanidm and no secret', () => {
  expect(values).toMatchObject({
    clusterRoleBinding: { create: false },
    config: {
      baseURL: '/headlamp',
      oidc: {
        secret: { create: false },
        clientID: 'headlamp',
        issuerURL: 'https://idm.example.com/oauth2/openid/headlamp',
        scopes: 'profile,email,groups_name',
        callbackURL: 'https://tools.example.com/headlamp/oidc-callback',
        usePKCE: true,
      },
    },
    env: [
      {
        name: 'HEADLAMP_CONFIG_OIDC_CLIENT_SECRET',
        valueFrom: { secretKeyRef: { name: 'headlamp-oidc', key: 'client-secret' } },
      },
      { name: 'HEADLAMP_CONFIG_OIDC_CA_FILE', value: '/etc/kanidm/ca.crt' },
    ],
    volumeMounts: [{ name: 'kanidm-ca', mountPath: '/etc/kanidm' }],
  });
  // The chart expects further objects as texts.
  expect(parse(values.extraManifests[0])).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'kanidm-ca' } });
});

test('the files of an application', () => {
  expect([...files.keys()]).toEqual(['apps/homelab/headlamp-values.yaml', 'apps/homelab/README.md']);
  for (const file of files.values()) expect(file).toMatchSnapshot();
});

test('without a CA of Kanidm and a path the values are short, and without applications there is no file', () => {
  const plain = configOf(text.replace(/ +ca: .*\n/, '').replace('tools.example.com/headlamp/', 'headlamp.example.com'));
  const [artifact] = appArtifacts(plain, entry(plain.clusters, 'homelab'));
  expect(parse(artifact?.text ?? '')).toEqual({
    clusterRoleBinding: { create: false },
    config: {
      oidc: {
        secret: { create: false },
        clientID: 'headlamp',
        issuerURL: 'https://idm.example.com/oauth2/openid/headlamp',
        scopes: 'profile,email,groups_name',
        callbackURL: 'https://headlamp.example.com/oidc-callback',
        usePKCE: true,
      },
    },
    env: [values.env[0]],
  });
  expect([...render(configOf())].filter(({ path }) => path.startsWith('apps/'))).toEqual([]);
});

test('what is to do by hand names the client, the namespace and the address', () => {
  const readme = files.get('apps/homelab/README.md') ?? '';
  expect(readme).toContain('$(kanidm system oauth2 show-basic-secret headlamp)');
  expect(readme).toContain('--namespace=headlamp --from-file=client-secret=/dev/stdin');
  expect(readme).toContain('Open https://tools.example.com/headlamp and sign in');
});

describe('the commands that copy the client secret', () => {
  const [, block = ''] =
    /```sh\n( *kubectl create namespace[\s\S]*?)```/.exec(files.get('apps/homelab/README.md') ?? '') ?? [];
  /** Runs the commands with functions in place of kanidm and kubectl. */
  const run = (secret: string) => {
    const kanidm = `kanidm() { case $1 in login) echo "$KANIDM_NAME at $KANIDM_URL" ;; *) ${secret} ;; esac; }`;
    const kubectl = 'kubectl() { echo "+ $2 $3"; if [ "$2" = secret ]; then echo "<$(cat)>"; fi; }';
    const { stdout, stderr } = spawnSync('sh', ['-c', [kanidm, kubectl, block].join('\n')], { encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.trim().split('\n');
  };
  const before = ['+ namespace headlamp', 'idm_admin at https://idm.example.com'];

  test('create a Secret with what Kanidm prints, without the line break', () => {
    expect(run('echo "a b%s"')).toEqual([...before, '+ secret generic', '<a b%s>']);
  });

  test('create no Secret if Kanidm does not answer', () => {
    expect(run('return 1')).toEqual(before);
  });
});

test('a private CA is named, because the kanidm client needs it', () => {
  const of = (ca: boolean) => {
    const config = configOf(ca ? text : text.replace(/ +ca: .*\n/, ''));
    return appArtifacts(config, entry(config.clusters, 'homelab'))[1]?.text;
  };
  expect(of(true)).toContain('KANIDM_CA_PATH');
  expect(of(false)).not.toContain('KANIDM_CA_PATH');
});

const headlamp = { url: 'https://headlamp.example.com', groups: ['k8s_users'] };
const withApp = (app: object, cluster: object = {}) =>
  homeLab({
    clusters: {
      homelab: { kubernetes: '1.34', authentication: { method: 'structured' }, apps: { headlamp: app }, ...cluster },
    },
  });

test.each<[string, object, object, string[]]>([
  ['flags', headlamp, { authentication: { method: 'flags' } }, ['trust-flags']],
  ['a group that there is not', { ...headlamp, groups: ['k8s_admin'] }, {}, ['unknown-reference']],
  ['http', { ...headlamp, url: 'http://headlamp.example.com' }, {}, ['redirect-http']],
  ['no address', { groups: ['k8s_users'] }, {}, ['missing-key']],
  ['the key of another client', { ...headlamp, client: 'k8s' }, {}, ['app-client']],
  [
    'a mapping of its own',
    headlamp,
    { authentication: { method: 'structured', clients: { headlamp: { prefix: 'h:' } } } },
    [],
  ],
  ['its client under trust too', headlamp, { trust: ['headlamp'] }, []],
])('an application with %s', (_, app, cluster, codes) => {
  expect([...new Set(codesOf(withApp(app, cluster)))]).toEqual(codes);
});

describe('without a scope for groups in the client of the cluster', () => {
  const scopes = 'scopes: { k8s_users: [openid, email] }';
  const without = (more: string) => text.replace(/scopes: .*/, scopes + more);

  test('the application has none either, so that Kanidm does not ignore a claim map', () => {
    const config = configOf(without('\n    claims: { groups: { values: { k8s_users: [viewers] } } }'));
    const cluster = entry(config.clusters, 'homelab');
    expect(entry(config.clients, 'headlamp').scopes).toEqual({ k8s_users: ['openid', 'email', 'profile'] });
    expect(parse(appArtifacts(config, cluster)[0]?.text ?? '').config.oidc.scopes).toBe('profile,email');
    expect(groupSubjects(config, cluster, 'k8s_users')).toEqual(['kanidm:viewers']);
  });

  test('and without a claim map, a grant to a group is an error, as without the application', () => {
    expect(codesOf(without(''))).toContain('group-scope-missing');
    expect(codesOf(without('').replace(/ +apps:\n.*\n/, ''))).toContain('group-scope-missing');
  });
});

test('a finding about the client of an application is where the application is', () => {
  const [finding] = load(withApp({ ...headlamp, url: 'http://headlamp.example.com' })).findings.filter(
    ({ code }) => code === 'redirect-http',
  );
  expect(finding?.excerpt).toContain('"headlamp": {');
});
