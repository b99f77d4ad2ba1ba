import type { Config, Version } from '../../../lib/config/config';
import { noConfig } from '../../../lib/diff/plain-config';
import { stepsAfter } from '../../../lib/diff/steps/manual-steps';
import { moveSteps } from '../../../lib/diff/steps/move-steps';
import { upgradeSteps } from '../../../lib/diff/steps/upgrade-steps';
import { uuidSteps } from '../../../lib/diff/steps/uuid-steps';
import { type Change, teamWith, uuid } from './configs';

const sides = (before: Change, after: Change) => ({
  before: teamWith(before),
  after: teamWith(after),
  files: [],
  objects: [],
  folder: 'dist',
});
const manifests = (more: Change = {}): Change => ({
  kanidm: { cluster: 'lab', manifests: { tlsSecretName: 'tls' }, ...more },
});
const migrations = (more: Change = {}): Change => manifests({ provision: 'migrations', ...more });

describe('all steps', () => {
  test('those before merging say so, and come first', () => {
    const before = { people: { joe: { displayName: 'Joe' } } };
    const after = { kanidm: { domain: 'idm.example.net' } };
    const steps = stepsAfter(sides(before, after));
    expect(steps.map(({ title, isBefore }) => [title.slice(0, 32), isBefore])).toEqual([
      ['Before merging: prepare the new ', true],
      ['Rename the domain of Kanidm from', undefined],
    ]);
    expect(Object.keys(steps[1] ?? {})).toEqual(['title', 'commands']);
  });
  test('a command with a character that looks like another one has a note', () => {
    const steps = stepsAfter(
      sides({}, { people: { jane: { displayName: 'J\u0430ne' }, joe: { displayName: 'Joe' } } }),
    );
    expect(steps.map(({ commands }) => commands)).toEqual([
      [
        'export KANIDM_URL=https://idm.example.com KANIDM_NAME=idm_admin',
        'kanidm login',
        '# in the next line, codes such as \\u0435 stand for characters: copy the characters from the config',
        "kanidm person update jane --displayname='J\u0430ne'",
        'kanidm person create joe Joe',
        'kanidm person credential create-reset-token joe',
      ],
    ]);
  });
});

test('a comment with such a character has no note', () => {
  const files = [{ change: 'changed', path: 'control-planes/lab/auth.yaml' }] as const;
  expect(stepsAfter({ ...sides({}, {}), files, folder: 'd\u0456st' }).map(({ commands }) => commands)).toEqual([
    ['# lab (kubeadm): follow d\u0456st/control-planes/lab/README.md (changed: auth.yaml)'],
  ]);
});

describe('a move', () => {
  const withId = (end: number, kanidm: Change) => ({ ...kanidm, people: { jane: { id: uuid(end) } } });

  test('that loses the database is a step before merging', () => {
    expect(moveSteps(sides(manifests({ namespace: 'idm' }), manifests({ namespace: 'auth' })))).toEqual([
      {
        title: 'Kanidm moves from the namespace idm to auth: Kanidm would start on new, empty volumes (kanidm-moves)',
        isBefore: true,
        commands: [
          '# fix: take a backup, remove the old Kanidm but not its volumes, deploy the change, and restore the backup on the new volumes (docs/kanidm.md, "Moving to other volumes")',
        ],
      },
    ]);
  });
  test('of an entry is one only with migrations', () => {
    expect(moveSteps(sides(withId(1, migrations()), withId(2, migrations())))).toEqual([
      {
        title: `\`jane\` has the UUID ${uuid(1)} in Kanidm and would get ${uuid(2)}, but Kanidm never changes the UUID of an entry (uuid-changed)`,
        isBefore: true,
        commands: [`# fix: write \`id: ${uuid(1)}\``],
      },
    ]);
    expect(moveSteps(sides(withId(1, manifests()), withId(2, manifests())))).toEqual([]);
  });
  test.each<[string, Change, Change]>([
    ['the domain', {}, { kanidm: { domain: 'idm.example.net' } }],
    [
      'the size of a volume',
      manifests({ manifests: { tlsSecretName: 'tls', storage: { size: '1Gi' } } }),
      manifests({ manifests: { tlsSecretName: 'tls', storage: { size: '2Gi' } } }),
    ],
    ['the provisioning', manifests(), migrations()],
  ])('of %s has a step of its own', (_, before, after) => {
    expect(moveSteps(sides(before, after))).toEqual([]);
  });
  test('that is only a warning is no step', () => {
    expect(moveSteps(sides({ ...migrations(), people: { joe: { displayName: 'Joe' } } }, migrations()))).toEqual([]);
  });
  test('there is none in the first review', () => {
    expect(moveSteps({ before: noConfig, after: teamWith(migrations()) })).toEqual([]);
  });
});

describe('an upgrade of Kanidm', () => {
  const chart = (more: Change = {}): Change => ({
    kanidm: {
      cluster: 'lab',
      helm: { repository: 'https://charts.example.com', chart: 'kanidm', version: '1.0.0' },
      ...more,
    },
  });
  const version = (text: string): Version => {
    const [major = 0, minor = 0] = text.split('.').map(Number);
    return { text, major, minor };
  };
  /** Returns the config with another version of Kanidm. The version may be one that Kaniflux does not support yet. */
  const running = (config: Config, text: string) => ({
    ...config,
    kanidm: { ...config.kanidm, version: version(text) },
  });
  const steps = (from: string, to: string, kanidm = manifests) => {
    const config = teamWith(kanidm({ namespace: 'idm' }));
    return upgradeSteps({ before: running(config, from), after: running(config, to) });
  };
  const title = (from: string, to: string) =>
    `ask Kanidm whether it can be upgraded from ${from} to ${to}, and take a backup: the older version cannot read the database afterwards`;
  const exec = 'kubectl --context=lab --namespace=idm exec kanidm-0 --container=kanidm -- /sbin/kanidmd';

  test.each([
    ['1.10.0', '1.11.1'],
    ['1.12.0', '2.0.0'],
  ])('from %s to %s begins with a check and a backup', (from, to) => {
    expect(steps(from, to)).toEqual([
      {
        title: title(from, to),
        isBefore: true,
        commands: [`${exec} domain upgrade-check`, `${exec} scripting backup > kanidm-backup.json.gz`],
      },
    ]);
  });
  test.each([
    ['1.11.0', '1.11.1'],
    ['1.11.1', '1.10.0'],
    ['2.0.0', '1.12.0'],
  ])('from %s to %s is none', (from, to) => {
    expect(steps(from, to)).toEqual([]);
  });
  test('of a chart is checked in its pod', () => {
    expect(steps('1.10.0', '1.11.1', chart)).toEqual([
      {
        title: title('1.10.0', '1.11.1'),
        isBefore: true,
        commands: ['# in the pod of the chart: kanidmd domain upgrade-check, then a backup (docs/upgrade.md)'],
      },
    ]);
  });
  test('is that of somebody else where Kaniflux does not deploy Kanidm', () => {
    expect(steps('1.10.0', '1.11.1', (more) => ({ kanidm: more }))).toEqual([]);
  });
  test('is not known without a version', () => {
    const [without, with_] = [chart({ version: null }), chart({ version: '1.10.0' })];
    expect(upgradeSteps(sides(without, with_))).toEqual([]);
    expect(upgradeSteps(sides(with_, without))).toEqual([]);
  });
});

describe('UUIDs that only Kanidm knows', () => {
  const granted = (people: string[], more: Change = {}): Change => ({
    serviceAccounts: { ci: { displayName: 'CI' } },
    groups: { users: { members: ['jane', 'joe', 'ci'] } },
    people: { joe: { displayName: 'Joe' }, ...(more.people as Change) },
    clusters: {
      lab: {
        authentication: { method: 'structured', claim: 'sub', ...(more.authentication as Change) },
        grants: [
          { name: 'look', clusterRole: 'view', people },
          { name: 'see', clusterRole: 'edit', people, ...(more.grant as Change) },
        ],
      },
    },
  });
  const fields = (before: Change, after: Change) => uuidSteps(sides(before, after));

  test('are written into the config if grants newly name their accounts', () => {
    expect(fields(granted(['jane']), granted(['jane', 'joe'], { grant: { serviceAccounts: ['ci'] } }))).toEqual([
      {
        title:
          'Write the UUIDs from the output of the runbook into the config, and merge this as a second change: until then, no binding names these accounts',
        commands: ['sh dist/kanidm/runbook.sh', '# write people.joe.id', '# write serviceAccounts.ci.id'],
      },
    ]);
  });
  test('are written before merging if the migrations derived them', () => {
    const kanidm = { provision: 'migrations' };
    expect(fields({ kanidm, ...granted(['jane']) }, granted(['jane']))).toEqual([
      {
        title:
          'write into the config the UUIDs that Kaniflux derived until now. Without these UUIDs in the config, no binding names their accounts',
        isBefore: true,
        commands: [expect.stringMatching(/^# write people\.jane\.id: [0-9a-f-]{36}$/)],
      },
    ]);
  });
  test('are not those of the account that had the name before', () => {
    const people = { janet: { displayName: 'Jane', formerly: 'jane' }, jane: { displayName: 'Another', id: null } };
    const [step] = fields({ kanidm: { provision: 'migrations' }, ...granted(['jane']) }, granted(['jane'], { people }));
    expect(step?.commands).toEqual(['sh dist/kanidm/runbook.sh', '# write people.jane.id']);
  });
  test.each<[string, Change, Change]>([
    [
      'the config has them',
      granted(['jane']),
      granted(['jane', 'joe'], { people: { joe: { displayName: 'Joe', id: uuid(1) } } }),
    ],
    ['grants named the accounts before', granted(['jane', 'joe']), granted(['jane', 'joe'])],
    [
      'users have the name of another claim',
      granted(['jane'], { authentication: { claim: 'preferred_username' } }),
      granted(['jane', 'joe'], { authentication: { claim: 'preferred_username' } }),
    ],
  ])('are not if %s', (_, before, after) => {
    expect(fields(before, after)).toEqual([]);
  });
});
