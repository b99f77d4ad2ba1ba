import type { Config } from '../../lib/config/config';
import { ConfigSchema } from '../../lib/config/schema/config-schema';
import { asText } from '../../lib/diff/diff-format';
import { fieldStatements } from '../../lib/diff/field-statements';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered, type Side } from '../../lib/diff/side';
import type { Level } from '../../lib/diff/statement';
import { isMap } from '../../lib/guards';
import { configOf } from '../config';
import { mappingFieldRows } from './mapping-field-rows';
import { schemaFields } from './schema-fields';

/*
 * For each field of the schema, a config in which only that field changes, and what a reviewer must read about it. A
 * new field fails the first test until it has a row here, and the second until diff describes it.
 */

const certificate = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
const files = { 'a.crt': certificate('aaaa'), 'b.crt': certificate('bbbb'), 'a.svg': '<svg/>', 'b.svg': '<svg />' };
const uuid = (end: string) => `00000000-0000-4000-8000-0000000000${end}`;

const cluster = {
  server: 'https://192.0.2.10:6443',
  kubernetes: '1.34',
  client: 'k8s',
  controlPlane: 'kubeadm',
  breakGlass: 'the safe',
  authentication: { method: 'structured', claim: 'sub', groups: { claim: 'groups', prefix: 'kanidm:' } },
};

/** Kanidm deployed by manifests and provisioned by migrations; and two clusters. */
const manifests = {
  kanidm: {
    domain: 'idm.example.com',
    version: '1.11.1',
    cluster: 'lab',
    provision: 'migrations',
    manifests: { certificate: { issuer: 'le' }, gateway: { name: 'gw' } },
  },
  people: { jane: { displayName: 'Jane' }, ann: { displayName: 'Ann' } },
  serviceAccounts: { ci: { displayName: 'CI' } },
  groups: { users: { members: ['jane', 'ann'] }, ops: { members: ['ann'] } },
  clients: {
    k8s: {
      landingUrl: 'http://localhost:8000',
      redirectUrls: ['http://localhost:8000'],
      scopes: { users: ['openid', 'email', 'groups'] },
    },
    other: { landingUrl: 'https://other.example.com', scopes: { users: ['openid', 'email', 'groups'] } },
  },
  roles: { see: { rules: [{ resources: ['pods'], verbs: ['get'] }] } },
  clusters: {
    lab: { ...cluster, grants: [{ name: 'look', clusterRole: 'view', people: ['jane'] }] },
    edge: { ...cluster, server: 'https://192.0.2.11:6443' },
  },
  grants: [{ name: 'all', clusterRole: 'see', groups: ['users'], clusters: ['lab'] }],
};

const { cluster: _cluster, manifests: _manifests, ...elsewhere } = manifests.kanidm;
const bases = {
  manifests,
  /** The same without a deployment of Kanidm, which most rows do not need, and which takes long to render. */
  elsewhere: { ...manifests, kanidm: elsewhere },
  /** Kanidm deployed by a chart, and flags of the API server. */
  chart: {
    kanidm: {
      domain: 'idm.example.com',
      cluster: 'lab',
      helm: { repository: 'https://charts.example.com', chart: 'kanidm', version: '1.0.0', values: { a: 1 } },
    },
    people: { jane: { displayName: 'Jane', id: uuid('01') } },
    groups: { users: { members: ['jane'] } },
    clients: { k8s: { landingUrl: 'http://localhost:8000', scopes: { users: ['openid', 'groups'] } } },
    clusters: { lab: { ...cluster, authentication: { method: 'flags' } } },
  },
};

interface Row {
  /** The path of the field in the schema. */
  readonly field: string;
  /** The path in the config. It is set only if it is not `field` with the usual keys in place of the stars. */
  readonly at: string;
  readonly before?: unknown;
  readonly after: unknown;
  /** The expected line about the change. The `~ ` at its beginning is left out if the line has no mark of a level. */
  readonly says: string;
  readonly base?: keyof typeof bases;
  /** What both sides have in addition. */
  readonly beside?: Record<string, unknown>;
}

const row = (
  field: string,
  at: string,
  [before, after]: [unknown, unknown],
  says: string,
  more: Partial<Row> = {},
): Row => ({
  field,
  at,
  before,
  after,
  says,
  ...more,
});
const chart = { base: 'chart' } as const;
const none = { ...chart, beside: { 'kanidm.helm.values': undefined } };
const probes = ['/livez', '/readyz', '/healthz'];
const sshKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPwIgShT8rP1y2eFvDrI1m8bDk3pGyUhQ2GExgpCGbLK';

const validity = (map: string, at: string, what: string): Row[] => {
  const times: [string, string] = ['2026-09-01T00:00:00Z', '2027-01-01T00:00:00Z'];
  return [
    row(
      `${map}.*.validFrom`,
      `${at}.validFrom`,
      times,
      `🟡 ~ when ${what} becomes valid changed from ${times[0]} to ${times[1]}`,
    ),
    row(
      `${map}.*.expires`,
      `${at}.expires`,
      times,
      `🟠 ~ when ${what} expires changed from ${times[0]} to ${times[1]}`,
    ),
  ];
};

const history = (map: string, at: string, what: string, kind = what.slice(0, what.lastIndexOf(' '))): Row[] => [
  row(
    `${map}.*.id`,
    `${at}.id`,
    [uuid('01'), uuid('02')],
    `🟠 ~ the UUID of ${what} changed from ${uuid('01')} to ${uuid('02')}: the config now means another ${kind} in Kanidm`,
  ),
  row(
    `${map}.*.formerly`,
    `${at}.formerly`,
    [undefined, 'former'],
    `🟡 ~ the former name of ${what} changed from not set to former`,
  ),
  row(
    `${map}.*.incarnation`,
    `${at}.incarnation`,
    [undefined, 2],
    `🟠 ~ the incarnation of ${what} changed from not set to 2: Kanidm removes the old entry and creates a new one with another UUID`,
  ),
  row(
    `${map}.*.description`,
    `${at}.description`,
    ['one', 'two'],
    `the description of ${what} changed from one to two`,
  ),
];

const fluxRows = (prefix: string, at: string): Row[] => {
  const on = at === 'flux' ? 'lab and edge' : 'edge';
  const one = (field: string, values: [unknown, unknown], says: string) =>
    row(`${prefix}.${field}`, `${at}.${field}`, values, says);
  return [
    one(
      'source.kind',
      ['GitRepository', 'OCIRepository'],
      `🔴 ~ ${on}: the kind of the Flux source that is applied to the cluster changed from GitRepository to OCIRepository`,
    ),
    one(
      'source.name',
      ['one', 'two'],
      `🔴 ~ ${on}: the Flux source that is applied to the cluster changed from one to two`,
    ),
    one(
      'source.namespace',
      ['one', 'two'],
      `🔴 ~ ${on}: the namespace of the Flux source that is applied to the cluster changed from one to two`,
    ),
    one('namespace', ['one', 'two'], `🟡 ~ ${on}: the namespace of the Flux Kustomizations changed from one to two`),
    one(
      'path',
      ['./one', './two'],
      `🔴 ~ ${on}: the folder of the Flux source that Flux applies to the cluster changed from ./one to ./two: Flux applies what is in this folder, as cluster-admin by default`,
    ),
    one('interval', ['1m', '2m'], `${on}: how often Flux reconciles changed from 1m to 2m`),
    one('retryInterval', ['1m', '2m'], `${on}: how soon Flux tries again after a failure changed from 1m to 2m`),
    one('timeout', ['1m', '2m'], `${on}: how long Flux waits for Kanidm changed from 1m to 2m`),
    one(
      'serviceAccountName',
      [undefined, 'flux'],
      `🟠 ~ ${on}: the service account with which Flux applies objects changed from not set to flux: Flux applies objects with the rights of this service account`,
    ),
    ...[
      ['type', 'slack', 'discord', 'where Flux sends its messages'],
      ['secretName', 'one', 'two', 'the Secret that says where Flux sends its messages'],
      ['channel', 'one', 'two', 'the channel of the messages of Flux'],
      ['severity', 'error', 'info', 'the events about which Flux sends messages'],
    ].map(([field = '', before, after, what]) =>
      row(
        `${prefix}.alerts.${field}`,
        `${at}.alerts.${field}`,
        [before, after],
        `🟡 ~ ${on}: ${what} changed from ${before} to ${after}`,
        { beside: { [`${at}.alerts.type`]: 'slack', [`${at}.alerts.secretName`]: 'chat' } },
      ),
    ),
    one(
      'lockdown.noCrossNamespaceRefs',
      [true, false],
      `🟠 ~ ${on}: whether Flux objects can refer only to Flux objects in their own namespace (--no-cross-namespace-refs) changed from true to false: the field only describes the cluster, and changes nothing on it`,
    ),
    one(
      'lockdown.defaultServiceAccount',
      ['one', 'two'],
      `🟡 ~ ${on}: the service account with which Flux applies a Kustomization or HelmRelease that names none (--default-service-account) changed from one to two: the field only describes the cluster, and changes nothing on it`,
    ),
    ...[
      ['people', 'people', 'jane', 'ann'],
      ['groups', 'groups', 'users', 'ops'],
    ].map(([field = '', what, before, after]) =>
      one(
        `writers.${field}`,
        [[before], [before, after]],
        `🔴 ~ ${on}: the ${what} that may push to the Flux source changed (added ${after}): whoever pushes to the source decides what Flux applies`,
      ),
    ),
    one(
      'writers.serviceAccounts',
      [[], ['ci']],
      `🔴 ~ ${on}: the service accounts that may push to the Flux source changed (added ci): whoever pushes to the source decides what Flux applies`,
    ),
  ];
};

const headlamp = (field: string, [before, after]: [unknown, unknown], says: string): Row =>
  row(`clusters.*.apps.headlamp.${field}`, `clusters.lab.apps.headlamp.${field}`, [before, after], says, {
    beside: {
      'clusters.lab.apps.headlamp.url': 'https://a.example.com',
      'clusters.lab.apps.headlamp.groups': ['ops'],
    },
  });

const headlampRows: Row[] = [
  headlamp(
    'url',
    ['https://a.example.com', 'https://b.example.com'],
    '🔴 ~ lab: the address of headlamp changed from https://a.example.com to https://b.example.com: Kanidm redirects people to this address, and whoever runs that server gets their tokens',
  ),
  headlamp(
    'groups',
    [['ops'], ['ops', 'users']],
    'lab: the groups whose members may sign in to headlamp changed (added users)',
  ),
  headlamp('client', ['one', 'two'], '🟡 ~ lab: the client of headlamp in Kanidm changed from one to two'),
  headlamp(
    'id',
    ['7b89b6ea-1e8b-4aa8-98fb-a70cba498d16', 'c39bd23b-9919-4ae2-b299-fc6223227c5b'],
    '🟠 ~ lab: the UUID of the client of headlamp changed from 7b89b6ea-1e8b-4aa8-98fb-a70cba498d16 to c39bd23b-9919-4ae2-b299-fc6223227c5b: Kanidm identifies the client by its UUID, so the config now means another client',
  ),
  headlamp('namespace', ['one', 'two'], '🟡 ~ lab: the namespace of headlamp changed from one to two'),
];

/** The rows for expectations. An expectation is identified only by its text, so a changed one counts as new. */
const expectations = (): Row[] => {
  const one = (field: string, before: object, after: object, text: string) =>
    row(`expect.*.${field}`, 'expect', [[before], [after]], text);
  const never = { never: 'delete secrets' };
  return [
    one('never', never, { never: 'get secrets' }, '+ the expectation that nobody may get secrets is new'),
    one(
      'always',
      { always: 'get pods' },
      { always: 'get nodes' },
      '🟠 - the expectation that somebody may get pods is gone from the config: `kaniflux check` no longer tests this expectation',
    ),
    one(
      'who',
      { always: 'get pods', who: ['ops'] },
      { always: 'get pods', who: ['jane'] },
      '+ the expectation that jane may get pods is new',
    ),
    one(
      'atMost',
      { atMost: 1, may: 'everything' },
      { atMost: 2, may: 'everything' },
      '+ the expectation that at most 2 may do everything is new',
    ),
    one(
      'may',
      { atMost: 1, may: 'everything' },
      { atMost: 1, may: 'get pods' },
      '+ the expectation that at most 1 may get pods is new',
    ),
    one(
      'exclusive',
      { exclusive: ['see', 'edit'] },
      { exclusive: ['see', 'admin'] },
      '+ the expectation that nobody holds two of the roles see, admin is new',
    ),
    one(
      'in',
      never,
      { ...never, in: ['a', 'b'] },
      '+ the expectation that nobody may delete secrets in namespaces a, b is new',
    ),
    one(
      'except',
      never,
      { ...never, except: ['ops'] },
      '+ the expectation that nobody may delete secrets, except ops is new',
    ),
    ...(['users', 'groups'] as const).map((kind) =>
      one(
        `exceptSubjects.${kind}`,
        never,
        { ...never, exceptSubjects: { [kind]: ['ci:web'] } },
        '+ the expectation that nobody may delete secrets, except ci:web is new',
      ),
    ),
    one(
      'become',
      never,
      { ...never, become: true },
      '+ the expectation that nobody can become able to delete secrets is new',
    ),
    one(
      'clusters',
      never,
      { ...never, clusters: ['lab'] },
      '🟠 ~ the clusters of the expectation that nobody may delete secrets changed from * to lab: `kaniflux check` no longer tests this expectation on the other clusters',
    ),
    one(
      'reason',
      { ...never, reason: 'one' },
      { ...never, reason: 'two' },
      'the reason for the expectation that nobody may delete secrets changed from one to two',
    ),
  ];
};

const rows: Row[] = [
  row(
    'kanidm.domain',
    'kanidm.domain',
    ['idm.example.com', 'example.com'],
    '🔴 ~ the domain of Kanidm changed from idm.example.com to example.com: passkeys, tokens and the UUIDs that Kaniflux derives depend on the domain, so this is another identity provider for everybody',
    {
      beside: { 'kanidm.origin': 'https://idm.example.com' },
    },
  ),
  row(
    'kanidm.origin',
    'kanidm.origin',
    [undefined, 'https://a.idm.example.com'],
    '🔴 ~ the origin of Kanidm changed from https://idm.example.com to https://a.idm.example.com: people enter their passwords at this address, and the API servers of lab, edge trust the tokens that the server there signs',
  ),
  row(
    'kanidm.cluster',
    'kanidm.cluster',
    ['lab', 'edge'],
    '🟠 ~ the cluster that runs Kanidm changed from lab to edge: the database of Kanidm is not moved',
  ),
  row(
    'kanidm.namespace',
    'kanidm.namespace',
    ['one', 'two'],
    '🟠 ~ the namespace of Kanidm changed from one to two: the database of Kanidm is not moved',
  ),
  row(
    'kanidm.version',
    'kanidm.version',
    ['1.11.0', '1.11.1'],
    '🟠 ~ the version of Kanidm changed from 1.11.0 to 1.11.1: this software stores every credential and signs every token',
  ),
  row(
    'kanidm.provision',
    'kanidm.provision',
    ['runbook', 'migrations'],
    '🟠 ~ how people, groups and clients are created in Kanidm changed from runbook to migrations: with a runbook, a person runs commands; with migrations, Kanidm reads files when it starts',
    {
      beside: { 'people.jane.id': uuid('01') },
    },
  ),
  row(
    'kanidm.helm.repository',
    'kanidm.helm.repository',
    ['https://a.example.com', 'https://b.example.com'],
    '🔴 ~ the repository of the chart of Kanidm changed from https://a.example.com to https://b.example.com: this software stores every credential and signs every token',
    chart,
  ),
  row(
    'kanidm.helm.chart',
    'kanidm.helm.chart',
    ['one', 'two'],
    '🔴 ~ the chart that deploys Kanidm changed from one to two: this software stores every credential and signs every token',
    chart,
  ),
  row(
    'kanidm.helm.version',
    'kanidm.helm.version',
    ['1.0.0', '1.0.1'],
    '🟠 ~ the version of the chart that deploys Kanidm changed from 1.0.0 to 1.0.1: this software stores every credential and signs every token',
    chart,
  ),
  row(
    'kanidm.helm.interval',
    'kanidm.helm.interval',
    ['1h', '2h'],
    'how often Flux checks the chart of Kanidm changed from 1h to 2h',
    chart,
  ),
  row(
    'kanidm.helm.secretRef',
    'kanidm.helm.secretRef',
    [undefined, 'token'],
    '🟡 ~ the Secret with the credentials for the chart repository of Kanidm changed from not set to token',
    chart,
  ),
  row(
    'kanidm.helm.certSecretRef',
    'kanidm.helm.certSecretRef',
    [undefined, 'ca'],
    '🟠 ~ the Secret with the CA that Flux trusts for the chart repository of Kanidm changed from not set to ca: whoever holds the key of this CA can replace the chart',
    chart,
  ),
  row(
    'kanidm.helm.insecure',
    'kanidm.helm.insecure',
    [undefined, true],
    '🔴 ~ whether Flux fetches the chart of Kanidm without TLS changed from not set to true: anybody on the network path can replace the chart',
    { ...chart, beside: { 'kanidm.helm.repository': 'oci://registry.example.com/charts' } },
  ),
  row(
    'kanidm.helm.values',
    'kanidm.helm.values',
    [{ a: { b: 1 } }, { a: { b: 2 } }],
    '🟠 ~ the value a.b of the chart of Kanidm changed from 1 to 2',
    chart,
  ),
  row(
    'kanidm.helm.valuesFrom',
    'kanidm.helm.valuesFrom',
    [undefined, [{ kind: 'Secret', name: 'more' }]],
    '🟠 ~ the ConfigMaps and Secrets from which Flux reads values for the chart of Kanidm changed from not set to {"kind":"Secret","name":"more"}: whoever can write to that ConfigMap or Secret controls the values',
    chart,
  ),
  row(
    'kanidm.manifests.image',
    'kanidm.manifests.image',
    ['a.example.com/kanidm', 'b.example.com/kanidm'],
    '🔴 ~ the container image of Kanidm changed from a.example.com/kanidm to b.example.com/kanidm: this software stores every credential and signs every token',
  ),
  row(
    'kanidm.manifests.storage.size',
    'kanidm.manifests.storage.size',
    ['2Gi', '3Gi'],
    '🟡 ~ the size of the volume of the database of Kanidm changed from 2Gi to 3Gi',
  ),
  row(
    'kanidm.manifests.storage.className',
    'kanidm.manifests.storage.className',
    ['one', 'two'],
    '🟡 ~ the StorageClass of the database of Kanidm changed from one to two',
  ),
  row(
    'kanidm.manifests.tlsSecretName',
    'kanidm.manifests.tlsSecretName',
    ['one', 'two'],
    '🟠 ~ the Secret with the certificate that Kanidm serves changed from one to two',
  ),
  row(
    'kanidm.manifests.certificate.issuer',
    'kanidm.manifests.certificate.issuer',
    ['one', 'two'],
    '🟠 ~ the cert-manager issuer of Kanidm changed from one to two',
  ),
  row(
    'kanidm.manifests.certificate.issuerKind',
    'kanidm.manifests.certificate.issuerKind',
    ['ClusterIssuer', 'Issuer'],
    '🟠 ~ the kind of the cert-manager issuer of Kanidm changed from ClusterIssuer to Issuer',
  ),
  row(
    'kanidm.manifests.ingress.className',
    'kanidm.manifests.ingress.className',
    ['one', 'two'],
    '🟠 ~ the class of the Ingress that leads to Kanidm changed from one to two: the controller of this class sees the passwords of all people',
    {
      beside: { 'kanidm.manifests.gateway': undefined },
    },
  ),
  row(
    'kanidm.manifests.ingress.annotations.*',
    'kanidm.manifests.ingress.annotations',
    [{ a: 'one' }, { a: 'two' }],
    '🟠 ~ the annotation a of the Ingress of Kanidm changed from one to two: an annotation can make the controller of the Ingress send requests to another server, with the passwords in them',
    {
      beside: { 'kanidm.manifests.gateway': undefined, 'kanidm.manifests.ingress.className': 'haproxy' },
    },
  ),
  row(
    'kanidm.manifests.gateway.name',
    'kanidm.manifests.gateway.name',
    ['one', 'two'],
    '🟠 ~ the Gateway that leads to Kanidm changed from one to two',
  ),
  row(
    'kanidm.manifests.gateway.namespace',
    'kanidm.manifests.gateway.namespace',
    ['one', 'two'],
    '🟠 ~ the namespace of the Gateway that leads to Kanidm changed from one to two',
  ),
  row(
    'kanidm.manifests.gateway.sectionName',
    'kanidm.manifests.gateway.sectionName',
    ['one', 'two'],
    '🟡 ~ the listener of the Gateway that leads to Kanidm changed from one to two',
  ),
  row(
    'kanidm.manifests.gateway.apiVersion',
    'kanidm.manifests.gateway.apiVersion',
    ['v1', 'v1alpha2'],
    '🟡 ~ the API version of the TLSRoute of Kanidm changed from v1 to v1alpha2',
  ),
  row(
    'kanidm.manifests.reloaderImage',
    'kanidm.manifests.reloaderImage',
    ['one:1', 'two:1'],
    '🔴 ~ the image of the container that makes Kanidm use a renewed certificate changed from one:1 to two:1: this container can read the private key of the certificate, and the memory of Kanidm',
  ),
  row(
    'kanidm.manifests.logLevel',
    'kanidm.manifests.logLevel',
    ['info', 'trace'],
    '🟡 ~ how much Kanidm logs changed from info to trace',
  ),
  row(
    'kanidm.backup.schedule',
    'kanidm.backup.schedule',
    ['00 21 * * *', '00 22 * * *'],
    '🟡 ~ when Kanidm makes backups changed from "00 21 * * *" to "00 22 * * *"',
  ),
  row(
    'kanidm.backup.versions',
    'kanidm.backup.versions',
    [7, 8],
    '🟡 ~ how many backups Kanidm keeps changed from 7 to 8',
  ),
  row(
    'kanidm.backup.size',
    'kanidm.backup.size',
    ['2Gi', '3Gi'],
    '🟡 ~ the size of the volume of the backups of Kanidm changed from 2Gi to 3Gi',
  ),
  row(
    'kanidm.backup.restore.file',
    'kanidm.backup.restore.file',
    ['one.gz', 'two.gz'],
    '🔴 ~ the backup that replaces the database of Kanidm changed from one.gz to two.gz: everything that changed since the backup is lost',
  ),
  row(
    'kanidm.backup.restore.secretName',
    'kanidm.backup.restore.secretName',
    ['one', 'two'],
    '🔴 ~ the Secret with the backup that replaces the database of Kanidm changed from one to two: whoever can write to this Secret controls who can sign in',
    { beside: { 'kanidm.backup.restore.file': 'one.gz' } },
  ),

  row(
    'people.*.displayName',
    'people.jane.displayName',
    ['One', 'Two'],
    'the display name of jane changed from One to Two',
  ),
  row('people.*.legalName', 'people.jane.legalName', ['One', null], 'the legal name of jane changed from One to null'),
  row(
    'people.*.mail',
    'people.jane.mail',
    ['a@example.com', 'b@example.com'],
    '🟡 ~ the mail of jane changed (added b@example.com; removed a@example.com)',
  ),
  row(
    'people.*.sshKeys.*',
    'people.jane.sshKeys',
    [{}, { x: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPwIgShT8rP1y2eFvDrI1m8bDk3pGyUhQ2GExgpCGbLK' }],
    '🟠 ~ the SSH key x of jane changed from not set to "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPwIgShT8rP1y2eFvDrI1m8bDk3pGyUhQ2GExgpCGbLK": whoever has the private key logs in as this person',
  ),
  row(
    'people.*.posix.gid',
    'people.jane.posix.gid',
    [2000, 2001],
    '🟠 ~ the gid number of jane changed from 2000 to 2001: files on a host belong to this number, not to the name',
  ),
  row(
    'people.*.posix.shell',
    'people.jane.posix.shell',
    ['/bin/sh', '/bin/bash'],
    'the login shell of jane changed from /bin/sh to /bin/bash',
  ),
  row(
    'people.*.absent',
    'people.gone',
    [{ displayName: 'G' }, { displayName: 'G', absent: true }],
    '🟡 ~ person gone is deleted from Kanidm (absent)',
  ),
  ...validity('people', 'people.jane', 'person jane'),
  ...history('people', 'people.jane', 'person jane'),
  row(
    'serviceAccounts.*.displayName',
    'serviceAccounts.ci.displayName',
    ['One', 'Two'],
    'the display name of service account ci changed from One to Two',
  ),
  row(
    'serviceAccounts.*.managedBy',
    'serviceAccounts.ci.managedBy',
    [undefined, 'ops'],
    '🟠 ~ the manager of service account ci changed from not set to ops: the manager can issue tokens of the service account',
  ),
  row(
    'serviceAccounts.*.absent',
    'serviceAccounts.ci.absent',
    [undefined, true],
    '🟡 ~ service account ci is deleted from Kanidm (absent)',
  ),
  ...validity('serviceAccounts', 'serviceAccounts.ci', 'service account ci'),
  ...history('serviceAccounts', 'serviceAccounts.ci', 'service account ci'),
  row(
    'groups.*.members',
    'groups.ops.members',
    [['ann'], ['jane', 'idm_all_persons']],
    '🟡 ~ the members of group ops changed (added jane, idm_all_persons; removed ann): everybody in Kanidm is a member from now on; no grant on any cluster names this group or a group that contains it',
  ),
  row(
    'groups.*.managedBy',
    'groups.ops.managedBy',
    [undefined, 'jane'],
    '🟠 ~ the manager of group ops changed from not set to jane: the manager can add members, including themselves; no grant on any cluster names this group or a group that contains it',
  ),
  row(
    'groups.*.posix.gid',
    'groups.ops.posix.gid',
    [2000, 2001],
    '🟠 ~ the gid number of group ops changed from 2000 to 2001: files on a host belong to this number, not to the name',
  ),
  row(
    'groups.*.policy.credentialMinimum',
    'groups.ops.policy.credentialMinimum',
    ['passkey', 'any'],
    '🟠 ~ the weakest credential that members of ops may sign in with changed from passkey to any: a password alone is enough, unless the policy of another of their groups is stricter',
  ),
  row(
    'groups.*.policy.sessionExpiry',
    'groups.ops.policy.sessionExpiry',
    [60, 120],
    '🟠 ~ the seconds after which a session of members of ops ends changed from 60 to 120',
  ),
  row(
    'groups.*.policy.privilegeExpiry',
    'groups.ops.policy.privilegeExpiry',
    [60, 120],
    '🟠 ~ the seconds for which a session of members of ops stays privileged changed from 60 to 120',
  ),
  row(
    'groups.*.policy.passwordMinimumLength',
    'groups.ops.policy.passwordMinimumLength',
    [20, 10],
    '🟠 ~ the minimum password length of members of ops changed from 20 to 10',
  ),
  row('groups.*.absent', 'groups.ops.absent', [undefined, true], '🟡 ~ group ops is deleted from Kanidm (absent)'),
  ...history('groups', 'groups.ops', 'group ops'),
  row(
    'clients.*.displayName',
    'clients.other.displayName',
    ['One', 'Two'],
    'the display name of client other changed from One to Two',
  ),
  row(
    'clients.*.type',
    'clients.other.type',
    ['basic', 'public'],
    '🟠 ~ the type of client other changed from basic to public: a public client has no secret',
  ),
  row(
    'clients.*.landingUrl',
    'clients.other.landingUrl',
    ['https://a.example.com', 'https://b.example.com'],
    '🟠 ~ the landing URL of client other changed from https://a.example.com to https://b.example.com: the landing URL is also a redirect URL: after sign-in, Kanidm redirects to https://b.example.com if the request asks for it, and whoever runs that site can get tokens of the people who sign in; from now on, Kanidm redirects to https://a.example.com only if this is one of the redirect URLs in Kanidm',
  ),
  row(
    'clients.*.redirectUrls',
    'clients.other.redirectUrls',
    [[], ['https://b.example.com/cb']],
    '🟠 ~ the redirect URLs of client other changed (added https://b.example.com/cb): after sign-in, Kanidm redirects to https://b.example.com/cb if the request asks for it, and whoever runs that site can get tokens of the people who sign in',
  ),
  row(
    'clients.*.localhostRedirects',
    'clients.k8s.localhostRedirects',
    [undefined, true],
    "🟠 ~ the setting that accepts any port and path of localhost as a redirect URL of client k8s changed from not set to true: any program on a person's machine can receive the authorization code",
  ),
  ...(['url', 'sha256'] as const).map((field) => {
    const image = { url: 'https://example.com/a.svg', sha256: 'a'.repeat(64) };
    const other = { url: 'https://example.com/b.svg', sha256: 'b'.repeat(64) };
    const what = field === 'url' ? 'the address of the logo image' : 'the hash of the logo image';
    return row(
      `clients.*.image.${field}`,
      'clients.k8s.image',
      [image, { ...image, [field]: other[field] }],
      `${what} of client k8s changed from ${image[field]} to ${other[field]}`,
    );
  }),
  row(
    'clients.*.image.*',
    'clients.k8s.image',
    ['a.svg', 'b.svg'],
    'the logo image of client k8s changed from a.svg to b.svg',
  ),
  row(
    'clients.*.disablePkce',
    'clients.other.disablePkce',
    [undefined, true],
    '🟠 ~ the setting that lets client other sign in without PKCE changed from not set to true: whoever sees the authorization code of a login can sign in with it',
    { beside: { 'clients.other.type': 'basic' } },
  ),
  row(
    'clients.*.scopes.*',
    'clients.other.scopes.idm_all_persons',
    [undefined, ['openid']],
    '🟠 ~ the scopes that members of idm_all_persons get at client other changed from not set to openid: everybody in Kanidm may use the client',
  ),
  row(
    'clients.*.supplementaryScopes.*',
    'clients.other.supplementaryScopes.ops',
    [undefined, ['admin']],
    '🟡 ~ the supplementary scopes of members of ops at client other changed from not set to admin',
  ),
  row(
    'clients.*.claims.*.join',
    'clients.other.claims.teams.join',
    ['csv', 'ssv'],
    '🟠 ~ how the values of claim teams of client other are joined changed from csv to ssv',
    {
      beside: { 'clients.other.claims.teams.values': { ops: ['a'] } },
    },
  ),
  row(
    'clients.*.claims.*.values.*',
    'clients.other.claims.teams.values.ops',
    [['a'], ['b']],
    '🟠 ~ the values of claim teams for members of ops in tokens of client other changed (added b; removed a)',
  ),
  row(
    'clients.*.preferShortUsername',
    'clients.other.preferShortUsername',
    [undefined, true],
    '🟠 ~ the setting that leaves the domain out of `preferred_username` of client other changed from not set to true',
  ),
  row(
    'clients.*.consentPrompt',
    'clients.other.consentPrompt',
    [true, false],
    '🟡 ~ the consent prompt of client other changed from true to false',
  ),
  row(
    'clients.*.legacyCrypto',
    'clients.other.legacyCrypto',
    [undefined, true],
    '🟠 ~ the setting that signs tokens of client other with RS256 instead of ES256 changed from not set to true',
  ),
  row(
    'clients.*.absent',
    'clients.other.absent',
    [undefined, true],
    '🟡 ~ client other is deleted from Kanidm (absent)',
  ),
  ...history('clients', 'clients.other', 'client other'),

  row(
    'roles.*.namespaces',
    'roles.inside.namespaces',
    [['one'], ['two']],
    'lab: the namespaces of the role inside changed (added two; removed one)',
    {
      beside: { 'roles.inside.rules': [{ resources: ['pods'], verbs: ['get'] }], 'roles.inside.clusters': ['lab'] },
    },
  ),
  row('roles.*.clusters', 'roles.wide.clusters', [['lab'], ['lab', 'edge']], '+ edge: the role wide is new', {
    beside: { 'roles.wide.rules': [{ resources: ['pods'], verbs: ['get'] }] },
  }),
  row(
    'roles.*.rules',
    'roles.see.rules',
    [[{ resources: ['pods'], verbs: ['get'] }], [{ resources: ['secrets'], verbs: ['get'] }]],
    '🟠 + ann and jane may read Secrets on lab (see, by users): the role see allows more',
  ),
  row(
    'roles.*.aggregateTo',
    'roles.see.aggregateTo',
    [undefined, ['view']],
    'lab and edge: the built-in roles to which the rules of the role see are added changed from not set to view',
  ),

  row(
    'clusters.*.server',
    'clusters.lab.server',
    ['https://192.0.2.1:6443', 'https://192.0.2.2:6443'],
    '🔴 ~ lab: the address of the API server changed from https://192.0.2.1:6443 to https://192.0.2.2:6443: kubectl sends tokens of people to this address, and whoever runs the server there can use these tokens',
  ),
  row(
    'clusters.*.kubernetes',
    'clusters.lab.kubernetes',
    ['1.34', '1.35'],
    '🟡 ~ lab: the version of Kubernetes changed from 1.34 to 1.35: Kaniflux does not upgrade the cluster, and assumes this version from now on',
  ),
  row(
    'clusters.*.client',
    'clusters.lab.client',
    ['k8s', 'other'],
    '🔴 ~ lab: the client whose tokens the API server accepts changed from k8s to other: jane and ann may use client other and can sign in to the cluster with it; whoever runs the application of this client gets the tokens of its users, and can act as these users; the API server no longer accepts tokens of client k8s',
    {
      beside: { 'clients.other.redirectUrls': ['http://localhost:8000'] },
    },
  ),
  row(
    'clusters.*.trust',
    'clusters.lab.trust',
    [[], ['other']],
    '🔴 ~ lab: the API server now accepts tokens of client other too: jane and ann may use this client and can sign in to the cluster with it; whoever runs the application of this client gets the tokens of its users, and can act as these users',
  ),
  ...headlampRows,
  ...mappingFieldRows,
  row(
    'clusters.*.controlPlane',
    'clusters.edge.controlPlane',
    ['kubeadm', 'k3s'],
    '🟡 ~ edge: the kind of control plane changed from kubeadm to k3s: Kaniflux renders the settings for the new kind, and does not convert the control plane',
  ),
  row(
    'clusters.*.controlPlaneVersion',
    'clusters.edge.controlPlaneVersion',
    ['1.14', '1.15'],
    'edge: the version of the control-plane software changed from 1.14 to 1.15',
    {
      beside: { 'clusters.edge.controlPlane': 'talos' },
    },
  ),
  row(
    'clusters.*.authentication.method',
    'clusters.edge.authentication.method',
    ['flags', 'structured'],
    '🟡 ~ edge: how the API server is configured to trust Kanidm changed from flags to structured',
  ),
  row(
    'clusters.*.authentication.claim',
    'clusters.edge.authentication.claim',
    ['sub', 'preferred_username'],
    '🟠 ~ edge: the claim that contains the user name changed from sub to preferred_username: people can change their name, and somebody else can then take the old name',
  ),
  row(
    'clusters.*.authentication.prefix',
    'clusters.edge.authentication.prefix',
    ['one:', 'two:'],
    '🟠 ~ edge: the prefix of the names of people changed from one: to two:',
  ),
  row(
    'clusters.*.authentication.groups.claim',
    'clusters.edge.authentication.groups.claim',
    ['groups', 'teams'],
    '🟠 ~ edge: the claim that lists the groups changed from groups to teams',
    {
      beside: { 'clients.k8s.claims.teams.values': { users: ['a'] } },
    },
  ),
  row(
    'clusters.*.authentication.groups.prefix',
    'clusters.edge.authentication.groups.prefix',
    ['one:', 'two:'],
    '🟠 ~ edge: the prefix of the names of groups changed from one: to two:',
  ),
  row(
    'clusters.*.authentication.ca.file',
    'clusters.edge.authentication.ca.file',
    ['a.crt', 'b.crt'],
    '🔴 ~ edge: the CA that the API server trusts for the issuer changed from certificate that cannot be read (SHA-256 of the text e387b50949f9648e31e7a15872c2618fb9c07d0a5ad32d67e18c9ed8372a412f) to certificate that cannot be read (SHA-256 of the text bc6bdbefd5ec3b9242e740f4a04b706b4f22f0094bfd74a8ac84619fdb4fe480): whoever holds the key of this CA can impersonate the issuer',
  ),
  row(
    'clusters.*.authentication.ca.nodePath',
    'clusters.lab.authentication.ca.nodePath',
    ['/etc/kubernetes/pki/a.crt', '/etc/kubernetes/pki/b.crt'],
    '🟠 ~ lab: the CA file (a path on the nodes) with which the API server verifies the issuer changed from /etc/kubernetes/pki/a.crt to /etc/kubernetes/pki/b.crt',
    chart,
  ),
  row(
    'clusters.*.authentication.requiredClaims.*',
    'clusters.edge.authentication.requiredClaims',
    [{ name: 'x' }, {}],
    '🟠 ~ edge: the value of claim name that a token must carry changed from x to not set: tokens without this claim are accepted',
  ),
  row(
    'clusters.*.authentication.anonymous.enabled',
    'clusters.edge.authentication.anonymous',
    [undefined, { enabled: true }],
    '🟠 ~ edge: the setting that allows requests without credentials changed from not set to true: anybody on the network has the rights of the group system:unauthenticated; without the setting, the flag --anonymous-auth of the API server decides',
  ),
  row(
    'clusters.*.authentication.anonymous.paths',
    'clusters.edge.authentication.anonymous.paths',
    [
      ['/livez', '/readyz', '/healthz'],
      ['/livez', '/readyz', '/healthz', '/metrics'],
    ],
    '🟠 ~ edge: the only paths that accept requests without credentials changed (added /metrics)',
    { beside: { 'clusters.edge.authentication.anonymous.enabled': true } },
  ),
  row(
    'clusters.*.kubeconfig.user',
    'clusters.edge.kubeconfig.user',
    ['one', 'two'],
    'edge: the name of the user in the kubeconfig changed from one to two',
  ),
  row(
    'clusters.*.kubeconfig.certificateAuthority.file',
    'clusters.edge.kubeconfig.certificateAuthority.file',
    ['a.crt', 'b.crt'],
    '🔴 ~ edge: the CA with which kubectl verifies the API server changed from certificate that cannot be read (SHA-256 of the text e387b50949f9648e31e7a15872c2618fb9c07d0a5ad32d67e18c9ed8372a412f) to certificate that cannot be read (SHA-256 of the text bc6bdbefd5ec3b9242e740f4a04b706b4f22f0094bfd74a8ac84619fdb4fe480): whoever holds the key of this CA can impersonate the API server and get the tokens of all people',
  ),
  row(
    'clusters.*.kubeconfig.certificateAuthority.inline',
    'clusters.edge.kubeconfig.certificateAuthority.inline',
    [true, false],
    '🟠 ~ edge: the CA file with which kubectl verifies the API server changed from not set to a.crt',
    {
      beside: { 'clusters.edge.kubeconfig.certificateAuthority.file': 'a.crt' },
    },
  ),
  row(
    'clusters.*.kubeconfig.plugin',
    'clusters.edge.kubeconfig.plugin',
    ['oidc-login', 'kubelogin'],
    '🟡 ~ edge: the program that signs in for kubectl changed from oidc-login to kubelogin',
  ),
  row(
    'clusters.*.kubeconfig.signIn',
    'clusters.edge.kubeconfig.signIn',
    ['browser', 'keyboard'],
    '🟡 ~ edge: how kubectl signs in changed from browser to keyboard',
    {
      beside: { 'clients.k8s.redirectUrls': ['http://localhost:8000', 'urn:ietf:wg:oauth:2.0:oob'] },
    },
  ),
  row(
    'clusters.*.kubeconfig.tokenCache',
    'clusters.edge.kubeconfig.tokenCache',
    ['keyring', 'disk'],
    '🟡 ~ edge: where kubelogin stores tokens on the machines of people changed from keyring to disk',
  ),
  row(
    'clusters.*.breakGlass',
    'clusters.edge.breakGlass',
    ['one', 'two'],
    '🟡 ~ edge: the emergency access for when Kanidm is down changed from one to two',
  ),
  row(
    'clusters.*.podSecurity.default',
    'clusters.edge.podSecurity.default',
    ['restricted', 'privileged'],
    '🟠 ~ edge: the Pod Security level of namespaces without a label changed from restricted to privileged',
  ),
  row(
    'clusters.*.podSecurity.namespaces.*',
    'clusters.edge.podSecurity.namespaces.web',
    ['privileged', 'baseline'],
    '🟡 ~ edge: the Pod Security level of namespace web changed from privileged to baseline',
  ),
  ...fluxRows('clusters.*.flux', 'clusters.edge.flux'),
  ...fluxRows('flux', 'flux'),
  row('clusters.*.grants.*.name', 'clusters.lab.grants.0.name', ['one', 'two'], '+ lab: the grant two is new'),
  row(
    'clusters.*.grants.*.clusterRole',
    'clusters.lab.grants.0.clusterRole',
    ['view', 'edit'],
    'lab: the role of the grant look changed from view to edit: Kubernetes cannot change the role of a binding, so Flux deletes the binding and creates it again (annotation `kustomize.toolkit.fluxcd.io/force`)',
  ),
  row(
    'clusters.*.grants.*.role',
    'clusters.lab.grants.0',
    [
      { name: 'look', role: 'a', namespaces: ['web'], people: ['jane'] },
      { name: 'look', role: 'b', namespaces: ['web'], people: ['jane'] },
    ],
    'lab: the role of the grant look changed from a to b: Kubernetes cannot change the role of a binding, so Flux deletes the binding and creates it again (annotation `kustomize.toolkit.fluxcd.io/force`)',
  ),
  row(
    'clusters.*.grants.*.namespaces',
    'clusters.lab.grants.0.namespaces',
    [['web'], undefined],
    'lab: the grant look applies to the whole cluster instead of namespace web',
  ),
  row(
    'clusters.*.grants.*.people',
    'clusters.lab.grants.0.people',
    [['jane'], ['ann']],
    'lab: the people of the grant look changed (added ann; removed jane)',
  ),
  row(
    'clusters.*.grants.*.groups',
    'clusters.lab.grants.0.groups',
    [['ops'], ['users']],
    'lab: the groups of the grant look changed (added users; removed ops)',
    {
      beside: { 'clients.k8s.scopes.ops': ['openid', 'groups'] },
    },
  ),
  row('grants.*.name', 'grants.0.name', ['one', 'two'], '+ lab: the grant two is new'),
  row(
    'grants.*.clusterRole',
    'grants.0.clusterRole',
    ['view', 'edit'],
    'lab: the role of the grant all changed from view to edit: Kubernetes cannot change the role of a binding, so Flux deletes the binding and creates it again (annotation `kustomize.toolkit.fluxcd.io/force`)',
  ),
  row(
    'grants.*.role',
    'grants.0',
    [
      { name: 'all', role: 'a', namespaces: ['web'], people: ['jane'], clusters: '*' },
      { name: 'all', role: 'b', namespaces: ['web'], people: ['jane'], clusters: '*' },
    ],
    'lab and edge: the role of the grant all changed from a to b: Kubernetes cannot change the role of a binding, so Flux deletes the binding and creates it again (annotation `kustomize.toolkit.fluxcd.io/force`)',
  ),
  row(
    'grants.*.namespaces',
    'grants.0.namespaces',
    [['web'], ['db']],
    'lab: the namespaces of the grant all changed (added db; removed web)',
  ),
  row(
    'grants.*.people',
    'grants.0.people',
    [['jane'], ['ann']],
    'lab: the people of the grant all changed (added ann; removed jane)',
  ),
  row(
    'grants.*.groups',
    'grants.0.groups',
    [['users'], ['ops']],
    'lab: the groups of the grant all changed (added ops; removed users)',
    {
      beside: { 'clients.k8s.scopes.ops': ['openid', 'groups'] },
    },
  ),
  row('grants.*.clusters', 'grants.0.clusters', [['lab'], '*'], '+ edge: the grant all is new'),

  row(
    'clusters.*.grants.*.serviceAccounts',
    'clusters.lab.grants.0.serviceAccounts',
    [[], ['ci']],
    'lab: the service accounts of the grant look changed (added ci)',
    {
      beside: { 'groups.users.members': ['jane', 'ann', 'ci'] },
    },
  ),
  row(
    'grants.*.serviceAccounts',
    'grants.0.serviceAccounts',
    [[], ['ci']],
    'lab: the service accounts of the grant all changed (added ci)',
    {
      beside: { 'groups.users.members': ['jane', 'ann', 'ci'] },
    },
  ),
  ...(['clusters.*.grants.*', 'grants.*'] as const).flatMap((prefix) => {
    const [at, where, name] =
      prefix === 'grants.*' ? ['grants.0', 'lab', 'all'] : ['clusters.lab.grants.0', 'lab', 'look'];
    return [
      row(
        `${prefix}.until`,
        `${at}.until`,
        ['2027-01-31', '2027-02-28'],
        `🟠 ~ ${where}: the last day of the grant ${name} changed from 2027-01-31 to 2027-02-28: the access does not end by itself: after that day, \`kaniflux check\` fails, and \`kaniflux expire\` removes the grant or membership from the config`,
      ),
      row(
        `${prefix}.reason`,
        `${at}.reason`,
        ['one', 'two'],
        `${where}: the reason for the grant ${name} changed from one to two`,
      ),
    ];
  }),
  row(
    'groups.*.members.*.name',
    'groups.users.members.1.name',
    ['ann', 'ci'],
    '🟡 ~ the members of group users changed (added ci; removed ann)',
    { beside: { 'groups.users.members': ['jane', { name: 'ann' }] } },
  ),
  row(
    'groups.*.members.*.until',
    'groups.users.members.0.until',
    ['2027-01-31', undefined],
    '🟠 ~ the last day of the membership of jane in users changed from 2027-01-31 to not set',
    { beside: { 'groups.users.members': [{ name: 'jane' }] } },
  ),
  row(
    'groups.*.members.*.reason',
    'groups.users.members.0.reason',
    ['one', 'two'],
    'the reason for the membership of jane in users changed from one to two',
    { beside: { 'groups.users.members': [{ name: 'jane' }] } },
  ),
  ...expectations(),
  row(
    'checks.ignore.*.code',
    'checks.ignore',
    [[], [{ code: 'no-break-glass', reason: 'a lab' }]],
    '🟡 + the entry of `checks.ignore` for no-break-glass (everywhere) is new: the findings that this entry matches are no longer reported',
  ),
  row(
    'checks.ignore.*.reason',
    'checks.ignore.0.reason',
    ['one', 'two'],
    'the reason why `kaniflux check` leaves out no-break-glass (everywhere) changed from one to two',
    {
      beside: { 'checks.ignore.0.code': 'no-break-glass' },
    },
  ),
  ...(['cluster', 'grant', 'group', 'path'] as const).map((field) => {
    const value = { cluster: 'lab', grant: 'look', group: 'ops', path: 'clusters.lab' }[field];
    return row(
      `checks.ignore.*.${field}`,
      `checks.ignore.0.${field}`,
      [value, undefined],
      '🟡 + the entry of `checks.ignore` for no-break-glass (everywhere) is new: the findings that this entry matches are no longer reported',
      {
        beside: { 'checks.ignore.0.code': 'no-break-glass', 'checks.ignore.0.reason': 'a lab' },
      },
    );
  }),
  row(
    'checks.maxClusterAdmins',
    'checks.maxClusterAdmins',
    [3, 4],
    '🟡 ~ how many people may hold cluster-admin before `kaniflux check` reports it changed from 3 to 4',
  ),
];

/** Returns a config with a value at a path. Missing parts of the path are created. */
function put(node: unknown, [key = '', ...rest]: readonly string[], value: unknown): unknown {
  if (Array.isArray(node) || (node === undefined && /^\d+$/.test(key))) {
    const list = Array.isArray(node) ? [...node] : [];
    list[Number(key)] = rest.length === 0 ? value : put(list[Number(key)], rest, value);
    return list;
  }
  const map: Record<string, unknown> = { ...(isMap(node) ? node : {}) };
  map[key] = rest.length === 0 ? value : put(map[key], rest, value);
  if (map[key] === undefined) delete map[key];
  return map;
}

function sideWith(
  { at, base = at.startsWith('kanidm.') ? 'manifests' : 'elsewhere', beside = {} }: Pick<Row, 'at' | 'beside' | 'base'>,
  value: unknown,
): Side {
  let input: unknown = bases[base];
  for (const [path, other] of Object.entries(beside)) input = put(input, path.split('.'), other);
  const text = JSON.stringify(put(input, at.split('.'), value));
  const side = sides.get(text) ?? sideOf(configOf(text, files));
  sides.set(text, side);
  return side;
}

/** Returns a side that caches the objects of each cluster, because many rows compare with the same side. */
function sideOf(config: Config): Side {
  const side = rendered(config);
  const objects = new Map<string, readonly object[]>();
  return {
    ...side,
    objects(cluster) {
      const kept = objects.get(cluster) ?? side.objects(cluster);
      objects.set(cluster, kept);
      return kept;
    },
  };
}

/** Caches what is rendered for each config, because many rows start from the same config. */
const sides = new Map<string, Side>();

test('every field of the schema has a row', () => {
  const fields = [...new Set(schemaFields(ConfigSchema))];
  // An image can also be a text, which names a file. A member can also be a text, which is the key of an entry. The
  // schema has no separate field for either of these short forms.
  const shorthand = ['clients.*.image.*', 'groups.*.members'];
  const named = rows.map(({ field }) => field).filter((field) => !shorthand.includes(field));
  expect([...new Set(named)].sort()).toEqual(fields.sort());
});

test.each(rows)('$field', (one) => {
  const diff = reviewDiff({ before: sideWith(one, one.before), after: sideWith(one, one.after) });
  const lines = asText(diff).split('\n');
  const line = /^(🔴|🟠|🟡|[-+]) /u.test(one.says) ? one.says : `~ ${one.says}`;
  expect(lines.filter((other) => other === `  ${line}`)).toHaveLength(1);
  // What can give full control of a cluster is selected by `--fail-on trust`.
  const part = diff.statements.find(({ say, clusters }) => line.endsWith(say(clusters.join(' and '))))?.part;
  if (line.startsWith('🔴')) expect(part).toBe('trust');
});

/** Changes in the other direction, or to other values. Each has the expected level and the whole statement. */
const others: [at: string, before: unknown, after: unknown, level: Level, says: string, more?: Partial<Row>][] = [
  ['kanidm.helm.values', undefined, {}, 'medium', 'the values of the chart of Kanidm changed from not set to {}', none],
  [
    'kanidm.helm.insecure',
    true,
    undefined,
    'high',
    'whether Flux fetches the chart of Kanidm without TLS changed from true to not set',
    { ...chart, beside: { ...none.beside, 'kanidm.helm.repository': 'oci://registry.example.com/charts' } },
  ],
  ['people.jane.sshKeys', undefined, {}, 'medium', 'the SSH keys of jane changed from not set to {}'],
  ['people.jane.sshKeys', { x: sshKey }, {}, 'none', `the SSH key x of jane changed from "${sshKey}" to not set`],
  ['people.jane.posix', undefined, {}, 'low', 'the POSIX account of jane changed from not set to {}'],
  ['groups.ops.posix', undefined, {}, 'low', 'the POSIX group of ops changed from not set to {}'],
  ['groups.ops.policy', undefined, {}, 'none', 'the account policy of the members of ops changed from not set to {}'],
  ['groups.ops.policy', {}, undefined, 'medium', 'the account policy of the members of ops changed from {} to not set'],
  ...(
    [
      [
        'credentialMinimum',
        'the weakest credential that members of ops may sign in with',
        [
          ['any', 'mfa', 'none'],
          ['mfa', 'passkey', 'none'],
          ['attested_passkey', 'passkey', 'medium'],
          ['mfa', undefined, 'medium'],
          [undefined, 'mfa', 'none'],
        ],
      ],
      [
        'sessionExpiry',
        'the seconds after which a session of members of ops ends',
        [
          [undefined, 60, 'none'],
          [120, 60, 'none'],
          [60, undefined, 'medium'],
        ],
      ],
      [
        'privilegeExpiry',
        'the seconds for which a session of members of ops stays privileged',
        [
          [120, 60, 'none'],
          [60, undefined, 'medium'],
        ],
      ],
      [
        'passwordMinimumLength',
        'the minimum password length of members of ops',
        [
          [undefined, 20, 'none'],
          [10, 20, 'none'],
          [20, undefined, 'medium'],
        ],
      ],
    ] as [string, string, [unknown, unknown, Level][]][]
  ).flatMap(([field, what, changes]) =>
    changes.map(([before, after, level]): (typeof others)[number] => [
      `groups.ops.policy.${field}`,
      before,
      after,
      level,
      `${what} changed from ${before ?? 'not set'} to ${after ?? 'not set'}`,
    ]),
  ),
  ...(['people.gone', 'serviceAccounts.ci', 'groups.ops', 'clients.other'] as const).flatMap(
    (at): (typeof others)[number][] => {
      const name = at.slice(at.indexOf('.') + 1);
      const kind = { people: 'person', serviceAccounts: 'service account', groups: 'group', clients: 'client' }[
        at.split('.')[0] as 'people'
      ];
      const gone = at === 'people.gone' ? { beside: { 'people.gone.displayName': 'G' } } : {};
      return [
        [
          `${at}.id`,
          undefined,
          uuid('01'),
          'low',
          `the UUID of ${kind} ${name} changed from not set to ${uuid('01')}: the config now identifies the ${kind} in Kanidm by UUID`,
          gone,
        ],
        [
          `${at}.id`,
          uuid('01'),
          undefined,
          'medium',
          `the UUID of ${kind} ${name} changed from ${uuid('01')} to not set: the config no longer identifies the ${kind} in Kanidm by UUID`,
          gone,
        ],
        [`${at}.absent`, true, undefined, 'low', `${kind} ${name} is created in Kanidm again (no longer absent)`, gone],
      ];
    },
  ),
  ...(['people.jane', 'serviceAccounts.ci'] as const).map((at): (typeof others)[number] => [
    `${at}.expires`,
    '2027-01-01T00:00:00Z',
    '2026-09-01T00:00:00Z',
    'none',
    `when ${at === 'people.jane' ? 'person jane' : 'service account ci'} expires changed from 2027-01-01T00:00:00Z to 2026-09-01T00:00:00Z`,
  ]),
  ['people.jane.mail', 'a@example.com', undefined, 'low', 'the mail of jane changed from a@example.com to not set'],
  [
    'serviceAccounts.ci.managedBy',
    'ops',
    undefined,
    'medium',
    'the manager of service account ci changed from ops to not set: the migrations set the manager idm_admins',
  ],
  [
    'groups.ops.managedBy',
    'jane',
    undefined,
    'medium',
    'the manager of group ops changed from jane to not set: Kanidm keeps the manager. To remove the manager, write `managedBy: null`',
  ],
  ...(['validFrom', 'expires'] as const).map((field): (typeof others)[number] => [
    `people.jane.${field}`,
    '2027-01-01T00:00:00Z',
    undefined,
    'low',
    `when person jane ${field === 'expires' ? 'expires' : 'becomes valid'} changed from 2027-01-01T00:00:00Z to not set: Kanidm keeps the time. To remove the time, write \`null\``,
  ]),
  ['people.jane.expires', null, undefined, 'none', 'when person jane expires changed from null to not set'],
  ['people.jane.validFrom', null, undefined, 'low', 'when person jane becomes valid changed from null to not set'],
  ['groups.ops.managedBy', null, undefined, 'medium', 'the manager of group ops changed from null to not set'],
  [
    'groups.ops.members',
    ['ann'],
    undefined,
    'none',
    'the members of group ops changed from ann to not set: the members stay in Kanidm as they are, and the config no longer says who they are',
  ],
  [
    'clients.other.redirectUrls',
    ['https://b.example.com/cb'],
    [],
    'none',
    'the redirect URLs of client other changed (removed https://b.example.com/cb): Kanidm no longer redirects to https://b.example.com/cb: nobody can sign in there any more',
  ],
  [
    'clients.other.redirectUrls',
    ['https://b.example.com/cb'],
    undefined,
    'none',
    'the redirect URLs of client other changed from https://b.example.com/cb to not set: Kanidm keeps the redirect URLs that it has',
  ],
  [
    'clients.other.redirectUrls',
    [],
    ['http://localhost:9000/cb'],
    'medium',
    'the redirect URLs of client other changed (added http://localhost:9000/cb): a sign-in request can make Kanidm redirect to http://localhost:9000/cb, where a program on the machine of the person who signs in gets the answer',
  ],
  [
    'clients.k8s.redirectUrls',
    ['http://localhost:8000'],
    ['http://localhost:8000', 'https://b.example.com/cb'],
    'high',
    'the redirect URLs of client k8s changed (added https://b.example.com/cb): after sign-in, Kanidm redirects to https://b.example.com/cb if the request asks for it, and whoever runs that site can get tokens of the people who sign in, and can use these tokens to sign in to lab and edge as these people',
  ],
  ...(
    [
      ['localhostRedirects', 'the setting that accepts any port and path of localhost as a redirect URL of client k8s'],
      ['legacyCrypto', 'the setting that signs tokens of client k8s with RS256 instead of ES256'],
    ] as const
  ).map(([field, what]): (typeof others)[number] => [
    `clients.k8s.${field}`,
    true,
    false,
    'none',
    `${what} changed from true to false`,
  ]),
  [
    'clients.other.disablePkce',
    true,
    false,
    'none',
    'the setting that lets client other sign in without PKCE changed from true to false',
    { beside: { 'clients.other.type': 'basic' } },
  ],
  [
    'clients.other.type',
    'public',
    'basic',
    'medium',
    'the type of client other changed from public to basic: a public client has no secret',
  ],
  [
    'clients.other.scopes.ops',
    undefined,
    ['openid'],
    'medium',
    'the scopes that members of ops get at client other changed from not set to openid',
  ],
  [
    'clients.k8s.scopes.ops',
    undefined,
    ['openid'],
    'medium',
    'the scopes that members of ops get at client k8s changed from not set to openid: members of ops may use the client and can sign in to lab and edge',
  ],
  ['clients.other.scopes', undefined, {}, 'medium', 'who may use client other changed from not set to {}'],
  [
    'clients.other.supplementaryScopes',
    undefined,
    {},
    'low',
    'the supplementary scopes of client other changed from not set to {}',
  ],
  [
    'clients.other.supplementaryScopes.ops',
    ['admin'],
    undefined,
    'none',
    'the supplementary scopes of members of ops at client other changed from admin to not set',
  ],
  ['clients.other.claims', undefined, {}, 'medium', 'the claims of tokens of client other changed from not set to {}'],
  [
    'clients.other.claims.teams.values.ops',
    ['a', 'b'],
    ['a'],
    'none',
    'the values of claim teams for members of ops in tokens of client other changed (removed b)',
  ],
  ['clusters.edge.trust', ['other'], [], 'none', 'edge: the API server no longer accepts tokens of client other'],
  [
    'clusters.edge.issuers.ci.audiences',
    ['a', 'b'],
    ['a'],
    'none',
    'edge: the audiences that are accepted in tokens of the issuer ci changed (removed b): everybody who can get a token of the issuer for one of these audiences can sign in to the cluster',
    { beside: { 'clusters.edge.issuers.ci.url': 'https://ci.example.com' } },
  ],
  [
    'clusters.edge.authentication.prefix',
    'one:',
    '',
    'high',
    'edge: the prefix of the names of people changed from one: to "": without a prefix, a name from a token can equal a name that Kubernetes itself uses',
  ],
  [
    'clusters.edge.authentication.groups.prefix',
    'one:',
    '',
    'high',
    'edge: the prefix of the names of groups changed from one: to "": without a prefix, a name from a token can equal a name that Kubernetes itself uses',
  ],
  ...(
    [
      ['sub', 'the UUID, which never changes'],
      [
        'email',
        'the user name is the mail address, so an account that later gets the same mail address in Kanidm signs in as the same user',
      ],
    ] as const
  ).map(([claim, means]): (typeof others)[number] => [
    'clusters.edge.authentication.claim',
    'preferred_username',
    claim,
    'medium',
    `edge: the claim that contains the user name changed from preferred_username to ${claim}: ${means}`,
    { beside: { 'clients.k8s.claims.teams.values': { users: ['a'] } } },
  ]),
  [
    'clusters.edge.authentication.requiredClaims',
    {},
    { name: 'x' },
    'none',
    'edge: the value of claim name that a token must carry changed from not set to x',
  ],
  ...(
    [
      ['claimValidationRules', 'tokens', "claims.name == 'b'"],
      ['userValidationRules', 'users', "user.username != 'a'"],
    ] as const
  ).map(([field, what, expression]): (typeof others)[number] => [
    `clusters.edge.authentication.${field}`,
    [],
    [{ expression }],
    'none',
    `edge: the rules for ${what} changed (added {"expression":"${expression}"})`,
  ]),
  ...(
    [
      [
        false,
        true,
        'medium',
        'false to true: anybody on the network has the rights of the group system:unauthenticated',
      ],
      [true, false, 'none', 'true to false'],
    ] as const
  ).map(([before, after, level, says]): (typeof others)[number] => [
    'clusters.edge.authentication.anonymous.enabled',
    before,
    after,
    level,
    `edge: the setting that allows requests without credentials changed from ${says}`,
    { beside: { 'clusters.edge.controlPlane': 'k3s' } },
  ]),
  [
    'clusters.edge.authentication.anonymous',
    { enabled: true },
    undefined,
    'none',
    'edge: the setting that allows requests without credentials changed from true to not set: without the setting, the flag --anonymous-auth of the API server decides',
  ],
  [
    'clusters.edge.authentication.anonymous.paths',
    [...probes, '/metrics'],
    probes,
    'none',
    'edge: the only paths that accept requests without credentials changed (removed /metrics)',
    { beside: { 'clusters.edge.authentication.anonymous.enabled': true } },
  ],
  [
    'clusters.edge.authentication.anonymous.paths',
    probes,
    undefined,
    'medium',
    'edge: the only paths that accept requests without credentials changed from /livez, /readyz, /healthz to not set: anybody on the network has the rights of the group system:unauthenticated on every path',
    { beside: { 'clusters.edge.authentication.anonymous.enabled': true } },
  ],
  [
    'clusters.edge.flux.lockdown.noCrossNamespaceRefs',
    false,
    true,
    'none',
    'edge: whether Flux objects can refer only to Flux objects in their own namespace (--no-cross-namespace-refs) changed from false to true: the field only describes the cluster, and changes nothing on it',
  ],
  [
    'clusters.edge.flux.lockdown.defaultServiceAccount',
    'one',
    undefined,
    'medium',
    'edge: the service account with which Flux applies a Kustomization or HelmRelease that names none (--default-service-account) changed from one to not set: the field only describes the cluster, and changes nothing on it',
  ],
  ...(
    [
      ['people', 'people', 'jane'],
      ['groups', 'groups', 'ops'],
      ['serviceAccounts', 'service accounts', 'ci'],
    ] as const
  ).map(([field, what, name]): (typeof others)[number] => [
    `clusters.edge.flux.writers.${field}`,
    [name],
    [],
    'none',
    `edge: the ${what} that may push to the Flux source changed (removed ${name}): whoever pushes to the source decides what Flux applies`,
  ]),
  [
    'clusters.edge.podSecurity.default',
    'privileged',
    'restricted',
    'none',
    'edge: the Pod Security level of namespaces without a label changed from privileged to restricted',
  ],
  [
    'clusters.edge.podSecurity.namespaces.web',
    'baseline',
    'privileged',
    'medium',
    'edge: the Pod Security level of namespace web changed from baseline to privileged',
  ],
  [
    'clusters.lab.grants.0.namespaces',
    ['db', 'web'],
    ['web'],
    'none',
    'lab: the namespaces of the grant look changed (removed db)',
  ],
  [
    'clusters.lab.grants.0.namespaces',
    ['web'],
    ['db', 'web'],
    'none',
    'lab: the namespaces of the grant look changed (added db)',
  ],
  [
    'clusters.lab.grants.0.namespaces',
    undefined,
    ['db', 'web'],
    'none',
    'lab: the grant look applies to namespaces db and web instead of the whole cluster',
  ],
  [
    'clusters.lab.grants.0.until',
    '2027-02-28',
    '2027-01-31',
    'none',
    'lab: the last day of the grant look changed from 2027-02-28 to 2027-01-31: the access does not end by itself: after that day, `kaniflux check` fails, and `kaniflux expire` removes the grant or membership from the config',
  ],
  [
    'clusters.lab.grants.0.until',
    '2027-01-31',
    undefined,
    'medium',
    'lab: the last day of the grant look changed from 2027-01-31 to not set',
  ],
];

test.each(others)('%s from %j to %j is %s: %s', (at, before, after, level, says, more = {}) => {
  const place = { at, ...more };
  const statements = fieldStatements(sideWith(place, before).config, sideWith(place, after).config);
  const on = (clusters: readonly string[]) => clusters.join(' and ');
  expect(statements.map((one) => [one.level, one.say(on(one.clusters))])).toEqual([[level, says]]);
});

/** Sections that always have a field. The fields are described one by one. */
const sections: [at: string, value: object, says: string[], more?: Partial<Row>][] = [
  [
    'kanidm.manifests.certificate',
    { issuer: 'le' },
    [
      'the cert-manager issuer of Kanidm changed from not set to le',
      'the kind of the cert-manager issuer of Kanidm changed from not set to ClusterIssuer',
    ],
  ],
  ['kanidm.manifests.gateway', { name: 'gw' }, ['the Gateway that leads to Kanidm changed from not set to gw']],
  [
    'clusters.edge.flux.alerts',
    { type: 'slack', secretName: 'chat' },
    [
      'where Flux sends its messages changed from not set to slack',
      'the Secret that says where Flux sends its messages changed from not set to chat',
    ],
  ],
  ['clusters.edge.authentication.uid', { claim: 'sub' }, ['the UID in the audit log changed from not set to sub']],
];

test.each(sections)('the section %s is described by its fields', (at, value, says) => {
  const lines = fieldStatements(sideWith({ at }, undefined).config, sideWith({ at }, value).config).map((one) =>
    one.say('edge'),
  );
  expect(lines.map((line) => line.replace('edge: ', ''))).toEqual(expect.arrayContaining(says));
  expect(lines.filter((line) => line.includes(`${at.replace('clusters.edge.', '')} `))).toEqual([]);
});

function* defaults(schema: unknown, path: readonly string[] = []): Generator<readonly [readonly string[], unknown]> {
  if (!isMap(schema)) return;
  const { properties, additionalProperties, items } = schema;
  if ('default' in schema) yield [path, schema.default];
  for (const [key, value] of Object.entries(isMap(properties) ? properties : {}))
    yield* defaults(value, [...path, key]);
  yield* defaults(additionalProperties, [...path, '*']);
  yield* defaults(items, [...path, '*']);
}

/** Places of fields that have no row, because the rows around them change the whole entry. */
const places: readonly Pick<Row, 'field' | 'at' | 'beside'>[] = [
  { field: 'people.*.absent', at: 'people.jane.absent' },
  { field: 'roles.*.rules.*.apiGroups', at: 'roles.see.rules.0.apiGroups' },
  ...['become', 'clusters'].map((field) => ({
    field: `expect.*.${field}`,
    at: `expect.0.${field}`,
    beside: { expect: [{ never: 'get secrets' }] },
  })),
];

/**
 * Returns a place for a field. It is the place of the row for this field. If there is none, it follows from a row for a
 * field inside it or next to it.
 */
function placeOf(path: readonly string[]): Omit<Row, 'before' | 'after' | 'says'> {
  const field = path.join('.');
  const own = [...places, ...rows].find((one) => one.field === field);
  if (own) return own;
  const inside = rows.find((one) => one.field.startsWith(`${field}.`));
  const near = inside ?? rows.find((one) => one.field.startsWith(`${path.slice(0, -1).join('.')}.`));
  if (!near) throw new Error(`no row shows where ${field} can stand`);
  return { ...near, at: [...near.at.split('.').slice(0, path.length - 1), ...path.slice(-1)].join('.') };
}

const said = (before: Side, after: Side): string[] =>
  fieldStatements(before.config, after.config).map((one) => one.say(''));

test.each([...defaults(ConfigSchema)].map(([path, value]) => [path.join('.'), path, value] as const))(
  '%s with its default is no change from none',
  (_, path, value) => {
    const place = placeOf(path);
    expect(said(sideWith(place, undefined), sideWith(place, value))).toEqual([]);
  },
);

test('a section that repeats its defaults is no change from none, and one that differs from them is', () => {
  const place = { field: 'kanidm.backup', at: 'kanidm.backup' };
  const none = sideWith(place, undefined);
  for (const same of [{}, { versions: 7 }, { schedule: '00 22 * * *', size: '2Gi', versions: 7 }])
    expect([...said(none, sideWith(place, same)), ...said(sideWith(place, same), none)]).toEqual([]);
  expect(said(none, sideWith(place, { versions: 8 }))).toEqual(['how many backups Kanidm keeps changed from 7 to 8']);
});
