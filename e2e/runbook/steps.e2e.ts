import { execFileSync } from 'node:child_process';
import { configOf } from '../../__tests__/config';
import type { Config } from '../../lib/config/config';
import { deletionSteps, kanidmSteps } from '../../lib/diff/steps/kanidm-change-steps';
import { runbook } from '../../lib/node-files/runbook';
import { KanidmModel } from './kanidm-model';
import { runScript } from './run-script';

/*
 * `diff` prints the commands for one change, and the runbook compares everything. Both are applied to a model of Kanidm
 * with the old config, and must lead to the same entries.
 */
const domain = 'idm.example.com';
const uuid = (i: number) => `${String(i).repeat(8)}-1111-4111-8111-111111111111`;

/** Returns an SSH key whose end is the given letter, many times. */
const key = (letter: string) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${letter.repeat(43)}`;

type Kind = 'people' | 'serviceAccounts' | 'groups' | 'clients';

/**
 * The fields of an entry before and after, as YAML. `-` stands for an entry that the config does not have, and `key:
 * NAME` begins the fields of an entry that is renamed.
 */
type Row = readonly [kind: Kind, before: string, after: string];

const url = 'landingUrl: https://app.example.com';

const rows: readonly Row[] = [
  [
    'people',
    'displayName: A, legalName: A B',
    'displayName: B, legalName: null, posix: { gid: 70001, shell: /bin/sh }',
  ],
  [
    'people',
    `displayName: A, sshKeys: { l: ${key('A')}, m: ${key('B')} }`,
    `displayName: A, sshKeys: { l: ${key('C')}, n: ${key('D')} }, mail: [b@example.com, a@example.com, c@example.com]`,
  ],
  [
    'people',
    `displayName: A, mail: [d@example.com], sshKeys: { l: ${key('A')} }`,
    'displayName: A, mail: [], sshKeys: {}',
  ],
  ['people', 'displayName: A, mail: [e@example.com]', 'displayName: A'],
  ['people', 'displayName: A', 'absent: true'],
  ['people', '-', `displayName: -A B, mail: [new@example.com], sshKeys: { l: ${key('A')} }`],
  ['people', `displayName: A, id: ${uuid(2)}`, `key: ann, displayName: B, id: ${uuid(2)}`],
  ['serviceAccounts', 'displayName: A', 'displayName: B, managedBy: groups0'],
  ['serviceAccounts', 'displayName: A, managedBy: groups0', 'displayName: A, managedBy: null'],
  ['serviceAccounts', '-', 'displayName: A, managedBy: groups0'],
  ['serviceAccounts', 'displayName: A', 'absent: true'],
  ['groups', 'members: [people0, people1]', 'members: [people1, people2, people5], description: team'],
  [
    'groups',
    'description: team, members: [people0], policy: { sessionExpiry: 60 }',
    'description: null, members: [], policy: { sessionExpiry: null, privilegeExpiry: 60 }',
  ],
  ['groups', 'members: [people0]', ''],
  [
    'groups',
    'policy: { credentialMinimum: mfa }, managedBy: groups0',
    'policy: { credentialMinimum: null, passwordMinimumLength: 20 }, managedBy: null',
  ],
  ['groups', '', 'members: [people1, groups1], managedBy: groups0, posix: { gid: 70011 }'],
  ['groups', 'members: [groups0]', 'absent: true'],
  ['groups', '-', 'members: [people0, groups0], description: new, policy: { credentialMinimum: mfa }'],
  ['groups', `id: ${uuid(4)}`, `key: team, id: ${uuid(4)}, members: [people1]`],
  [
    'clients',
    `${url}, redirectUrls: ["https://a.example.com/x", "https://c.example.com"], scopes: { groups0: [openid] }`,
    `${url}/start, displayName: B, redirectUrls: ["https://b.example.com", "https://c.example.com"], scopes: { groups1: [openid, email] }`,
  ],
  [
    'clients',
    `${url}, type: basic, consentPrompt: false`,
    `${url}, type: basic, legacyCrypto: true, preferShortUsername: true, consentPrompt: true`,
  ],
  [
    'clients',
    `${url}, type: basic, legacyCrypto: true, preferShortUsername: true`,
    `${url}, type: basic, consentPrompt: false`,
  ],
  ['clients', `${url}, localhostRedirects: true, scopes: { groups0: [openid] }`, `${url}, localhostRedirects: false`],
  [
    'clients',
    `${url}, claims: { role: { join: csv, values: { groups0: [a, b], groups1: [c] } }, gone: { join: ssv, values: { groups0: [a] } } }, supplementaryScopes: { groups0: [admin] }`,
    `${url}, claims: { role: { join: ssv, values: { groups0: [a] } }, more: { join: csv, values: { groups1: [x, y] } } }, supplementaryScopes: {}, localhostRedirects: true`,
  ],
  ['clients', `${url}`, 'absent: true'],
  ['clients', `${url}, id: ${uuid(5)}`, `key: wiki, ${url}, id: ${uuid(5)}`],
  [
    'clients',
    '-',
    `${url}, type: basic, displayName: New, redirectUrls: ["https://n.example.com"], scopes: { groups0: [openid] }, claims: { role: { join: csv, values: { groups0: [b, a] } } }, consentPrompt: false, preferShortUsername: true`,
  ],
  ['clients', '-', `${url}, redirectUrls: ["http://localhost:8000"], localhostRedirects: true, consentPrompt: true`],
  [
    'people',
    'displayName: A, validFrom: "2026-01-01T00:00:00Z"',
    'displayName: A, validFrom: null, expires: "2027-01-01T00:00:00Z"',
  ],
  ['people', '-', 'displayName: A, expires: "2027-01-01T00:00:00Z"'],
  ['serviceAccounts', '-', 'displayName: A, validFrom: "2026-01-01T00:00:00Z"'],
  ['clients', '-', `${url}, type: basic, disablePkce: true`],
  ['clients', `${url}, type: basic, disablePkce: true`, `${url}, type: basic`],
];

const kinds: readonly Kind[] = ['people', 'serviceAccounts', 'groups', 'clients'];

function configWith(side: 1 | 2): string {
  const lines = kinds.flatMap((kind) => [
    `${kind}:`,
    ...rows
      .filter(([one]) => one === kind)
      .flatMap((row, i) => {
        const [, name = `${kind.toLowerCase()}${i}`, fields = ''] = /^(?:key: (\w+), )?(.*)$/.exec(row[side]) ?? [];
        return fields === '-' ? [] : [`  ${name}: { ${fields} }`];
      }),
  ]);
  return `
kanidm: { domain: ${domain}, version: "1.11.1" }
${lines.join('\n')}
  k8s: { landingUrl: http://localhost:8000, scopes: { groups0: [openid, groups] } }
clusters:
  prod: { server: https://192.0.2.1:6443, kubernetes: "1.34", client: k8s, controlPlane: kubeadm, grants: [{ name: a, clusterRole: view, groups: [groups0] }] }
`;
}

/** Comments about attributes that only the runbook can change, because the client has no command. */
const byRunbook: readonly (readonly [RegExp, string, string])[] = [
  [/^# clear the mail of (\S+):/, 'person', 'mail'],
  [/^# remove the manager of (service account|group) (\S+):/, '', 'entry_managed_by'],
  [/^# clear credentialMinimum of group (\S+):/, 'group', 'credential_type_minimum'],
];

/** Returns the attributes that the steps leave to the runbook, as `person jane mail`. */
const leftToRunbook = (lines: readonly string[]): string[] =>
  byRunbook.flatMap(([text, kind, attribute]) =>
    lines.flatMap((line) => {
      const match = text.exec(line);
      return match
        ? [[kind, ...match.slice(1), attribute].join(' ').trim().replace('service account', 'service-account')]
        : [];
    }),
  );

/** Returns the entries, with the UUIDs of the config. The order of members, URLs and maps is ignored. */
function contentOf(model: KanidmModel, left: readonly string[] = []): Record<string, Record<string, string[]>> {
  const entries = Object.entries(model.content()).map(([name, values]) => {
    const attributes = Object.entries(values)
      .filter(
        ([attribute]) =>
          (attribute !== 'uuid' || values.uuid?.some((id) => /^(.)\1{7}-/.test(id))) &&
          !left.includes(`${name} ${attribute}`),
      )
      // If the attribute is missing, Kanidm shows the consent prompt.
      .filter(([attribute, list]) => attribute !== 'oauth2_consent_prompt_enable' || list.includes('false'))
      .map(([attribute, list]) => [attribute, attribute === 'mail' ? list : list.toSorted()] as const);
    return [name, Object.fromEntries(attributes)] as const;
  });
  return Object.fromEntries(entries);
}

const copyOf = (model: KanidmModel): KanidmModel => {
  const copy = new KanidmModel(domain);
  copy.entries.splice(0, copy.entries.length, ...structuredClone(model.entries));
  return copy;
};

/** Returns the words of each command, as a shell splits them. */
function wordsOf(commands: readonly string[]): string[][] {
  const script = commands.map((line) => `printf '%s\\0' ${line}\nprintf '\\n'\n`).join('');
  const text = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
  return text
    .split('\0\n')
    .slice(0, -1)
    .map((line) => line.split('\0').slice(1));
}

/** Fields that only matter if migrations provision Kanidm. */
const unused = { files: [], folder: 'dist' };

/** Returns the printed commands without the sign-in, and what they leave to the runbook. */
function printed(before: Config, after: Config) {
  const lines = kanidmSteps({ before, after, ...unused })[0]?.commands ?? [];
  const commands = lines.filter((line) => line.startsWith('kanidm ') && line !== 'kanidm login');
  return { commands: wordsOf(commands), left: leftToRunbook(lines) };
}

/** Applies printed commands. The client must know each command and its entry. */
function applied(model: KanidmModel, commands: readonly (readonly string[])[]): KanidmModel {
  for (const words of commands) {
    expect([words, model.run(words)]).toEqual([words, { status: 0, text: expect.not.stringContaining('ERROR') }]);
  }
  return model;
}

test('the printed commands and the runbook end in the same entries, and each command is needed', async () => {
  const [one, other] = [configOf(configWith(1)), configOf(configWith(2))];
  const start = new KanidmModel(domain);
  // Kanidm's command line cannot create an OAuth2 client with a given UUID.
  start.add('client', 'clients6', { displayname: 'A', oauth2_rs_origin_landing: 'https://app.example.com/' });
  start.entries.at(-1)?.values.uuid?.splice(0, 1, uuid(5));
  expect(await runScript(runbook(one), start.run)).toMatchObject({ status: 0, stderr: '' });

  const changed = copyOf(start);
  expect(await runScript(runbook(other), changed.run)).toMatchObject({ status: 0, stderr: '' });
  const { commands, left } = printed(one, other);
  const wanted = contentOf(changed, left);
  expect(contentOf(applied(copyOf(start), commands), left)).toEqual(wanted);
  const idle = commands.filter((omitted) => {
    const model = copyOf(start);
    for (const words of commands) if (words !== omitted) model.run(words);
    return JSON.stringify(contentOf(model, left)) === JSON.stringify(wanted);
  });
  expect(idle).toEqual(commands.filter((words) => words.includes('create-reset-token')));

  const undone = copyOf(changed);
  expect(await runScript(runbook(one), undone.run)).toMatchObject({ status: 0, stderr: '' });
  const back = printed(other, one);
  expect(contentOf(applied(copyOf(changed), back.commands), back.left)).toEqual(contentOf(undone, back.left));
}, 120_000);

test('SSH keys with a special label are revoked and replaced, and a service account can come before its manager', async () => {
  const configWithKeys = (keys: string, accounts: string) =>
    configOf(`
kanidm: { domain: ${domain}, version: "1.11.1" }
people: { jane: { displayName: Jane, sshKeys: { ${keys} } } }
serviceAccounts: { ${accounts} }
clusters: {}
`);
  const one = configWithKeys(`"jane@laptop": ${key('A')}, "old one": ${key('B')}`, '');
  const other = configWithKeys(
    `"jane@laptop": ${key('C')}`,
    'a-bot: { displayName: A, managedBy: z-bot, expires: "2027-01-01T00:00:00Z" }, z-bot: { displayName: Z }',
  );
  const start = new KanidmModel(domain);
  expect(await runScript(runbook(one), start.run)).toMatchObject({ status: 0, stderr: '' });
  const byHand = applied(copyOf(start), printed(one, other).commands);
  expect(byHand.find('person', 'jane')?.values.ssh_publickey).toEqual([`jane%40laptop: ${key('C')} `]);
  expect(byHand.content()['service-account a-bot']).toMatchObject({
    account_expire: ['2027-01-01T00:00:00Z'],
    entry_managed_by: [`z-bot@${domain}`],
  });
  expect(await runScript(runbook(other), start.run)).toMatchObject({ status: 0, stderr: '' });
  expect(contentOf(byHand)).toEqual(contentOf(start));
});

test('a new entry whose UUID is in the config is left to the runbook: another command would give it another UUID', () => {
  const text = configWith(1);
  const change = (line: string) => configOf(text.replace('people:', `people:\n  new: { ${line} }`));
  const steps = (line: string) => kanidmSteps({ before: configOf(text), after: change(line), ...unused })[0]?.commands;
  expect(steps(`displayName: New, id: ${uuid(6)}`)).toEqual([
    `# person new has the UUID ${uuid(6)}`,
    'sh dist/kanidm/runbook.sh new',
  ]);
  expect(steps('displayName: New')).toContain('kanidm person create new New');
});

/** Names, mail addresses and gid numbers that move from one entry to another. Each is unique in Kanidm. */
const moved = (swapped: boolean) => {
  const [a, b] = swapped ? [2, 1] : [1, 2];
  return configOf(`
kanidm: { domain: ${domain}, version: "1.11.1" }
people:
  ann: { displayName: Ann, mail: [ann@example.com], id: ${uuid(a)} }
  bob: { displayName: Bob, mail: [bob@example.com], id: ${uuid(b)} }
  cat: { displayName: Cat, mail: [${swapped ? 'dan' : 'cat'}@example.com], posix: { gid: 7000${a} } }
  dan: { displayName: Dan, mail: [${swapped ? 'cat' : 'dan'}@example.com], posix: { gid: 7000${b} } }
serviceAccounts:
  ci: { displayName: CI, managedBy: ops }
groups:
  users: { members: [ann, bob, cat, dan] }
  admins: { members: [ann] }
  ops: { members: [bob, ci], id: ${uuid(a + 2)}, managedBy: dev }
  dev: { members: [cat], id: ${uuid(b + 2)} }
clients:
  k8s: { landingUrl: http://localhost:8000, scopes: { users: [openid, groups], ops: [openid] }, claims: { role: { values: { ops: [a] } } } }
  one: { ${url}, id: ${uuid(a + 4)} }
  two: { ${url}, id: ${uuid(b + 4)} }
clusters:
  prod: { server: https://192.0.2.1:6443, kubernetes: "1.34", client: k8s, controlPlane: kubeadm, grants: [{ name: a, clusterRole: view, groups: [users] }] }
`);
};

const started = async (config: Config): Promise<KanidmModel> => {
  const start = new KanidmModel(domain);
  for (const { name, id } of config.clients.values()) {
    if (id === undefined) continue;
    start.add('client', name, { displayname: name, oauth2_rs_origin_landing: 'https://app.example.com/' });
    start.entries.at(-1)?.values.uuid?.splice(0, 1, id);
  }
  expect(await runScript(runbook(config), start.run)).toMatchObject({ status: 0, stderr: '' });
  return start;
};

test('entries that swap names, mail addresses or gid numbers go through others, and memberships follow the account', async () => {
  const [one, other] = [moved(false), moved(true)];
  const start = await started(one);
  const byHand = applied(copyOf(start), printed(one, other).commands);
  const entry = (model: KanidmModel, name: string) => model.find('person', name)?.values;
  expect(entry(byHand, 'ann')).toMatchObject({ uuid: [uuid(2)], displayname: ['Ann'], mail: ['ann@example.com'] });
  expect(entry(byHand, 'cat')).toMatchObject({ gidnumber: ['70002'], mail: ['dan@example.com'] });
  const script = copyOf(start);
  // The runbook does not swap gid numbers.
  for (const { values } of script.entries) delete values.gidnumber;
  expect(await runScript(runbook(other), script.run)).toMatchObject({ status: 0, stderr: '' });
  expect(contentOf(byHand)).toEqual(contentOf(script));
  expect(byHand.content()['group admins']?.member).toEqual([`ann@${domain}`]);
}, 60_000);

test('a name that belongs to another account, which left the config, is freed', async () => {
  const one = moved(false);
  const text = (config: Config) =>
    [kanidmSteps, deletionSteps].flatMap((steps) =>
      steps({ before: one, after: config, ...unused }).flatMap(({ commands }) => commands),
    );
  const people = new Map(one.people);
  const bob = people.get('bob');
  people.delete('bob');
  if (bob) people.set('ann', { ...bob, name: 'ann' });
  const lines = text({ ...one, people });
  expect(lines).toEqual(
    expect.arrayContaining([
      'kanidm person update ann --newname=ann-old',
      'kanidm person update bob --newname=ann',
      '# person ann stays in Kanidm as ann-old; to delete it:',
      'kanidm person delete ann-old',
    ]),
  );
});

test('the runbook ends before it changes an account whose name still belongs to another one', async () => {
  const [one, other] = [moved(false), moved(true)];
  const model = await started(one);
  model.add('person', 'ann-moving', { displayname: 'In the way' });
  const run = await runScript(runbook(other), model.run);
  expect([run.status, run.stderr]).toEqual([
    1,
    expect.stringContaining('  person bob-moving was not renamed to ann\n'),
  ]);
  expect(model.calls.at(-1)).toEqual(['person', 'update', 'bob-moving', '--newname=ann']);
});
