import type { Config } from '../../lib/config/config';
import { ConfigSchema } from '../../lib/config/schema/config-schema';
import { asText } from '../../lib/diff/diff-format';
import { fieldStatements } from '../../lib/diff/field-statements';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered, type Side } from '../../lib/diff/side';
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
const bases: Record<string, unknown> = {
  manifests: {
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
  },
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
  /** The path in the config, if it is not the path of the field with these keys for the stars. */
  readonly at: string;
  readonly before?: unknown;
  readonly after: unknown;
  /** The expected statement about the change. */
  readonly says: string;
  readonly base?: 'chart';
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

const validity = (map: string, at: string, what: string): Row[] => {
  const times: [string, string] = ['2026-09-01T00:00:00Z', '2027-01-01T00:00:00Z'];
  return [
    row(
      `${map}.*.validFrom`,
      `${at}.validFrom`,
      times,
      `when ${what} becomes valid changed from ${times[0]} to ${times[1]}`,
    ),
    row(
      `${map}.*.expires`,
      `${at}.expires`,
      times,
      `🟠 ~ when ${what} expires changed from ${times[0]} to ${times[1]}`,
    ),
  ];
};

const history = (map: string, at: string, what: string): Row[] => [
  row(
    `${map}.*.id`,
    `${at}.id`,
    [uuid('01'), uuid('02')],
    `the UUID of ${what} changed from ${uuid('01')} to ${uuid('02')}`,
  ),
  row(
    `${map}.*.formerly`,
    `${at}.formerly`,
    [undefined, 'former'],
    `the former name of ${what} changed from not set to former`,
  ),
  row(
    `${map}.*.incarnation`,
    `${at}.incarnation`,
    [undefined, 2],
    `the incarnation of ${what} changed from not set to 2`,
  ),
  row(
    `${map}.*.description`,
    `${at}.description`,
    ['one', 'two'],
    `the description of ${what} changed from one to two`,
  ),
];

const fluxRows = (prefix: string, at: string): Row[] => {
  const beside = at === 'flux' ? {} : {};
  const one = (field: string, values: [unknown, unknown], says: string) =>
    row(`${prefix}.${field}`, `${at}.${field}`, values, says, { beside });
  return [
    one(
      'source.kind',
      ['GitRepository', 'OCIRepository'],
      'the kind of the Flux source that is applied to the cluster changed from GitRepository to OCIRepository',
    ),
    one('source.name', ['one', 'two'], 'the Flux source that is applied to the cluster changed from one to two'),
    one(
      'source.namespace',
      ['one', 'two'],
      'the namespace of the Flux source that is applied to the cluster changed from one to two',
    ),
    one('namespace', ['one', 'two'], 'the namespace of the Flux Kustomizations changed from one to two'),
    one(
      'path',
      ['./one', './two'],
      'the folder of the Flux source that Flux applies to the cluster changed from ./one to ./two',
    ),
    one('interval', ['1m', '2m'], 'how often Flux reconciles changed from 1m to 2m'),
    one('retryInterval', ['1m', '2m'], 'how soon Flux tries again after a failure changed from 1m to 2m'),
    one('timeout', ['1m', '2m'], 'how long Flux waits for Kanidm changed from 1m to 2m'),
    one(
      'serviceAccountName',
      [undefined, 'flux'],
      'the service account with which Flux applies objects changed from not set to flux',
    ),
    ...[
      ['type', 'slack', 'discord', 'where Flux sends its messages'],
      ['secretName', 'one', 'two', 'the Secret that says where Flux sends its messages'],
      ['channel', 'one', 'two', 'the channel of the messages of Flux'],
      ['severity', 'error', 'info', 'the events of which Flux sends a message'],
    ].map(([field = '', before, after, what]) =>
      row(
        `${prefix}.alerts.${field}`,
        `${at}.alerts.${field}`,
        [before, after],
        `${what} changed from ${before} to ${after}`,
        { beside: { [`${at}.alerts.type`]: 'slack', [`${at}.alerts.secretName`]: 'chat' } },
      ),
    ),
    one(
      'lockdown.noCrossNamespaceRefs',
      [true, false],
      'whether Flux accepts only sources of the same namespace (--no-cross-namespace-refs) changed from true to false: the field only describes the cluster',
    ),
    one(
      'lockdown.defaultServiceAccount',
      ['one', 'two'],
      'the service account with which Flux applies a Kustomization or HelmRelease that names none (--default-service-account) changed from one to two: the field only describes the cluster',
    ),
    ...[
      ['people', 'people', 'jane', 'ann'],
      ['groups', 'groups', 'users', 'ops'],
    ].map(([field = '', what, before, after]) =>
      one(
        `writers.${field}`,
        [[before], [before, after]],
        `the ${what} that may push to the Flux source changed (added ${after}): whoever pushes to the source decides what Flux applies`,
      ),
    ),
    one(
      'writers.serviceAccounts',
      [[], ['ci']],
      'the service accounts that may push to the Flux source changed (added ci): whoever pushes to the source decides what Flux applies',
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
  headlamp('client', ['one', 'two'], 'lab: the client of headlamp in Kanidm changed from one to two'),
  headlamp(
    'id',
    ['7b89b6ea-1e8b-4aa8-98fb-a70cba498d16', 'c39bd23b-9919-4ae2-b299-fc6223227c5b'],
    '🟠 ~ lab: the UUID of the client of headlamp changed from 7b89b6ea-1e8b-4aa8-98fb-a70cba498d16 to c39bd23b-9919-4ae2-b299-fc6223227c5b: Kanidm identifies the client by its UUID, so the config now means another client',
  ),
  headlamp('namespace', ['one', 'two'], 'lab: the namespace of headlamp changed from one to two'),
];

/** The rows for expectations. An expectation is identified only by its text, so a changed one counts as new. */
const expectations = (): Row[] => {
  const one = (field: string, before: object, after: object, text: string) =>
    row(`expect.*.${field}`, 'expect', [[before], [after]], text);
  const never = { never: 'delete secrets' };
  return [
    one('never', never, { never: 'get secrets' }, 'the expectation that nobody may get secrets is new'),
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
      'the expectation that jane may get pods is new',
    ),
    one(
      'atMost',
      { atMost: 1, may: 'everything' },
      { atMost: 2, may: 'everything' },
      'the expectation that at most 2 may do everything is new',
    ),
    one(
      'may',
      { atMost: 1, may: 'everything' },
      { atMost: 1, may: 'get pods' },
      'the expectation that at most 1 may get pods is new',
    ),
    one(
      'exclusive',
      { exclusive: ['see', 'edit'] },
      { exclusive: ['see', 'admin'] },
      'the expectation that nobody holds two of the roles see, admin is new',
    ),
    one(
      'in',
      never,
      { ...never, in: ['a', 'b'] },
      'the expectation that nobody may delete secrets in namespaces a, b is new',
    ),
    one(
      'except',
      never,
      { ...never, except: ['ops'] },
      'the expectation that nobody may delete secrets, except ops is new',
    ),
    ...(['users', 'groups'] as const).map((kind) =>
      one(
        `exceptSubjects.${kind}`,
        never,
        { ...never, exceptSubjects: { [kind]: ['ci:web'] } },
        'the expectation that nobody may delete secrets, except ci:web is new',
      ),
    ),
    one(
      'become',
      never,
      { ...never, become: true },
      'the expectation that nobody can become able to delete secrets is new',
    ),
    one(
      'clusters',
      never,
      { ...never, clusters: ['lab'] },
      'the clusters of the expectation that nobody may delete secrets changed from * to lab',
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
    '🔴 ~ the domain of Kanidm changed from idm.example.com to example.com',
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
  row('kanidm.cluster', 'kanidm.cluster', ['lab', 'edge'], 'the cluster that runs Kanidm changed from lab to edge'),
  row('kanidm.namespace', 'kanidm.namespace', ['one', 'two'], 'the namespace of Kanidm changed from one to two'),
  row('kanidm.version', 'kanidm.version', ['1.11.0', '1.11.1'], 'the version of Kanidm changed from 1.11.0 to 1.11.1'),
  row(
    'kanidm.provision',
    'kanidm.provision',
    ['runbook', 'migrations'],
    'the way people, groups and clients get into Kanidm changed from runbook to migrations',
    {
      beside: { 'people.jane.id': uuid('01') },
    },
  ),
  row(
    'kanidm.helm.repository',
    'kanidm.helm.repository',
    ['https://a.example.com', 'https://b.example.com'],
    '🔴 ~ the repository of the chart of Kanidm changed from https://a.example.com to https://b.example.com',
    chart,
  ),
  row(
    'kanidm.helm.chart',
    'kanidm.helm.chart',
    ['one', 'two'],
    '🔴 ~ the chart that deploys Kanidm changed from one to two',
    chart,
  ),
  row(
    'kanidm.helm.version',
    'kanidm.helm.version',
    ['1.0.0', '1.0.1'],
    'the version of the chart that deploys Kanidm changed from 1.0.0 to 1.0.1',
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
    'the Secret for the repository of the chart of Kanidm changed from not set to token',
    chart,
  ),
  row(
    'kanidm.helm.certSecretRef',
    'kanidm.helm.certSecretRef',
    [undefined, 'ca'],
    'the Secret with the CA of the repository of the chart of Kanidm changed from not set to ca: whoever holds the key of this CA can replace the chart',
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
    'the value a.b of the chart of Kanidm changed from 1 to 2',
    chart,
  ),
  row(
    'kanidm.helm.valuesFrom',
    'kanidm.helm.valuesFrom',
    [undefined, [{ kind: 'Secret', name: 'more' }]],
    'the values of the chart of Kanidm that Flux reads from the cluster',
    chart,
  ),
  row(
    'kanidm.manifests.image',
    'kanidm.manifests.image',
    ['a.example.com/kanidm', 'b.example.com/kanidm'],
    '🔴 ~ the image of Kanidm changed from a.example.com/kanidm to b.example.com/kanidm',
  ),
  row(
    'kanidm.manifests.storage.size',
    'kanidm.manifests.storage.size',
    ['2Gi', '3Gi'],
    'the size of the volume of the database of Kanidm changed from 2Gi to 3Gi',
  ),
  row(
    'kanidm.manifests.storage.className',
    'kanidm.manifests.storage.className',
    ['one', 'two'],
    'the StorageClass of the database of Kanidm changed from one to two',
  ),
  row(
    'kanidm.manifests.tlsSecretName',
    'kanidm.manifests.tlsSecretName',
    ['one', 'two'],
    'the Secret with the certificate that Kanidm serves changed from one to two',
  ),
  row(
    'kanidm.manifests.certificate.issuer',
    'kanidm.manifests.certificate.issuer',
    ['one', 'two'],
    'the cert-manager issuer of Kanidm changed from one to two',
  ),
  row(
    'kanidm.manifests.certificate.issuerKind',
    'kanidm.manifests.certificate.issuerKind',
    ['ClusterIssuer', 'Issuer'],
    'the kind of the cert-manager issuer of Kanidm changed from ClusterIssuer to Issuer',
  ),
  row(
    'kanidm.manifests.ingress.className',
    'kanidm.manifests.ingress.className',
    ['one', 'two'],
    'the class of the Ingress that leads to Kanidm changed from one to two',
    {
      beside: { 'kanidm.manifests.gateway': undefined },
    },
  ),
  row(
    'kanidm.manifests.ingress.annotations.*',
    'kanidm.manifests.ingress.annotations',
    [{ a: 'one' }, { a: 'two' }],
    'the annotation a of the Ingress of Kanidm changed from one to two',
    {
      beside: { 'kanidm.manifests.gateway': undefined, 'kanidm.manifests.ingress.className': 'haproxy' },
    },
  ),
  row(
    'kanidm.manifests.gateway.name',
    'kanidm.manifests.gateway.name',
    ['one', 'two'],
    'the Gateway that leads to Kanidm changed from one to two',
  ),
  row(
    'kanidm.manifests.gateway.namespace',
    'kanidm.manifests.gateway.namespace',
    ['one', 'two'],
    'the namespace of the Gateway that leads to Kanidm changed from one to two',
  ),
  row(
    'kanidm.manifests.gateway.sectionName',
    'kanidm.manifests.gateway.sectionName',
    ['one', 'two'],
    'the listener of the Gateway that leads to Kanidm changed from one to two',
  ),
  row(
    'kanidm.manifests.gateway.apiVersion',
    'kanidm.manifests.gateway.apiVersion',
    ['v1', 'v1alpha2'],
    'the API version of the TLSRoute of Kanidm changed from v1 to v1alpha2',
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
    'how much Kanidm logs changed from info to trace',
  ),
  row(
    'kanidm.backup.schedule',
    'kanidm.backup.schedule',
    ['00 21 * * *', '00 22 * * *'],
    'when Kanidm makes backups changed from "00 21 * * *" to "00 22 * * *"',
  ),
  row('kanidm.backup.versions', 'kanidm.backup.versions', [7, 8], 'how many backups Kanidm keeps changed from 7 to 8'),
  row(
    'kanidm.backup.size',
    'kanidm.backup.size',
    ['2Gi', '3Gi'],
    'the size of the volume of the backups of Kanidm changed from 2Gi to 3Gi',
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
    'the mail of jane changed (added b@example.com; removed a@example.com)',
  ),
  row(
    'people.*.sshKeys.*',
    'people.jane.sshKeys',
    [{}, { x: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPwIgShT8rP1y2eFvDrI1m8bDk3pGyUhQ2GExgpCGbLK' }],
    '🟠 ~ the SSH key x of jane changed from not set to "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPwIgShT8rP1y2eFvDrI1m8bDk3pGyUhQ2GExgpCGbLK": whoever has the private key logs in as this person',
  ),
  row('people.*.posix.gid', 'people.jane.posix.gid', [2000, 2001], 'the gid number of jane changed from 2000 to 2001'),
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
    'person gone is deleted from Kanidm (absent)',
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
    'the manager of service account ci changed from not set to ops: the manager can issue tokens of the service account',
  ),
  row(
    'serviceAccounts.*.absent',
    'serviceAccounts.ci.absent',
    [undefined, true],
    'service account ci is deleted from Kanidm (absent)',
  ),
  ...validity('serviceAccounts', 'serviceAccounts.ci', 'service account ci'),
  ...history('serviceAccounts', 'serviceAccounts.ci', 'service account ci'),
  row(
    'groups.*.members',
    'groups.ops.members',
    [['ann'], ['jane', 'idm_all_persons']],
    'the members of group ops changed (added jane, idm_all_persons; removed ann): everybody in Kanidm is a member from now on',
  ),
  row(
    'groups.*.managedBy',
    'groups.ops.managedBy',
    [undefined, 'jane'],
    'the manager of group ops changed from not set to jane: the manager can add members, including themselves',
  ),
  row(
    'groups.*.posix.gid',
    'groups.ops.posix.gid',
    [2000, 2001],
    'the gid number of group ops changed from 2000 to 2001',
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
  row('groups.*.absent', 'groups.ops.absent', [undefined, true], 'group ops is deleted from Kanidm (absent)'),
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
    'the type of client other changed from basic to public: a public client has no secret',
  ),
  row(
    'clients.*.landingUrl',
    'clients.other.landingUrl',
    ['https://a.example.com', 'https://b.example.com'],
    '🟠 ~ the landing URL of client other changed from https://a.example.com to https://b.example.com: the landing URL is also a redirect URL',
  ),
  row(
    'clients.*.redirectUrls',
    'clients.other.redirectUrls',
    [[], ['https://b.example.com/cb']],
    '🟠 ~ the redirect URLs of client other changed (added https://b.example.com/cb): after sign-in, Kanidm redirects to https://b.example.com/cb if the request asks for it',
  ),
  row(
    'clients.*.localhostRedirects',
    'clients.k8s.localhostRedirects',
    [undefined, true],
    '🟠 ~ the setting that accepts any port and path of localhost as a redirect URL of client k8s changed from not set to true',
  ),
  ...(['url', 'sha256'] as const).map((field) => {
    const image = { url: 'https://example.com/a.svg', sha256: 'a'.repeat(64) };
    const other = { url: 'https://example.com/b.svg', sha256: 'b'.repeat(64) };
    const what = field === 'url' ? 'the address of the image' : 'the hash of the image';
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
    'the image of client k8s changed from a.svg to b.svg',
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
    'the supplementary scopes of members of ops at client other changed from not set to admin',
  ),
  row(
    'clients.*.claims.*.join',
    'clients.other.claims.teams.join',
    ['csv', 'ssv'],
    'how the values of claim teams of client other are joined changed from csv to ssv',
    {
      beside: { 'clients.other.claims.teams.values': { ops: ['a'] } },
    },
  ),
  row(
    'clients.*.claims.*.values.*',
    'clients.other.claims.teams.values.ops',
    [['a'], ['b']],
    'the values of claim teams for members of ops in tokens of client other changed (added b; removed a)',
  ),
  row(
    'clients.*.preferShortUsername',
    'clients.other.preferShortUsername',
    [undefined, true],
    'the setting that leaves the domain out of `preferred_username` of client other changed from not set to true',
  ),
  row(
    'clients.*.consentPrompt',
    'clients.other.consentPrompt',
    [true, false],
    'the consent prompt of client other changed from true to false',
  ),
  row(
    'clients.*.legacyCrypto',
    'clients.other.legacyCrypto',
    [undefined, true],
    '🟠 ~ the setting that signs tokens of client other with RS256 instead of ES256 changed from not set to true',
  ),
  row('clients.*.absent', 'clients.other.absent', [undefined, true], 'client other is deleted from Kanidm (absent)'),
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
  row('roles.*.clusters', 'roles.wide.clusters', [['lab'], ['lab', 'edge']], 'edge: the role wide is new', {
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
    'the built-in roles that the role see adds to changed from not set to view',
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
    'lab: the version of Kubernetes changed from 1.34 to 1.35',
  ),
  row(
    'clusters.*.client',
    'clusters.lab.client',
    ['k8s', 'other'],
    '🔴 ~ lab: the client whose tokens the API server accepts changed from k8s to other',
    {
      beside: { 'clients.other.redirectUrls': ['http://localhost:8000'] },
    },
  ),
  row(
    'clusters.*.trust',
    'clusters.lab.trust',
    [[], ['other']],
    '🔴 ~ lab: the API server now accepts tokens of client other too',
  ),
  ...headlampRows,
  ...mappingFieldRows,
  row(
    'clusters.*.controlPlane',
    'clusters.edge.controlPlane',
    ['kubeadm', 'k3s'],
    'edge: the kind of control plane changed from kubeadm to k3s',
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
    'edge: how the API server is configured to trust Kanidm changed from flags to structured',
  ),
  row(
    'clusters.*.authentication.claim',
    'clusters.edge.authentication.claim',
    ['sub', 'preferred_username'],
    'edge: the claim that names people changed from sub to preferred_username: people can change their name',
  ),
  row(
    'clusters.*.authentication.prefix',
    'clusters.edge.authentication.prefix',
    ['one:', 'two:'],
    'edge: the prefix of the names of people changed from one: to two:',
  ),
  row(
    'clusters.*.authentication.groups.claim',
    'clusters.edge.authentication.groups.claim',
    ['groups', 'teams'],
    'edge: the claim that lists the groups changed from groups to teams',
    {
      beside: { 'clients.k8s.claims.teams.values': { users: ['a'] } },
    },
  ),
  row(
    'clusters.*.authentication.groups.prefix',
    'clusters.edge.authentication.groups.prefix',
    ['one:', 'two:'],
    'edge: the prefix of the names of groups changed from one: to two:',
  ),
  row(
    'clusters.*.authentication.ca.file',
    'clusters.edge.authentication.ca.file',
    ['a.crt', 'b.crt'],
    '🔴 ~ edge: the CA that the API server trusts for the issuer changed from',
  ),
  row(
    'clusters.*.authentication.ca.nodePath',
    'clusters.lab.authentication.ca.nodePath',
    ['/etc/kubernetes/pki/a.crt', '/etc/kubernetes/pki/b.crt'],
    'lab: the file on the nodes with the CA that the API server trusts for the issuer changed from /etc/kubernetes/pki/a.crt to /etc/kubernetes/pki/b.crt',
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
    '🟠 ~ edge: the setting that allows requests without credentials changed from not set to true: anybody on the network',
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
    '🔴 ~ edge: the CA with which kubectl verifies the API server changed from',
  ),
  row(
    'clusters.*.kubeconfig.certificateAuthority.inline',
    'clusters.edge.kubeconfig.certificateAuthority.inline',
    [true, false],
    'edge: the file with the CA with which kubectl verifies the API server changed from not set to a.crt',
    {
      beside: { 'clusters.edge.kubeconfig.certificateAuthority.file': 'a.crt' },
    },
  ),
  row(
    'clusters.*.kubeconfig.plugin',
    'clusters.edge.kubeconfig.plugin',
    ['oidc-login', 'kubelogin'],
    'edge: the program that signs in for kubectl changed from oidc-login to kubelogin',
  ),
  row(
    'clusters.*.kubeconfig.signIn',
    'clusters.edge.kubeconfig.signIn',
    ['browser', 'keyboard'],
    'edge: the way kubectl signs in changed from browser to keyboard',
    {
      beside: { 'clients.k8s.redirectUrls': ['http://localhost:8000', 'urn:ietf:wg:oauth:2.0:oob'] },
    },
  ),
  row(
    'clusters.*.kubeconfig.tokenCache',
    'clusters.edge.kubeconfig.tokenCache',
    ['keyring', 'disk'],
    'edge: where kubelogin stores tokens on the machines of people changed from keyring to disk',
  ),
  row(
    'clusters.*.breakGlass',
    'clusters.edge.breakGlass',
    ['one', 'two'],
    'edge: the emergency access for when Kanidm is down changed from one to two',
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
    'edge: the Pod Security level of namespace web changed from privileged to baseline',
  ),
  ...fluxRows('clusters.*.flux', 'clusters.edge.flux'),
  ...fluxRows('flux', 'flux'),
  row('clusters.*.grants.*.name', 'clusters.lab.grants.0.name', ['one', 'two'], 'lab: the grant two is new'),
  row(
    'clusters.*.grants.*.clusterRole',
    'clusters.lab.grants.0.clusterRole',
    ['view', 'edit'],
    'lab: the role of the grant look changed from view to edit',
  ),
  row(
    'clusters.*.grants.*.role',
    'clusters.lab.grants.0',
    [
      { name: 'look', role: 'a', namespaces: ['web'], people: ['jane'] },
      { name: 'look', role: 'b', namespaces: ['web'], people: ['jane'] },
    ],
    'lab: the role of the grant look changed from a to b',
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
  row('grants.*.name', 'grants.0.name', ['one', 'two'], 'lab: the grant two is new'),
  row(
    'grants.*.clusterRole',
    'grants.0.clusterRole',
    ['view', 'edit'],
    'lab: the role of the grant all changed from view to edit',
  ),
  row(
    'grants.*.role',
    'grants.0',
    [
      { name: 'all', role: 'a', namespaces: ['web'], people: ['jane'], clusters: '*' },
      { name: 'all', role: 'b', namespaces: ['web'], people: ['jane'], clusters: '*' },
    ],
    'lab and edge: the role of the grant all changed from a to b',
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
  row('grants.*.clusters', 'grants.0.clusters', [['lab'], '*'], 'edge: the grant all is new'),

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
        `🟠 ~ ${where}: the last day of the grant ${name} changed from 2027-01-31 to 2027-02-28`,
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
    'the members of group users changed (added ci; removed ann)',
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
    '🟡 + the entry of `checks.ignore` for no-break-glass (everywhere) is new',
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
      '🟡 + the entry of `checks.ignore` for no-break-glass (everywhere) is new',
      {
        beside: { 'checks.ignore.0.code': 'no-break-glass', 'checks.ignore.0.reason': 'a lab' },
      },
    );
  }),
  row(
    'checks.maxClusterAdmins',
    'checks.maxClusterAdmins',
    [3, 4],
    'how many people may hold cluster-admin before `kaniflux check` reports it changed from 3 to 4',
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
  { at, base = 'manifests', beside = {} }: Pick<Row, 'at' | 'beside'> & { base?: string },
  value: unknown,
): Side {
  let input = bases[base];
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
  // An image can also be a file, and a member can also be a key. Neither is a separate field.
  const shorthand = ['clients.*.image.*', 'groups.*.members'];
  const named = rows.map(({ field }) => field).filter((field) => !shorthand.includes(field));
  expect([...new Set(named)].sort()).toEqual(fields.sort());
});

test.each(rows)('$field', (one) => {
  const diff = reviewDiff({ before: sideWith(one, one.before), after: sideWith(one, one.after) });
  const lines = asText(diff).split('\n');
  expect(lines.filter((line) => line.includes(one.says))).toHaveLength(1);
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

/** Returns a place for a field: that of its own row, or of a row for a field in it or beside it. */
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
