import type { FileChange } from '../../../lib/diff/file-changes';
import { deletionSteps, kanidmSteps } from '../../../lib/diff/steps/kanidm-change-steps';
import { type Change, teamWith, uuid } from './configs';

const steps = (before: Change, after: Change, { both = {}, files = [] as readonly FileChange[] } = {}) =>
  [kanidmSteps, deletionSteps].flatMap((steps) =>
    steps({ before: teamWith(both, before), after: teamWith(both, after), files, folder: 'dist' }),
  );

const byHand =
  'Change Kanidm, as idm_admin (or run dist/kanidm/runbook.sh, which includes these commands and makes all entries match the config)';
const byRunbook = 'Run the runbook; do not create these entries by hand, because Kanidm would give them other UUIDs';
const afterMigrations =
  'After Kanidm has applied the migrations, make these changes as idm_admin, because migrations cannot make them';
const kept = 'Kanidm keeps entries and values that were removed from the config; delete those that you no longer need';
const login = ['export KANIDM_URL=https://idm.example.com KANIDM_NAME=idm_admin', 'kanidm login'];
const migrations = { kanidm: { provision: 'migrations' } };
const image = { url: 'https://www.example.com/a.svg', sha256: 'a'.repeat(64) };

test('an unchanged config has no steps', () => {
  expect(steps({}, {})).toEqual([]);
  expect(steps({}, {}, { both: migrations })).toEqual([]);
});

describe('with the runbook', () => {
  test('an entry that gets another key and is absent is deleted under its old name', () => {
    const joe = {
      people: { joe: { displayName: 'Joe', id: uuid(1) } },
      groups: { users: { members: ['jane', 'joe'] } },
    };
    const gone = { people: { joseph: { absent: true, id: uuid(1) } }, groups: { users: { members: ['jane'] } } };
    expect(steps(joe, gone)).toEqual([{ title: byHand, commands: [...login, 'kanidm person delete joe'] }]);
  });
  test('the commands delete and rename entries before they create and change others', () => {
    const before = {
      people: { joe: { displayName: 'Joe', id: uuid(1) }, old: { displayName: 'Old' } },
      serviceAccounts: { ci: { displayName: 'CI' } },
      groups: { users: { members: ['jane', 'joe'] } },
    };
    const after = {
      people: {
        jane: { displayName: 'Jane Doe' },
        joseph: { displayName: 'Joe', id: uuid(1) },
        old: { absent: true },
        ann: { displayName: 'Ann' },
      },
      serviceAccounts: { ci: { displayName: 'Build' } },
      groups: { users: { members: ['jane', 'joseph'] }, ops: { members: ['ann'] } },
      clients: { k8s: { displayName: 'Kubernetes', image } },
    };
    expect(steps(before, after)).toEqual([
      {
        title: byHand,
        commands: [
          ...login,
          'kanidm person delete old',
          'kanidm person update joe --newname=joseph',
          'kanidm group create ops',
          "kanidm person update jane --displayname='Jane Doe'",
          'kanidm person create ann Ann',
          'kanidm person credential create-reset-token ann',
          'kanidm service-account update ci --displayname=Build',
          'kanidm group add-members ops ann',
          'kanidm system oauth2 set-displayname k8s Kubernetes',
          '# set the logo image of client k8s: run the runbook, which downloads it',
        ],
      },
    ]);
  });

  test('an entry of each kind that became absent is deleted, but not a second time', () => {
    const there = {
      people: { old: { displayName: 'Old' } },
      serviceAccounts: { oldci: { displayName: 'CI' } },
      groups: { oldies: { members: [] } },
      clients: { oldweb: { landingUrl: 'https://web.example.com' } },
    };
    const gone = {
      people: { old: { absent: true } },
      serviceAccounts: { oldci: { absent: true } },
      groups: { oldies: { absent: true } },
      clients: { oldweb: { absent: true } },
    };
    expect(steps(there, gone)).toEqual([
      {
        title: byHand,
        commands: [
          ...login,
          'kanidm system oauth2 delete oldweb',
          'kanidm group delete oldies',
          'kanidm service-account delete oldci',
          'kanidm person delete old',
        ],
      },
    ]);
    expect(steps(gone, gone)).toEqual([]);
  });

  test('an entry that is no longer absent is created', () => {
    const people = (jane: object) => ({ people: { joe: jane } });
    expect(steps(people({ absent: true }), people({ displayName: 'Joe' }))).toEqual([
      {
        title: byHand,
        commands: [...login, 'kanidm person create joe Joe', 'kanidm person credential create-reset-token joe'],
      },
    ]);
  });

  test('whose entry with a UUID is new: only the runbook can create it, and prints tokens for new people', () => {
    const after = {
      people: { joe: { displayName: 'Joe', id: uuid(1) }, ann: { displayName: 'Ann' } },
      groups: { ops: { id: uuid(2), members: [] } },
    };
    expect(steps({}, after)).toEqual([
      {
        title: byRunbook,
        commands: [
          `# person joe has the UUID ${uuid(1)}`,
          `# group ops has the UUID ${uuid(2)}`,
          'sh dist/kanidm/runbook.sh joe ann',
        ],
      },
    ]);
  });

  test('an entry with a UUID is not new if the other config has it, also under another name', () => {
    const joe = { displayName: 'Joe', id: uuid(1) };
    expect(steps({ people: { joe } }, { people: { joseph: joe } })).toEqual([
      { title: byHand, commands: [...login, 'kanidm person update joe --newname=joseph'] },
    ]);
    expect(steps({ people: { joe } }, { people: { joe: { id: uuid(1), absent: true } } })).toEqual([
      { title: byHand, commands: [...login, 'kanidm person delete joe'] },
    ]);
  });

  test('an entry with a UUID that was absent is new', () => {
    const joe = (more: object) => ({ people: { joe: { id: uuid(1), ...more } } });
    expect(steps(joe({ absent: true }), joe({ displayName: 'Joe' }))).toEqual([
      { title: byRunbook, commands: [`# person joe has the UUID ${uuid(1)}`, 'sh dist/kanidm/runbook.sh joe'] },
    ]);
  });

  test('a rename by `formerly` is a matter of the runbook, and gives nobody a token', () => {
    const after = {
      people: { jane: null, janet: { displayName: 'Jane', formerly: 'jane' } },
      groups: { users: { members: ['janet'] } },
    };
    expect(steps({}, after)).toEqual([
      { title: byRunbook, commands: ['# person jane becomes janet', 'sh dist/kanidm/runbook.sh'] },
    ]);
  });

  test('a rename by `formerly` whose old key is `absent` deletes nothing', () => {
    const both = (jane: object, janet: object) => ({
      people: { jane: { absent: true, ...jane }, janet: { displayName: 'Jane', ...janet } },
      groups: { users: { members: ['janet'] } },
    });
    expect(steps({}, both({}, { formerly: 'jane' }))).toEqual([
      { title: byRunbook, commands: ['# person jane becomes janet', 'sh dist/kanidm/runbook.sh'] },
    ]);
    const deletes = expect.arrayContaining(['kanidm person delete jane']);
    expect(steps({}, both({}, {}))[0]?.commands).toEqual(deletes);
    expect(steps({}, both({ id: uuid(1) }, { formerly: 'jane' }))[0]?.commands).toEqual(deletes);
  });

  test('a group with the name of a person in a rename by `formerly` changes nothing about the token', () => {
    const after = {
      people: { janet: { displayName: 'Janet' } },
      groups: { users: null, staff: { formerly: 'users', members: ['jane'] } },
      clients: { k8s: { scopes: { users: null, staff: ['openid'] } } },
    };
    expect(steps({}, after)).toEqual([
      { title: byRunbook, commands: ['# group users becomes staff', 'sh dist/kanidm/runbook.sh janet'] },
    ]);
  });

  test('an entry that leaves the config gives its name to another one first, also before the runbook', () => {
    const before = {
      people: { joe: { displayName: 'Joe', id: uuid(1) }, ann: { displayName: 'Ann', id: uuid(2) } },
    };
    const freed = [
      '# this person ann gets another name, because another entry gets the name ann',
      'kanidm person update ann --newname=ann-old',
    ];
    const left = {
      title: kept,
      commands: ['# person ann stays in Kanidm as ann-old; to delete it:', 'kanidm person delete ann-old'],
    };
    const renamed = { people: { ann: { displayName: 'Joe', id: uuid(1) } } };
    expect(steps(before, renamed)).toEqual([
      { title: byHand, commands: [...login, ...freed, 'kanidm person update joe --newname=ann'] },
      left,
    ]);
    const withNew = { people: { ann: { displayName: 'Joe', id: uuid(1) }, eve: { displayName: 'Eve', id: uuid(3) } } };
    expect(steps(before, withNew)).toEqual([
      {
        title: byRunbook,
        commands: [...login, ...freed, `# person eve has the UUID ${uuid(3)}`, 'sh dist/kanidm/runbook.sh eve'],
      },
      left,
    ]);
  });
});

describe('with migrations', () => {
  test('new people get a token, and times, loopback redirects and images are set by hand', () => {
    const before = { serviceAccounts: { ci: { displayName: 'CI' } } };
    const after = {
      people: { jane: { expires: '2027-01-01T00:00:00Z' }, ann: { displayName: 'Ann' }, bob: { absent: true } },
      serviceAccounts: { ci: { displayName: 'Build', validFrom: '2026-01-01T00:00:00Z' } },
      groups: { ops: { members: ['ann'] } },
      clients: { k8s: { displayName: 'Kubernetes', localhostRedirects: true, image } },
    };
    expect(steps(before, after, { both: migrations })).toEqual([
      {
        title: afterMigrations,
        commands: [
          ...login,
          'kanidm person validity expire-at jane 2027-01-01T00:00:00Z',
          'kanidm service-account validity begin-from ci 2026-01-01T00:00:00Z',
          'kanidm system oauth2 enable-localhost-redirects k8s',
          '# set the logo image of client k8s: run the runbook, which downloads it',
          'kanidm person credential create-reset-token ann',
        ],
      },
    ]);
  });
  test('what migrations can change needs nothing by hand', () => {
    const after = { people: { jane: { displayName: 'Jane Doe' } }, groups: { ops: { members: ['jane'] } } };
    expect(steps({}, after, { both: migrations })).toEqual([]);
  });
  test('what stays the same, and what migrations cannot change, needs nothing', () => {
    const same = {
      people: { jane: { expires: '2027-01-01T00:00:00Z' } },
      serviceAccounts: { ci: { displayName: 'CI', validFrom: '2026-01-01T00:00:00Z' } },
      clients: { k8s: { localhostRedirects: true, image } },
    };
    expect(steps(same, { ...same, groups: { ops: { members: [] } } }, { both: migrations })).toEqual([]);
  });
  test('a renamed person needs no token', () => {
    const after = {
      people: { jane: null, janet: { displayName: 'Jane', formerly: 'jane' } },
      groups: { users: { members: ['janet'] } },
    };
    expect(steps({}, after, { both: migrations })).toEqual([]);
  });

  const file = (path: string, change: FileChange['change'] = 'changed'): FileChange => ({ path, change });
  const install = 'Install the migrations on the host of Kanidm';
  const copy = '# copy dist/kanidm/migrations.d/ into the folder that `migration_path` of server.toml names';
  const reload = [
    'kanidmd scripting reload',
    '# if Kanidm refuses files, only its log says so: Failed to apply migration, or Duplicate migration UUID found',
  ];

  test('changed files are installed on the host, and those that are gone are deleted there', () => {
    const files = [
      file('ACCESS.md', 'removed'),
      file('kanidm/migrations.d/10-a.json'),
      file('kanidm/migrations.d/20-b.json', 'removed'),
      file('kanidm/migrations.d/30-c.json', 'removed'),
    ];
    expect(steps({}, {}, { both: migrations, files })).toEqual([
      {
        title: install,
        commands: [
          copy,
          '# delete these files in that folder, or Kanidm may apply no file at all: 20-b.json, 30-c.json',
          ...reload,
        ],
      },
    ]);
  });
  test('changed files alone are only copied', () => {
    expect(steps({}, {}, { both: migrations, files: [file('kanidm/migrations.d/10-a.json', 'added')] })).toEqual([
      { title: install, commands: [copy, ...reload] },
    ]);
  });
  test('other files are not installed', () => {
    expect(steps({}, {}, { both: migrations, files: [file('kanidm/runbook.sh')] })).toEqual([]);
  });
  test.each([
    ['a chart', { helm: { repository: 'https://datosh.github.io/kanidm/', chart: 'kanidm', version: '0.2.1' } }],
    ['manifests', { manifests: { tlsSecretName: 'tls' } }],
  ])('%s brings them to Kanidm', (_, deployed) => {
    const both = { kanidm: { provision: 'migrations', cluster: 'lab', ...deployed } };
    expect(steps({}, {}, { both, files: [file('kanidm/migrations.d/10-a.json')] })).toEqual([]);
  });
});

describe('what Kanidm keeps', () => {
  const full = {
    people: { joe: { displayName: 'Joe' } },
    serviceAccounts: { ci: { displayName: 'CI' } },
    groups: { ops: { members: [] } },
    clients: { web: { landingUrl: 'https://web.example.com' } },
  };

  test('entries that left the config', () => {
    const commands = [
      '# client web stays in Kanidm; to delete it:',
      'kanidm system oauth2 delete web',
      '# group ops stays in Kanidm; to delete it:',
      'kanidm group delete ops',
      '# service account ci stays in Kanidm; to delete it:',
      'kanidm service-account delete ci',
      '# person joe stays in Kanidm; to delete it:',
      'kanidm person delete joe',
    ];
    expect(steps(full, {})).toEqual([{ title: kept, commands }]);
    expect(steps(full, {}, { both: migrations })).toEqual([{ title: kept, commands }]);
  });
  test('nothing that another Kanidm has', () => {
    const elsewhere = { kanidm: { domain: 'idm.example.net' } };
    expect(steps(full, elsewhere).filter(({ title }) => title === kept)).toEqual([]);
  });
  test('no entry that the runbook renames', () => {
    const after = {
      people: { jane: null, janet: { displayName: 'Jane', formerly: 'jane' } },
      groups: { users: { members: ['janet'] } },
    };
    const before = { serviceAccounts: { ci: { displayName: 'CI' } }, people: { ann: { displayName: 'Ann' } } };
    expect(steps(before, after)).toEqual([
      { title: byRunbook, commands: ['# person jane becomes janet', 'sh dist/kanidm/runbook.sh'] },
      {
        title: kept,
        commands: [
          '# service account ci stays in Kanidm; to delete it:',
          'kanidm service-account delete ci',
          '# person ann stays in Kanidm; to delete it:',
          'kanidm person delete ann',
        ],
      },
    ]);
  });
  test('no temporary name for an entry that the runbook renames before it creates another one', () => {
    const people = { janet: { displayName: 'Jane', formerly: 'jane' }, jane: { displayName: 'Another Jane' } };
    expect(steps({}, { people, groups: { users: { members: ['janet'] } } })).toEqual([
      { title: byRunbook, commands: ['# person jane becomes janet', 'sh dist/kanidm/runbook.sh jane'] },
    ]);
  });
  test('a person who gets the name of a person renamed by the id is created', () => {
    const before = { people: { joe: { displayName: 'Joe', id: uuid(1) } } };
    const after = { people: { joe: { displayName: 'Another' }, joseph: { displayName: 'Joe', id: uuid(1) } } };
    const commands = steps(before, after).flatMap((step) => step.commands);
    expect(commands).toContain('kanidm person update joe --newname=joseph');
    expect(commands).toContain('kanidm person create joe Another');
  });
  test('with migrations, no command deletes an account whose name a new one may already have', () => {
    const before = {
      people: { joe: { displayName: 'Joe', id: uuid(1) }, ann: { displayName: 'Ann', id: uuid(2) } },
    };
    const after = { people: { ann: { displayName: 'Joe', id: uuid(1) } } };
    expect(steps(before, after, { both: migrations })).toEqual([]);
  });

  const jane = {
    people: {
      jane: {
        legalName: 'Jane Doe',
        mail: 'jane@example.com',
        posix: { gid: 70001, shell: '/bin/sh' },
        sshKeys: { laptop: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPwIgShT8rP1y2eFvDrI1m8bDk3pGyUhQ2GExgpCGbLK' },
      },
    },
    groups: { ops: { members: ['jane'], description: 'On call', policy: { sessionExpiry: 60, privilegeExpiry: 30 } } },
    clients: {
      k8s: {
        redirectUrls: ['http://localhost:8000'],
        supplementaryScopes: { users: ['email'] },
        consentPrompt: false,
        preferShortUsername: true,
        legacyCrypto: true,
      },
      web: { type: 'basic', landingUrl: 'https://web.example.com', disablePkce: true },
    },
  };
  test('a value that `null` already removed is not kept', () => {
    const time = (expires?: string | null) => ({ people: { jane: { expires } } });
    const kept = (expires: string | null) => JSON.stringify(steps(time(expires), time())).includes('jane.expires');
    expect([kept('2027-01-01T00:00:00Z'), kept(null)]).toEqual([true, false]);
  });

  const lines = (...fields: string[]) => [
    { title: kept, commands: fields.map((one) => `# ${one} is no longer in the config: Kanidm keeps its value`) },
  ];
  const less = {
    groups: { ops: {} },
    clients: { web: { type: 'basic', landingUrl: 'https://web.example.com' } },
  };
  const keptSteps = (before: Change, after: Change, both = {}) =>
    steps(before, after, { both }).filter(({ title }) => title === kept);

  test('fields that left the config, but not flags, which are turned off', () => {
    expect(keptSteps(jane, less)).toEqual(
      lines(
        'clients.k8s.redirectUrls',
        'clients.k8s.supplementaryScopes',
        'clients.k8s.consentPrompt',
        'groups.ops.description',
        'groups.ops.policy.sessionExpiry',
        'groups.ops.policy.privilegeExpiry',
        'groups.ops.members',
        'people.jane.legalName',
        'people.jane.posix.gid',
        'people.jane.posix.shell',
        'people.jane.sshKeys',
        'people.jane.mail',
      ),
    );
  });
  test('with migrations, not the sections that they remove with their class', () => {
    expect(keptSteps(jane, less, migrations)).toEqual(
      lines(
        'clients.k8s.redirectUrls',
        'clients.k8s.supplementaryScopes',
        'clients.k8s.consentPrompt',
        'groups.ops.description',
        'groups.ops.members',
        'people.jane.legalName',
        'people.jane.sshKeys',
        'people.jane.mail',
      ),
    );
  });
  test('with migrations, a value of a section that stays', () => {
    const after = { ...jane, groups: { ops: { ...jane.groups.ops, policy: { privilegeExpiry: 30 } } } };
    expect(keptSteps(jane, after, migrations)).toEqual(lines('groups.ops.policy.sessionExpiry'));
  });
  test('with migrations, a value of a section that stays without values', () => {
    const after = { ...jane, people: { jane: { ...jane.people.jane, posix: {} } } };
    expect(keptSteps(jane, after, migrations)).toEqual(lines('people.jane.posix.gid', 'people.jane.posix.shell'));
  });
  test('a field of a renamed entry, under the new name', () => {
    const before = { people: { joe: { displayName: 'Joe', id: uuid(1), legalName: 'Joe Doe' } } };
    const after = { people: { joseph: { displayName: 'Joe', id: uuid(1) } } };
    expect(keptSteps(before, after)).toEqual(lines('people.joseph.legalName'));
  });
  test('no field of an entry that is deleted or new', () => {
    const after = { people: { joe: { absent: true }, ann: { displayName: 'Ann' } } };
    expect(keptSteps({ people: { joe: { displayName: 'Joe', legalName: 'Joe Doe' } } }, after)).toEqual([]);
  });
  test('no field that Kanidm does not have', () => {
    const joe = (more: object) => ({ people: { joe: { displayName: 'Joe', ...more } } });
    const ops = (member: unknown) => ({ groups: { ops: { members: [member] } } });
    for (const [before, after] of [
      [joe({ id: uuid(1) }), joe({})],
      [joe({ formerly: 'jo' }), joe({})],
      [{ ...joe({ incarnation: 2 }), ...migrations }, joe({})],
      [ops({ name: 'jane', until: '2027-01-31' }), ops('jane')],
    ] as const)
      expect(keptSteps(before, after)).toEqual([]);
  });
});
