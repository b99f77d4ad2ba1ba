import { domainPreparation, domainSteps, takeoverPreparation } from '../../../lib/diff/steps/domain-steps';
import { type Change, teamWith, uuid } from './configs';

const kanidm = (fields: Change): Change => ({ kanidm: fields });
const to = (domain: string, more: Change = {}) => kanidm({ domain, ...more });
const both = (before: Change, after: Change, common: Change = {}) => ({
  before: teamWith(common, before),
  after: teamWith(common, after),
});

const chart = kanidm({
  cluster: 'lab',
  helm: { repository: 'https://charts.example.com', chart: 'kanidm', version: '1.0.0' },
});
const manifests = kanidm({ cluster: 'lab', namespace: 'idm', manifests: { tlsSecretName: 'tls' } });
const firstReview = (change: Change) => {
  const after = teamWith(change);
  return { before: { ...after, kanidm: { ...after.kanidm, domain: '' } }, after };
};

describe('after the domain of Kanidm changes', () => {
  const passkeys =
    'All passkeys stop working, so each person needs a reset token (kanidm person credential create-reset-token NAME)';
  const stops = 'With the new settings, the server does not start until the domain is renamed';

  test('somebody renames it on the host of Kanidm, unless the new domain is another server', () => {
    expect(domainSteps(both({}, to('idm.example.net')))).toEqual([
      {
        title: `Rename the domain of Kanidm from idm.example.com to idm.example.net. ${stops}. ${passkeys}. If idm.example.net is another Kanidm server, skip this step, and run the runbook there`,
        commands: [
          '# on the host of Kanidm: stop the server',
          '# set domain = "idm.example.net" and origin = "https://idm.example.net" in server.toml',
          'kanidmd domain rename',
          '# then start the server again',
        ],
      },
    ]);
  });
  test.each([
    ['below', 'https://sso.idm.example.com', 'Until then, the server keeps the old domain'],
    ['the same as', 'https://idm.example.com', 'Until then, the server keeps the old domain'],
    ['elsewhere than', 'https://sso.example.com', stops],
  ])('the server starts before that only if its origin is not elsewhere: %s the old domain', (_, origin, says) => {
    const [step] = domainSteps(both({}, to('example.com', { origin })));
    expect(step?.title).toContain(`. ${says}. All passkeys`);
  });
  test('with a chart, a Job renames it', () => {
    expect(domainSteps(both({}, to('idm.example.net'), chart))).toEqual([
      {
        title: `Rename the domain of Kanidm from idm.example.com to idm.example.net. ${stops}. ${passkeys}`,
        commands: [
          '# after Flux has applied the change: stop the server, and run this in a Job with the volumes of the server',
          'kanidmd domain rename',
          '# then start the server again',
        ],
      },
    ]);
  });
  test('with manifests, the server is stopped in the meantime', () => {
    const commands = (flux: string) => [
      '# after Flux has applied the change: stop the server',
      `kubectl --context=lab --namespace=${flux} patch kustomization kaniflux-kanidm --type=merge --patch='{"spec":{"suspend":true}}'`,
      'kubectl --context=lab --namespace=idm scale statefulset kanidm --replicas=0',
      'kubectl --context=lab --namespace=idm wait --for=delete pod/kanidm-0 --timeout=180s',
      '# run `kanidmd domain rename` in a Job with the volumes of the server: docs/kanidm.md, "Change the domain"',
      '# then start the server again',
      'kubectl --context=lab --namespace=idm scale statefulset kanidm --replicas=1',
      `kubectl --context=lab --namespace=${flux} patch kustomization kaniflux-kanidm --type=merge --patch='{"spec":{"suspend":false}}'`,
    ];
    expect(domainSteps(both({}, to('idm.example.net'), manifests))).toEqual([
      {
        title: `Rename the domain of Kanidm from idm.example.com to idm.example.net. ${stops}. ${passkeys}`,
        commands: commands('flux-system'),
      },
    ]);
    const gitops = { ...manifests, clusters: { lab: { flux: { namespace: 'gitops' } } } };
    expect(domainSteps(both({}, to('idm.example.net'), gitops)).map((step) => step.commands)).toEqual([
      commands('gitops'),
    ]);
  });
  test('there was none in the first review', () => {
    expect(domainSteps(firstReview({}))).toEqual([]);
    expect(domainSteps(both({}, {}))).toEqual([]);
  });
});

describe('after the origin of Kanidm changes', () => {
  const origin = kanidm({ origin: 'https://sso.idm.example.com' });

  test('somebody sets it on the host', () => {
    expect(domainSteps(both({}, origin))).toEqual([
      {
        title: 'Change the origin of Kanidm',
        commands: [
          '# set origin = "https://sso.idm.example.com" in server.toml, on the host of Kanidm, and restart the server',
        ],
      },
    ]);
  });
  test.each([
    ['a chart', chart],
    ['manifests', manifests],
  ])('%s brings it to Kanidm', (_, deployed) => {
    expect(domainSteps(both({}, origin, deployed))).toEqual([]);
  });
});

describe('before merging', () => {
  const write = (count: number) =>
    `# for each existing entry without an \`id\` (${count}), look up the UUID in Kanidm and write the UUID into the config as \`id\`. Without an \`id\`, Kaniflux derives a UUID that differs from the UUID in Kanidm, and Kanidm refuses the migrations`;
  const password = '# give idm_admin a password, because the passkeys of idm_admin stop working as well';
  const migrations = kanidm({ provision: 'migrations' });
  const title = 'prepare the new domain of Kanidm';
  const other = to('idm.example.net');

  test('of another domain, there is a backup, and a password of the administrator', () => {
    expect(domainPreparation(both({}, other))).toEqual([
      { title, isBefore: true, commands: [password, '# take a backup of Kanidm'] },
    ]);
    expect(domainPreparation(both({}, other, manifests))).toEqual([
      {
        title,
        isBefore: true,
        commands: [
          password,
          'kubectl --context=lab --namespace=idm exec kanidm-0 -- /sbin/kanidmd scripting backup > kanidm-backup.json.gz',
        ],
      },
    ]);
  });
  test('migrations need the UUIDs that were derived from the old domain', () => {
    const more = { people: { ann: { displayName: 'Ann', id: uuid(1) }, old: { absent: true } } };
    const withNew = { ...other, people: { eve: { displayName: 'Eve' } } };
    // The UUIDs of jane, users and k8s are written. That of eve is not, because she is new.
    expect(domainPreparation(both(more, { ...more, ...withNew }, migrations))).toEqual([
      { title, isBefore: true, commands: [write(3), password, '# take a backup of Kanidm'] },
    ]);
    const ids = {
      people: { jane: { id: uuid(1) } },
      groups: { users: { id: uuid(2) } },
      clients: { k8s: { id: uuid(3) } },
    };
    expect(domainPreparation(both(ids, { ...ids, ...other }, migrations))).toEqual([
      { title, isBefore: true, commands: [password, '# take a backup of Kanidm'] },
    ]);
  });
  test('of no other domain, or of the first review, there is nothing to prepare', () => {
    expect(domainPreparation(both({}, {}, manifests))).toEqual([]);
    expect(domainPreparation(firstReview({}))).toEqual([]);
  });

  test('of the first migrations, the UUIDs that Kanidm chose are written down', () => {
    expect(takeoverPreparation(both({}, migrations))).toEqual([
      { title: 'write the UUIDs of the existing entries into the config', isBefore: true, commands: [write(3)] },
    ]);
  });
  test.each<[string, Change, Change]>([
    ['the runbook replaces migrations', migrations, {}],
    ['migrations stay', migrations, migrations],
    [
      'the domain changes too, for which there is another step',
      {},
      { kanidm: { ...(migrations.kanidm as Change), ...(other.kanidm as Change) } },
    ],
    [
      'the config has all UUIDs',
      {},
      {
        ...migrations,
        people: { jane: { id: uuid(1) } },
        groups: { users: { id: uuid(2) } },
        clients: { k8s: { id: uuid(3) } },
      },
    ],
  ])('they are not if %s', (_, before, after) => {
    expect(takeoverPreparation(both(before, after))).toEqual([]);
  });
});
