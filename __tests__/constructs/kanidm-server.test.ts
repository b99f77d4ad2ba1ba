import { Chart, Testing } from 'cdk8s';
import { entry } from '../../lib/config/config';
import { KanidmExposure, type KanidmExposureProps } from '../../lib/constructs/kanidm-exposure';
import { KanidmHelmApp, type KanidmHelmAppProps } from '../../lib/constructs/kanidm-helm-app';
import { KanidmMigrations, type KanidmMigrationsProps } from '../../lib/constructs/kanidm-migrations';
import { KanidmServer, type KanidmServerProps } from '../../lib/constructs/kanidm-server';
import { migrationMaps } from '../../lib/constructs/migration-maps';
import { documents } from '../../lib/output/yaml';
import { clusterFolders } from '../../lib/render';
import { configOf } from '../config';
import type { Whole } from './whole';

const migrations = migrationMaps([{ name: '10-person-jane.json', text: '{}\n' }]);

/**
 * All props of KanidmExposure and KanidmServer. If there is a new prop that no test uses, this file does not compile.
 */
const exposure: Whole<KanidmExposureProps> = {
  domain: 'example.com',
  origin: 'https://idm.example.com:8443',
  namespace: 'identity',
  tlsSecretName: 'idm-tls',
  certificate: { issuer: 'letsencrypt', issuerKind: 'Issuer' },
  ingress: { className: 'nginx', annotations: { note: 'x' } },
  gateway: { name: 'public', namespace: 'gateways', sectionName: 'tls', apiVersion: 'v1alpha2' },
};
const server: Whole<KanidmServerProps> = {
  ...exposure,
  version: '1.11',
  image: 'registry.example.com/kanidm',
  reloaderImage: 'registry.example.com/busybox:1',
  storage: { size: '5Gi', className: 'fast' },
  backup: {
    schedule: '00 03 * * *',
    versions: 3,
    size: '4Gi',
    restore: { file: 'backup.json.gz', secretName: 'copy' },
  },
  logLevel: 'debug',
  migrations,
};
const helm: Required<KanidmHelmAppProps> = {
  domain: 'example.com',
  namespace: 'identity',
  repository: 'https://datosh.github.io/kanidm/',
  chart: 'kanidm',
  version: '0.2.1',
  interval: '30m',
  secretRef: 'registry',
  certSecretRef: 'registry-ca',
  insecure: true,
  values: { replicas: 1, domain: 'example.com' },
  valuesFrom: [{ kind: 'Secret', name: 'more' }],
  serverVersion: '1.11.1',
  migrations,
};
const maps: Required<KanidmMigrationsProps> = { namespace: 'identity', migrations };

const chart = () => new Chart(Testing.app(), 'kanidm');

test.each<[string, (scope: Chart) => unknown]>([
  ['KanidmServer', (scope) => new KanidmServer(scope, 'all', server)],
  ['KanidmHelmApp', (scope) => new KanidmHelmApp(scope, 'all', helm)],
  ['KanidmExposure', (scope) => new KanidmExposure(scope, 'all', exposure)],
  ['KanidmMigrations', (scope) => new KanidmMigrations(scope, 'all', maps)],
])('every prop of %s lands where it is read', (_, make) => {
  const scope = chart();
  make(scope);
  expect(documents(scope.toJson())).toMatchSnapshot();
});

test('the fields are what was made', () => {
  const made = new KanidmServer(chart(), 'all', server);
  const { namespace, config, statefulSet, service, networkPolicy } = made;
  expect([namespace, config, statefulSet, service, networkPolicy].map(({ kind }) => kind)).toEqual([
    'Namespace',
    'ConfigMap',
    'StatefulSet',
    'Service',
    'NetworkPolicy',
  ]);
  const { certificate, ingress, route } = made.exposure;
  expect([certificate, ingress, route].map((object) => object?.kind)).toEqual(['Certificate', 'Ingress', 'TLSRoute']);
  expect(made.migrations?.configMaps.map(({ name }) => name)).toEqual(['kanidm-migrations']);
  const least = new KanidmServer(chart(), 'least', { domain: 'example.com' });
  expect([least.migrations, least.exposure.ingress]).toEqual([undefined, undefined]);
  expect(new KanidmHelmApp(chart(), 'all', helm).migrations?.configMaps).toHaveLength(1);
});

/** Renders the home lab with a changed section `kanidm`. */
function rendered(kanidm: Record<string, unknown>): readonly object[] {
  const config = configOf({ kanidm: { helm: null, ...kanidm } });
  return clusterFolders(config, entry(config.clusters, 'homelab'))[0]?.objects ?? [];
}

test('what is left out is what it is in a config where it is left out', () => {
  const domain = 'sso.kammel.dev';
  const ways = { certificate: { issuer: 'x' }, ingress: { className: 'x' }, gateway: { name: 'x' } };
  const manifests = chart();
  new KanidmServer(manifests, 'least', { domain, ...ways });
  expect(manifests.toJson()).toEqual(rendered({ manifests: ways }));

  const given = { repository: 'https://charts.example.com', chart: 'kanidm', version: '1.0.0' };
  const app = chart();
  new KanidmHelmApp(app, 'least', { domain, ...given });
  expect(app.toJson()).toEqual(rendered({ helm: { ...given, values: null } }));
});

test('labels of the chart are on everything', () => {
  for (const make of [
    (scope: Chart) => new KanidmServer(scope, 'server', server),
    (scope: Chart) => new KanidmHelmApp(scope, 'helm', helm),
  ]) {
    const scope = new Chart(Testing.app(), 'kanidm', { labels: { team: 'identity' } });
    make(scope);
    for (const { metadata } of scope.toJson()) expect(metadata.labels).toMatchObject({ team: 'identity' });
  }
});

test.each<Partial<KanidmHelmAppProps>>([{ serverVersion: undefined }, { chart: 'other' }, { version: '9.0.0' }])(
  'migrations that the pod would not be given are refused: %j',
  (props) => {
    expect(() => new KanidmHelmApp(chart(), 'all', { ...helm, ...props })).toThrow('migrations need `serverVersion`');
    expect(() => new KanidmHelmApp(chart(), 'all', { ...helm, ...props, migrations: undefined })).not.toThrow();
  },
);

test('a server that does not start, or does not read what it gets, is refused', () => {
  const serverWith = (props: Partial<KanidmServerProps>) => () => {
    const scope = chart();
    new KanidmServer(scope, 'server', { domain: 'example.com', ...props });
    return scope.toJson();
  };
  expect(serverWith({ domain: '192.0.2.1' })).toThrow('domain: expected a DNS name');
  for (const namespace of ['default', 'kube-system']) {
    expect(serverWith({ namespace })).toThrow('namespace: expected a namespace that does not belong to Kubernetes');
  }
  expect(serverWith({ namespace: 'default-idm' })).not.toThrow();
  expect(serverWith({ version: '1.5.0' })).toThrow('version: expected 1.6 or later, which the manifests need');
  expect(serverWith({ version: '2.0' })).toThrow('version: expected a version from 1.4 to');
  expect(serverWith({ version: '1.10', migrations })).toThrow('version: expected 1.11 or later, which migrations need');
  expect(serverWith({ version: '1.10' })).not.toThrow();
  const app = chart();
  new KanidmHelmApp(app, 'app', { ...helm, serverVersion: '1.9.0' });
  expect(() => app.toJson()).toThrow('serverVersion: expected 1.11 or later, which migrations need');
});

test.each<[Partial<KanidmHelmAppProps>, string | undefined]>([
  [{}, undefined],
  [{ namespace: 'kube-system' }, 'namespace: expected a namespace that does not belong to Kubernetes'],
  [{ namespace: 'flux-system' }, undefined],
  [{ namespace: 'default', chart: 'other', migrations: undefined }, undefined],
  [
    { version: '0.3.0', migrations: undefined },
    'version: expected a version in which Kaniflux can set `serverVersion`',
  ],
  [{ version: '0.3.0', chart: 'other', migrations: undefined }, undefined],
  [{ version: '0.3.0', serverVersion: undefined, migrations: undefined }, undefined],
  [{ values: { domain: 'other.example' } }, 'values.domain: expected `example.com` as in `domain`, or nothing'],
  [
    { valuesFrom: [{ kind: 'Secret', name: 'a', targetPath: 'domain' }] },
    'valuesFrom[0].targetPath: the prop `domain`',
  ],
])('KanidmHelmApp with %j: %s', (props, message) => {
  const scope = chart();
  new KanidmHelmApp(scope, 'all', { ...helm, ...props });
  const synth = expect(() => scope.toJson());
  if (message === undefined) synth.not.toThrow();
  else synth.toThrow(message);
});
