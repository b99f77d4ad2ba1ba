import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codesOf, configOf, homeLab } from '../../__tests__/config';
import { kanidmArtifacts } from '../../lib/node-files/kanidm-files';
import { runbook } from '../../lib/node-files/runbook';
import { clusterFolders } from '../../lib/render';
import { KanidmModel } from './kanidm-model';
import { type Client, runScript } from './run-script';

const domain = 'idm.example.com';
const ca = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const base = `
kanidm: { domain: ${domain}, version: "1.11.1" }
people:
  jane: { displayName: Jane Doe }
groups:
  k8s_users: { members: [jane] }
clients:
  k8s: { landingUrl: http://localhost:8000, redirectUrls: [http://localhost:8000], scopes: { k8s_users: [openid, groups] } }
clusters:
  prod: { server: https://192.0.2.1:6443, kubernetes: "1.34", client: k8s, controlPlane: kubeadm, grants: [{ name: admins, clusterRole: cluster-admin, groups: [k8s_users] }] }
`;
const scriptOf = (text: string, files = {}) => runbook(configOf(text, files));
const changing = (calls: readonly (readonly string[])[]) =>
  calls.map((words) => words.join(' ')).filter((line) => !/^(login|reauth)$| (get|list)\b/.test(line));

describe("the home lab's", () => {
  const typed = readFileSync(join(__dirname, '../../__tests__/fixtures/home-lab/kanidm-commands.txt'), 'utf8')
    .trim()
    .split('\n');
  const curl = '#!/bin/sh\nfor file; do [ "$last" = --output ] && : >"$file"; last=$file; done\n';
  const sha256sum = '#!/bin/sh\necho a8f6c3b81e588eb0eee4b5ae707ad11b16d0c5ce132719871e559eed0e61e6bf\n';

  test('commands, on a Kanidm that holds nothing yet', async () => {
    const model = new KanidmModel('sso.kammel.dev');
    const files = { curl, sha256sum };
    const config = configOf({ people: { datosh: { id: null } } });
    const run = await runScript(runbook(config), model.run, { args: ['datosh'], files });
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    // The runbook differs from these commands in three ways. It recovers passwords in the pod, on request. It sets
    // members instead of adding them. It downloads the logo.
    const otherwise: Readonly<Record<string, string>> = {
      'kanidm person create datosh "Fabian Kammel"': 'person create datosh Fabian Kammel',
      'kanidm person update datosh --mail "fabian@kammel.dev"': 'person update datosh --mail=fabian@kammel.dev',
      'kanidm group add-members k8s_users datosh': 'group set-members k8s_users datosh',
      'kanidm system oauth2 set-image k8s ./kubernetes_logo.svg svg': expect.stringMatching(
        /^system oauth2 set-image k8s \S+\/k8s\.svg svg$/,
      ),
    };
    const lines = model.calls.map((words) => words.join(' '));
    for (const command of typed.filter((line) => !line.startsWith('kanidmd'))) {
      expect(lines).toContainEqual(otherwise[command] ?? command.replace(/^kanidm /, ''));
    }
    expect(runbook(config)).toContain(
      '\n  kubectl --context="$context" exec --stdin --tty --namespace=kanidm deployment/kanidm -- kanidmd recover-account idm_admin ||',
    );
    expect(kanidmArtifacts(config)).toMatchObject([{ path: 'kanidm/runbook.sh', executable: true }]);
  });

  test('UUID can not be given by its old client: it stops before it makes another', async () => {
    const model = new KanidmModel('sso.kammel.dev');
    const run = await runScript(runbook(configOf()), model.run);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(
      '  people.datosh.id: 7b89b6ea-1e8b-4aa8-98fb-a70cba498d16\nrunbook: nothing was changed\n',
    );
    expect(changing(model.calls)).toEqual([]);
  });
});

test('a person without an id is no circle: the rest is rendered, and the runbook prints the id', async () => {
  const grants = [{ name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', people: ['datosh'] }];
  const change = { people: { datosh: { id: null } }, clusters: { homelab: { grants } } };
  expect(codesOf(homeLab(change))).toContain('person-uuid-unknown');
  const config = configOf(change);
  const cluster = config.clusters.get('homelab');
  const access = cluster && clusterFolders(config, cluster).find(({ name }) => name === 'access');
  expect(access?.objects).toEqual([]);
  const model = new KanidmModel('sso.kammel.dev', { uuids: { datosh: '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16' } });
  const run = await runScript(runbook(config), model.run);
  expect(run.stdout).toContain('  people.datosh.id: 7b89b6ea-1e8b-4aa8-98fb-a70cba498d16\n');
});

test('an id that an entry does not have yet is given to it, and not to another entry', async () => {
  const id = '11111111-1111-4111-8111-111111111111';
  const model = new KanidmModel(domain);
  const script = scriptOf(base.replace('Jane Doe', `Jane Doe, id: ${id}`));
  expect((await runScript(script, model.run)).status).toBe(0);
  expect(model.find('person', 'jane')?.values.uuid).toEqual([id]);
  const other = new KanidmModel(domain);
  other.add('person', 'jane', { displayname: 'Another Jane' });
  const run = await runScript(script, other.run);
  expect(run.status).toBe(2);
  expect(run.stderr).toContain(
    `  people.jane.id: ${other.find('person', 'jane')?.values.uuid}   (the config has ${id})\n`,
  );
  expect(changing(other.calls)).toEqual([]);
});

test('a client of the other type is a failure, because no command changes the type', async () => {
  const model = new KanidmModel(domain);
  expect((await runScript(scriptOf(base), model.run)).status).toBe(0);
  const client = model.find('client', 'k8s');
  if (client) client.values.class = ['account', 'oauth2_resource_server', 'oauth2_resource_server_public'];
  expect(await runScript(scriptOf(base), model.run)).toMatchObject({ status: 0, stderr: '' });
  if (client) client.values.class = ['account', 'oauth2_resource_server', 'oauth2_resource_server_basic'];
  model.calls.length = 0;
  const run = await runScript(scriptOf(base), model.run);
  expect([run.status, changing(model.calls)]).toEqual([1, []]);
  expect(run.stderr).toContain('failed: 1\n  client k8s is of type basic in Kanidm, and no command changes the type: ');
  expect(run.stdout).not.toContain('Kanidm matches the config');
});

test('`formerly` renames, and says where both names are there', async () => {
  const model = new KanidmModel(domain);
  await runScript(scriptOf(base), model.run);
  const was = model.find('person', 'jane')?.values.uuid;
  const renamed = base
    .replace('jane: { displayName', 'joan: { formerly: jane, displayName')
    .replace('[jane]', '[joan]');
  model.calls.length = 0;
  const run = await runScript(scriptOf(renamed), model.run);
  expect([run.status, changing(model.calls)]).toEqual([0, ['person update jane --newname=joan']]);
  expect(model.find('person', 'joan')?.values.uuid).toEqual(was);
  model.add('person', 'jane', { displayname: 'Jane Doe' });
  const both = await runScript(scriptOf(renamed), model.run);
  expect(both.stdout).toContain('person jane, which is not in the config');
});

const withPeople = (people: string) =>
  scriptOf(base.replace('people:\n  jane: { displayName: Jane Doe }', `people: ${people}`).replace('[jane]', '[]'));

test.each(['id: ID', 'formerly: jane'])(
  'an entry renamed by `%s` is not deleted under its `absent` old key',
  async (field) => {
    const model = new KanidmModel(domain);
    const { values } = model.add('person', 'jane', { displayname: 'Jane' });
    const id = values.uuid?.[0] ?? '';
    const script = withPeople(
      `{ jane_doe: { displayName: Jane, ${field.replace('ID', id)} }, jane: { absent: true } }`,
    );
    const run = await runScript(script, model.run);
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(model.find('person', 'jane_doe')?.values.uuid).toEqual([id]);
    model.add('person', 'jane', { displayname: 'Another Jane' });
    expect((await runScript(script, model.run)).status).toBe(0);
    expect(model.find('person', 'jane')).toBeUndefined();
  },
);

test('a key that `formerly` frees is used again in the same run, also in a chain', async () => {
  const model = new KanidmModel(domain);
  const [a, b] = ['jane', 'joan'].map((name) => model.add('person', name, { displayname: name }).values.uuid);
  const script = withPeople(
    '{ jane: { displayName: Jane Roe, mail: roe@x.org }, joan: { displayName: Jane, formerly: jane }, joy: { displayName: Joan, formerly: joan } }',
  );
  const run = await runScript(script, model.run);
  expect([run.status, run.stderr]).toEqual([0, '']);
  expect(['joan', 'joy'].map((name) => model.find('person', name)?.values.uuid)).toEqual([a, b]);
  expect(model.find('person', 'jane')?.values).toMatchObject({ displayname: ['Jane Roe'], mail: ['roe@x.org'] });
  expect((await runScript(script, model.run)).stdout).toContain('nothing was changed\n');
});

test('a new entry with an id can have the name that a rename frees', async () => {
  const model = new KanidmModel(domain);
  const [old = ''] = model.add('person', 'jane', { displayname: 'Jane' }).values.uuid ?? [];
  const id = '11111111-1111-4111-8111-111111111111';
  const people = (jane: string) =>
    withPeople(`{ jane: { displayName: Another, id: ${jane} }, janet: { displayName: Jane, id: ${old} } }`);
  const run = await runScript(people(id), model.run);
  expect([run.status, run.stderr]).toEqual([0, '']);
  expect(['jane', 'janet'].map((name) => model.find('person', name)?.values.uuid)).toEqual([[id], [old]]);
  expect((await runScript(people(id), model.run)).stdout).toContain('nothing was changed\n');
});

test('two entries with the same former name: nothing is changed, and both can be told apart later', async () => {
  const model = new KanidmModel(domain);
  const [a] = [model.add('person', 'jane', { displayname: 'Jane' }).values.uuid];
  const joan = 'joan: { displayName: Jane, formerly: jane }';
  const both = withPeople(`{ ${joan}, joy: { displayName: Jane, formerly: jane } }`);
  const run = await runScript(both, model.run);
  expect([run.status, changing(model.calls)]).toEqual([2, []]);
  expect(run.stderr).toContain('Remove the field formerly from one of them:\n  people.joy: jane\n');
  expect((await runScript(withPeople(`{ ${joan} }`), model.run)).status).toBe(0);
  const [b] = [model.add('person', 'jane', { displayname: 'Another' }).values.uuid];
  expect((await runScript(both, model.run)).status).toBe(0);
  expect(['joan', 'joy'].map((name) => model.find('person', name)?.values.uuid)).toEqual([a, b]);
});

test('mail addresses that the config does not set stay, also if it gives one of them to another person', async () => {
  const model = new KanidmModel(domain);
  model.add('person', 'jane', { displayname: 'Jane', mail: ['jane@x.org', 'team@x.org'] });
  const people = (fields: string) =>
    withPeople(`{ jane: { displayName: Jane${fields} }, bob: { displayName: Bob, mail: team@x.org } }`);
  const run = await runScript(people(''), model.run);
  expect([run.status, run.stdout]).toEqual([1, expect.not.stringContaining('Kanidm matches the config')]);
  expect(run.stderr).toContain('  person jane has a mail address that the config gives to another person, ');
  expect(model.find('person', 'jane')?.values.mail).toEqual(['jane@x.org', 'team@x.org']);
  expect((await runScript(people(', mail: jane@x.org'), model.run)).status).toBe(0);
  expect(model.find('person', 'jane')?.values.mail).toEqual(['jane@x.org']);
  expect(model.find('person', 'bob')?.values.mail).toEqual(['team@x.org']);
});

test('a group of your own whose name begins like those of Kanidm is listed', async () => {
  const model = new KanidmModel(domain);
  model.add('group', 'idm_oncall', {});
  const { stdout } = await runScript(scriptOf(base), model.run);
  expect(stdout).toContain('does not set it:\n  group idm_oncall, which is not in the config\nKanidm matches');
});

test('a service account is made before its manager, whatever the manager is', async () => {
  const model = new KanidmModel(domain);
  const accounts =
    '{ robot: { displayName: R, managedBy: k8s_users }, a-bot: { displayName: A, managedBy: z-bot }, z-bot: { displayName: Z } }';
  const run = await runScript(scriptOf(`${base}serviceAccounts: ${accounts}\n`), model.run);
  expect([run.status, run.stderr]).toEqual([0, '']);
  const uuid = (kind: 'group' | 'service-account', name: string) => model.find(kind, name)?.values.uuid;
  expect(model.find('service-account', 'robot')?.values.entry_managed_by).toEqual(uuid('group', 'k8s_users'));
  expect(model.find('service-account', 'a-bot')?.values.entry_managed_by).toEqual(uuid('service-account', 'z-bot'));
});

test('a description of a person is looked at, since nobody may write it there', async () => {
  const model = new KanidmModel(domain);
  const described = scriptOf(base.replace('Jane Doe', 'Jane Doe, description: Owner'));
  const missing = await runScript(described, model.run);
  expect(missing.stderr).toContain(
    "failed: 1\n  person jane: Kanidm does not have 'description: Owner', and idm_admin may not write it\n",
  );
  const jane = model.find('person', 'jane');
  if (jane) jane.values.description = ['Owner'];
  expect((await runScript(described, model.run)).status).toBe(0);
});

test.each(['', ' jane@laptop', '  jane@laptop of hers'])(
  'an SSH key with the comment %j is added once',
  async (text) => {
    const model = new KanidmModel(domain);
    const data = 'AAAAC3NzaC1lZDI1NTE5AAAAIAeGXTnh8cGXF5WEBpBBsPBYIhIQm9Cj2fBiFUX2mCdm';
    const script = withPeople(`{ jane: { displayName: Jane, sshKeys: { "a b": "ssh-ed25519 ${data}${text}" } } }`);
    const run = await runScript(script, model.run);
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(model.find('person', 'jane')?.values.ssh_publickey).toEqual([`a%20b: ssh-ed25519 ${data} ${text.trim()}`]);
    expect((await runScript(script, model.run)).stdout).toContain('nothing was changed\n');
  },
);

test('an SSH key that was replaced in Kanidm is replaced again', async () => {
  const model = new KanidmModel(domain);
  const data = 'AAAAC3NzaC1lZDI1NTE5AAAAIAeGXTnh8cGXF5WEBpBBsPBYIhIQm9Cj2fBiFUX2mCdm';
  model.add('person', 'jane', { displayname: 'Jane', ssh_publickey: [`a%20b: ssh-ed25519 ${data} other`] });
  const script = withPeople(`{ jane: { displayName: Jane, sshKeys: { "a b": "ssh-ed25519 ${data}" } } }`);
  expect((await runScript(script, model.run)).status).toBe(0);
  expect(model.find('person', 'jane')?.values.ssh_publickey).toEqual([`a%20b: ssh-ed25519 ${data} `]);
});

test('a reset token that Kanidm refuses is a failure, although the client exits with 0', async () => {
  const model = new KanidmModel(domain);
  const refusing: Client = (words) => {
    const answer = model.run(words);
    return words.includes('create-reset-token')
      ? { status: 0, text: 'ERROR Error starting credential reset\n' }
      : answer;
  };
  const script = withPeople('{ jane: { displayName: Jane } }');
  const run = await runScript(script, refusing, { args: ['jane'] });
  expect([run.status, run.stderr]).toEqual([1, expect.stringContaining('failed: 1\n  a reset token for jane\n')]);
  expect((await runScript(script, model.run, { args: ['jane'] })).status).toBe(0);
});

describe('the times of a service account with a manager of its own', () => {
  const scriptWith = (fields: string) =>
    scriptOf(`${base}serviceAccounts: { ci: { displayName: CI, managedBy: k8s_users, ${fields} } }\n`);
  const denied =
    'failed: 1\n  service-account ci: idm_admin may neither read nor set when it is valid. Only its manager may, which is k8s_users@idm.example.com\n';
  const entry = (model: KanidmModel) => model.find('service-account', 'ci')?.values;

  test('are set when the runbook creates the account, and cannot be compared later', async () => {
    const model = new KanidmModel(domain);
    const script = scriptWith('expires: "2027-01-01T00:00:00Z"');
    const run = await runScript(script, model.run);
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(entry(model)?.account_expire).toEqual(['2027-01-01T00:00:00Z']);
    const again = await runScript(script, model.run);
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining(denied)]);
  });

  test('are not taken for cleared', async () => {
    const model = new KanidmModel(domain);
    await runScript(scriptWith(''), model.run);
    const values = entry(model);
    if (values) values.account_expire = ['2020-01-01T00:00:00Z'];
    const run = await runScript(scriptWith('expires: null'), model.run);
    expect([run.status, run.stdout]).toEqual([1, expect.not.stringContaining('Kanidm matches the config')]);
  });

  test('are set and compared if idm_admin is the manager again', async () => {
    const model = new KanidmModel(domain);
    await runScript(scriptWith(''), model.run);
    const own = scriptOf(
      `${base}serviceAccounts: { ci: { displayName: CI, managedBy: idm_admins, expires: "2027-01-01T00:00:00Z" } }\n`,
    );
    const run = await runScript(own, model.run);
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(entry(model)?.account_expire).toEqual(['2027-01-01T00:00:00Z']);
    expect((await runScript(own, model.run)).stdout).toContain('nothing was changed\n');
  });
});

test('a display name that idm_admin may not read, as in Kanidm 1.8 to 1.10, is no failure', async () => {
  const model = new KanidmModel(domain);
  const hiding: Client = (words) => {
    const answer = model.run(words);
    return words[0] === 'service-account'
      ? { ...answer, text: answer.text.replace(/^displayname: .*\n/gm, '') }
      : answer;
  };
  const script = scriptOf(`${base}serviceAccounts: { ci: { displayName: CI } }\n`);
  const run = await runScript(script, hiding);
  expect([run.status, run.stderr]).toEqual([0, '']);
  model.run(['service-account', 'update', 'ci', '--displayname=Other']);
  expect((await runScript(script, hiding)).status).toBe(0);
  expect(model.find('service-account', 'ci')?.values.displayname).toEqual(['CI']);
});

test('POSIX values that the config does not set are named', async () => {
  const model = new KanidmModel(domain);
  const values = { displayname: 'x', class: 'posixaccount', loginshell: '/bin/zsh' };
  model.add('person', 'none', { ...values, gidnumber: '70001' });
  model.add('person', 'some', { ...values, gidnumber: '70002' });
  model.add('person', 'all', { ...values, gidnumber: '70003' });
  model.add('group', 'team', { class: 'posixgroup', gidnumber: '70004' });
  const people =
    '{ none: { displayName: x }, some: { displayName: x, posix: { gid: 70002 } }, all: { displayName: x, posix: { gid: 70003, shell: /bin/zsh } } }';
  const { stdout } = await runScript(
    scriptOf(
      `kanidm: { domain: ${domain}, version: "1.11.1" }\npeople: ${people}\ngroups: { team: {} }\nclusters: {}\n`,
    ),
    model.run,
  );
  expect(stdout).toContain(
    'does not set it:\n  person none: gidnumber: 70001\n  person none: loginshell: /bin/zsh\n  person some: loginshell: /bin/zsh\n  group team: gidnumber: 70004\nKanidm matches',
  );
});

describe('a run that ended between the renames', () => {
  const chain =
    '{ bea: { displayName: Ann, formerly: ann, mail: ann@x.org }, cat: { displayName: Bea, formerly: bea, mail: bea@x.org } }';

  test('is continued: the entry with the temporary name gets its name', async () => {
    const model = new KanidmModel(domain);
    const uuids = ['ann', 'bea'].map((name) => model.add('person', name, { displayname: name }).values.uuid);
    model.add('service-account', 'cat', {});
    expect((await runScript(withPeople(chain), model.run)).status).toBe(1);
    expect(model.find('person', 'bea-moving')).toBeDefined();
    model.run(['service-account', 'delete', 'cat']);
    const run = await runScript(withPeople(chain), model.run);
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(['bea', 'cat'].map((name) => model.find('person', name)?.values.uuid)).toEqual(uuids);
    expect((await runScript(withPeople(chain), model.run)).stdout).toContain('nothing was changed\n');
  });

  test('is not assumed if the entry with such a name is in the config', async () => {
    const model = new KanidmModel(domain);
    const { uuid } = model.add('group', 'logistics-moving', {}).values;
    const script = scriptOf(
      base.replace('groups:\n', 'groups:\n  freight: { formerly: logistics }\n  logistics-moving: {}\n'),
    );
    expect(await runScript(script, model.run)).toMatchObject({ stderr: '' });
    expect(model.find('group', 'logistics-moving')?.values.uuid).toEqual(uuid);
    expect(model.find('group', 'freight')).toBeDefined();
  });

  test('is not assumed if the entry has its former name', async () => {
    const model = new KanidmModel(domain);
    const [uuid] = ['bea', 'bea-moving'].map((name) => model.add('person', name, { displayname: name }).values.uuid);
    const script = withPeople('{ cat: { displayName: Bea, formerly: bea } }');
    expect((await runScript(script, model.run)).status).toBe(0);
    expect(model.find('person', 'cat')?.values.uuid).toEqual(uuid);
    expect(model.find('person', 'bea-moving')).toBeDefined();
  });
});

test('names of 60 characters can be swapped', async () => {
  const model = new KanidmModel(domain);
  const names = ['a', 'b'].map((letter) => letter.repeat(60));
  const uuids = names.map((name) => model.add('person', name, { displayname: 'x' }).values.uuid);
  const script = withPeople(
    `{ ${names.map((name, i) => `${name}: { displayName: x, id: ${uuids[1 - i]} }`).join(', ')} }`,
  );
  const run = await runScript(script, model.run);
  expect([run.status, run.stderr]).toEqual([0, '']);
  expect(names.map((name) => model.find('person', name)?.values.uuid)).toEqual(uuids.toReversed());
});

test('a client with an id is found under another name, though Kanidm finds none by its UUID', async () => {
  const model = new KanidmModel(domain);
  await runScript(scriptOf(base), model.run);
  const id = model.find('client', 'k8s')?.values.uuid?.[0];
  const renamed = base
    .replace('k8s: { landingUrl', `kube: { id: ${id}, landingUrl`)
    .replace('client: k8s', 'client: kube');
  model.calls.length = 0;
  const run = await runScript(scriptOf(renamed), model.run);
  expect([run.status, run.stderr]).toEqual([0, '']);
  expect(changing(model.calls)).toEqual(['system oauth2 set-name k8s kube', 'system oauth2 set-displayname kube kube']);
  const removed = await runScript(
    scriptOf(`${base.replace('clients:', `clients:\n  old: { absent: true, id: ${id} }`)}`),
    model.run,
  );
  expect(removed.status).toBe(0);
  expect(model.find('client', 'kube')).toBeUndefined();
});

test('an entry that was never renamed and is to be removed is not taken for removed', async () => {
  const model = new KanidmModel(domain);
  await runScript(scriptOf(base), model.run);
  const removed = base
    .replace('jane: { displayName: Jane Doe }', 'janet: { absent: true, formerly: jane }')
    .replace('[jane]', '[]');
  const first = await runScript(scriptOf(removed), model.run);
  expect([first.status, first.stdout]).toEqual([1, expect.not.stringContaining('Kanidm matches the config')]);
  expect(first.stderr).toContain(
    'person janet was not deleted: Kanidm has no janet, but has an entry with its former name, jane.',
  );
  expect(model.find('person', 'jane')).toBeDefined();
  model.run(['person', 'delete', 'jane']);
  expect((await runScript(scriptOf(removed), model.run)).status).toBe(0);
});

test('what the config says nothing of stays, and is named', async () => {
  const model = new KanidmModel(domain);
  await runScript(scriptOf(base), model.run);
  model.run(['person', 'update', 'jane', '--mail=jane@example.com']);
  model.run(['person', 'ssh', 'add-publickey', 'jane', 'laptop', 'ssh-ed25519 AAAA']);
  model.run(['system', 'oauth2', 'update-sup-scope-map', 'k8s', 'k8s_users', 'admin']);
  model.run(['person', 'create', 'bob', 'Bob']);
  const run = await runScript(scriptOf(base.replace('members: [jane]', '')), model.run);
  expect(run.stdout).toContain(
    [
      'not changed, because the config does not set it:',
      '  person jane: mail: jane@example.com',
      '  person jane: ssh_publickey: laptop: ssh-ed25519 AAAA',
      '  group k8s_users: member: jane@idm.example.com',
      '  client k8s: oauth2_rs_sup_scope_map: k8s_users@idm.example.com: {"admin"}',
      '  person bob, which is not in the config',
      '',
    ].join('\n'),
  );
  expect(run.status).toBe(0);
});

describe('a failure is counted and does not have up the rest', () => {
  test('of a command that prints an error and exits 0, as clients before 1.8 do', async () => {
    const model = new KanidmModel(domain);
    const old: Client = (words) => ({ ...model.run(words), status: 0 });
    model.add('client', 'k8s_users', {});
    const run = await runScript(scriptOf(base), old, { args: ['jane'] });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('failed: 3\n  kanidm group create k8s_users\n  group k8s_users was not created\n');
    expect(run.stdout).toContain('aaaaa-bbbbb-ccccc-ddddd');
    expect(model.find('client', 'k8s')?.values.oauth2_rs_origin).toEqual(['http://localhost:8000/']);
    expect(run.stdout).not.toContain('Kanidm matches the config');
  });

  test('of a command that says nothing and does nothing', async () => {
    const model = new KanidmModel(domain);
    const deaf: Client = (words) => (words[1] === 'set-members' ? { status: 0, text: 'Success\n' } : model.run(words));
    const run = await runScript(scriptOf(base), deaf);
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('  group k8s_users: member differs from the config\n');
  });

  test('of a list that cannot be read: nothing is changed', async () => {
    const model = new KanidmModel(domain);
    const away: Client = (words) => (words[0] === 'group' ? { status: 0, text: 'ERROR timeout\n' } : model.run(words));
    const run = await runScript(scriptOf(base), away);
    expect([run.status, changing(model.calls)]).toEqual([2, []]);
    expect(run.stderr).toContain('runbook: group k8s_users could not be read');
  });
});

test('a session that may no longer write is renewed, once', async () => {
  const model = new KanidmModel(domain);
  let expired = true;
  const client: Client = (words) => {
    if (words[0] === 'reauth') expired = false;
    if (!expired || words[1] !== 'set-members') return model.run(words);
    return { status: 101, text: 'ERROR Privileges have expired for idm_admin\n' };
  };
  const run = await runScript(scriptOf(base), client);
  expect([run.status, run.stderr]).toEqual([0, '']);
  expect(model.find('group', 'k8s_users')?.values.member).toHaveLength(1);
});

describe('an image from an address', () => {
  const config = base.replace(
    'landingUrl:',
    `image: { url: https://www.example.com/logo.svg, sha256: ${'a'.repeat(64)} }, landingUrl:`,
  );
  const curl = (status: number) =>
    `#!/bin/sh\nfor file; do [ "$last" = --output ] && echo image >"$file"; last=$file; done\nexit ${status}\n`;

  test.each([
    [0, 'has the SHA-256'],
    [22, 'could not be downloaded'],
  ])('curl %s: it %s', async (status, why) => {
    const model = new KanidmModel(domain);
    const run = await runScript(scriptOf(config), model.run, { files: { curl: curl(status) } });
    expect([run.status, model.calls.some((words) => words.includes('set-image'))]).toEqual([1, false]);
    expect(run.stderr).toContain(why);
  });
});

test("the client is told of Kanidm's CA, unless it knows one", async () => {
  const private_ = base.replace(
    'controlPlane: kubeadm',
    'controlPlane: kubeadm, authentication: { ca: { file: ca.crt } }',
  );
  const files = { kanidm: '#!/bin/sh\ncat "$KANIDM_CA_PATH"\nexit 1\n' };
  const script = scriptOf(private_, { 'ca.crt': ca });
  const none: Client = () => ({ status: 1, text: '' });
  expect((await runScript(script, none, { files })).stdout).toBe(ca);
  const own = await runScript(script, none, { files, env: { KANIDM_CA_PATH: '/dev/null' } });
  expect([own.stdout, own.status]).toEqual(['', 2]);
  expect(scriptOf(base)).not.toContain('KANIDM_CA_PATH');
});

describe('after migrations', () => {
  const migrated = base
    .replace('"1.11.1"', '"1.11.1", provision: migrations')
    .replace('Jane Doe', 'Jane Doe, expires: "2027-01-01T00:00:00+01:00"');

  test('what they cannot set is set, and nothing else is touched', async () => {
    const script = scriptOf(migrated);
    const ids = [...script.matchAll(/^entry \S+ (\S+) \S+ ([0-9a-f-]{36}) /gm)];
    const model = new KanidmModel(domain, { uuids: Object.fromEntries(ids.map(([, name, id]) => [name, id])) });
    model.add('person', 'jane', { displayname: 'Jane Doe' });
    model.add('group', 'k8s_users', {});
    model.add('client', 'k8s', {});
    const run = await runScript(script, model.run, { args: ['jane'] });
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toMatch(
      /Kanidm has the entries of the config; the attributes that migrations set were not compared\n$/,
    );
    expect(changing(model.calls)).toEqual([
      'person validity expire-at jane 2026-12-31T23:00:00Z',
      'person credential create-reset-token jane',
    ]);
  });

  test('another account that has the name of a person is not touched, and gets no reset token', async () => {
    const id = '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16';
    const model = new KanidmModel(domain, { uuids: { jdoe: id } });
    model.add('person', 'jdoe', { displayname: 'Jane Doe' });
    model.add('person', 'jane', { displayname: 'Another Jane' });
    const script = scriptOf(migrated.replace('Jane Doe,', `Jane Doe, id: ${id},`));
    const run = await runScript(script, model.run, { args: ['jane'] });
    expect([run.status, changing(model.calls)]).toEqual([2, []]);
    expect(run.stderr).toContain('runbook: person jane is called jdoe in Kanidm, and nothing was changed: ');
  });

  test('an absent entry that is still there was not migrated', async () => {
    const id = '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16';
    const model = new KanidmModel(domain, { uuids: { mal: id } });
    model.add('person', 'mal', { displayname: 'Mallory' });
    const script = scriptOf(migrated.replace('people:', `people:\n  mallory: { absent: true, id: ${id} }`));
    const { status, stderr } = await runScript(script, model.run);
    expect([status, model.find('person', 'mal')?.values.uuid]).toEqual([1, [id]]);
    expect(stderr).toContain('  person mallory still exists, and is `absent` in the config: did Kanidm apply');
  });

  test('an entry that is not there was not migrated', async () => {
    const run = await runScript(scriptOf(migrated), new KanidmModel(domain).run);
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('  group k8s_users does not exist: did Kanidm apply the migrations?\n');
  });
});
