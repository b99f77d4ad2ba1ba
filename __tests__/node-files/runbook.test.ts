import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { kanidmArtifacts } from '../../lib/node-files/kanidm-files';
import { attributeFunctions } from '../../lib/node-files/runbook-attributes';
import { entryFunctions } from '../../lib/node-files/runbook-entries';
import { summaryFunctions } from '../../lib/node-files/runbook-summary';
import type { KubernetesObject } from '../../lib/output/kubernetes-object';
import { clusterFolders } from '../../lib/render';
import { configOf } from '../config';
import { pem } from './cluster';

const fixture = (name: string) => readFileSync(join(__dirname, '..', 'fixtures', 'home-lab', name), 'utf8');
const wanted = parseAllDocuments(fixture('kanidm.yaml')).map((document) => document.toJS() as KubernetesObject);

function rendered(config = configOf()): readonly KubernetesObject[] {
  const [cluster] = config.clusters.values();
  return (
    clusterFolders(config, cluster as NonNullable<typeof cluster>).find(({ name }) => name === 'kanidm')?.objects ?? []
  );
}

test.each(wanted.map((object) => [object.kind, object] as const))(
  "the home lab's %s, field by field",
  (kind, object) => {
    const ours = rendered().find((candidate) => candidate.kind === kind);
    expect(ours).toMatchObject(object);
  },
);

test('all that is added to them', () => {
  const [namespace, repository, release] = rendered();
  const annotations = {
    'kustomize.toolkit.fluxcd.io/prune': 'disabled',
    'kustomize.toolkit.fluxcd.io/substitute': 'disabled',
  };
  expect(namespace?.metadata).toEqual({ name: 'kanidm', annotations });
  expect(repository).toEqual({ ...wanted[1], metadata: { ...wanted[1]?.metadata, annotations } });
  const { postRenderers, ...spec } = (release?.spec ?? {}) as Record<string, unknown>;
  expect(spec).toEqual({
    ...(wanted[2]?.spec as object),
    install: { strategy: { name: 'RetryOnFailure' } },
    upgrade: { strategy: { name: 'RetryOnFailure' } },
    driftDetection: { mode: 'enabled' },
  });
  const { patches } =
    (postRenderers as { kustomize: { patches: { target: object; patch: string }[] } }[])[0]?.kustomize ?? {};
  expect(patches?.map(({ target }) => target)).toEqual([{ kind: 'Namespace' }, { kind: 'PersistentVolumeClaim' }]);
  for (const { patch } of patches ?? []) expect(patch).toContain('helm.sh/resource-policy: keep');
});

test('Kanidm elsewhere leaves nothing to deploy', () => {
  expect(rendered(configOf({ kanidm: { helm: null, cluster: null } }))).toEqual([]);
});

test('another domain leaves the old one nowhere', () => {
  const config = configOf({ kanidm: { domain: 'idm.example.com' } });
  const text = JSON.stringify([rendered(config), kanidmArtifacts(config)]);
  expect(text).toContain('idm.example.com');
  expect(text).not.toContain('sso.kammel.dev');
});

describe('the runbook', () => {
  const uuid = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;
  const people = {
    jane: { displayName: 'Jane', id: uuid('1') },
    new: { displayName: 'New' },
    gone: { absent: true },
    'gone-too': { absent: true, id: uuid('2') },
  };
  const more = {
    serviceAccounts: {
      robot: { displayName: 'Robot', validFrom: '2026-01-01T00:00:00Z' },
      other: { displayName: 'Other', id: uuid('3') },
      'gone-robot': { absent: true },
    },
    groups: { team: { id: uuid('4'), members: ['jane'] }, 'gone-team': { absent: true } },
    clients: {
      app: { displayName: 'App', type: 'basic', landingUrl: 'https://app.example.com', id: uuid('5') },
      'gone-app': { absent: true, type: 'basic' },
    },
  };
  const runbookOf = (change: Record<string, unknown>, files?: Record<string, string>): string =>
    kanidmArtifacts(configOf(change, files)).at(-1)?.text ?? '';
  const linesOf = (change: Record<string, unknown>, first: RegExp): string[] =>
    runbookOf(change)
      .split('\n')
      .filter((line) => first.test(line));
  const elsewhere = { version: '1.11.1', helm: null, cluster: null };
  const migrations = { kanidm: { ...elsewhere, provision: 'migrations' } };

  test('for entries that are there, renamed, new and gone, and a CA', () => {
    const datosh = { id: null, formerly: 'fabian' };
    const change = {
      ...more,
      kanidm: { version: '1.11.1' },
      people: { datosh, ...people },
      clusters: { homelab: { authentication: { ca: { file: 'ca.crt' } } } },
    };
    expect(runbookOf(change, { 'ca.crt': pem })).toMatchSnapshot();
  });

  test('an absent entry with a former name is looked for under this name, unless another entry has it', () => {
    const gone = { janet: { absent: true, formerly: 'jane' } };
    const jane = { displayName: 'Jane' };
    const lines = (people: Record<string, unknown>) => linesOf({ kanidm: elsewhere, people }, /^remove /);
    expect(lines(gone)).toEqual(['remove person janet - jane']);
    expect(lines({ ...gone, jane })).toEqual(['remove person janet -']);
    expect(lines({ janet: { absent: true, id: uuid('1') } })).toEqual([`remove person janet ${uuid('1')}`]);
  });

  test('an entry that can take the name of another one is read after it', () => {
    const one = { displayName: 'One' };
    const order = (people: Record<string, unknown>) =>
      linesOf({ kanidm: elsewhere, people }, /^entry person (?!datosh )/).map((line) => line.split(' ')[2]);
    expect(order({ a: one, b: one, z: { ...one, formerly: 'y' } })).toEqual(['a', 'b', 'z']);
    expect(order({ a: one, b: { ...one, formerly: 'a' }, c: { ...one, formerly: 'b' } })).toEqual(['c', 'b', 'a']);
    expect(order({ a: { ...one, formerly: 'b' }, b: { ...one, formerly: 'a' } })).toEqual(['b', 'a']);
    expect(order({ a: one, b: { ...one, id: uuid('1') } })).toEqual(['b', 'a']);
  });

  test('names the entries of the config whose names are like temporary names', () => {
    const groups = { freight: { formerly: 'logistics' }, 'logistics-moving': {}, a: { formerly: 'b-moving' } };
    expect(linesOf({ kanidm: elsewhere, groups }, /^names=/)).toEqual([
      "names=' group:logistics-moving group:b-moving '",
    ]);
    expect(linesOf({ kanidm: elsewhere }, /^names=/)).toEqual(["names='  '"]);
  });

  test('beside migrations sets only what they cannot', () => {
    const change = {
      ...more,
      ...migrations,
      people: { ...people, jane: { ...people.jane, expires: '2027-01-01T00:00:00Z' } },
      clusters: { homelab: { authentication: { ca: { nodePath: '/etc/ssl/certs/kanidm.crt' } } } },
    };
    const text = runbookOf(change);
    expect(text.slice(text.indexOf('touch '))).toBe(`touch "$work/left" "$work/failed" "$work/ids"

# Kanidm uses a private CA. If this machine does not trust it, set KANIDM_CA_PATH to its certificate.

# The break-glass accounts. Each password is printed once: store it in your password safe.
# Run these two commands where \`kanidmd\` is: in the pod of Kanidm, or on its host.
hint=
if [ "\${RECOVER:-no}" = yes ]; then
  say 'A new password for admin:'
  kanidmd recover-account admin || stop 'no new password for admin'
  say 'A new password for idm_admin:'
  kanidmd recover-account idm_admin || stop 'no new password for idm_admin'
  hint='. The passwords above are valid: run the script again, without RECOVER=yes'
fi

# Asks for the password of idm_admin.
kanidm login || stop "idm_admin could not sign in$hint"

# All UUIDs are compared before anything is changed.
entry person datosh people 7b89b6ea-1e8b-4aa8-98fb-a70cba498d16 - made-with-it
entry person jane people ${uuid('1')} - made-with-it
entry person new people 7e9889b1-1419-51e3-8817-15ce1ba9db7a - made-with-it
entry service-account robot serviceAccounts 16600543-acb3-57a1-adc2-3e0fcd0443b3 - made-with-it
entry service-account other serviceAccounts ${uuid('3')} - made-with-it
entry group k8s_users groups 21408405-6559-5bf1-b85f-c48ad9853785 - made-with-it
entry group team groups ${uuid('4')} - made-with-it
entry client k8s clients 32aceb4a-14c7-54f2-a229-26fbc5e9c8d1 - made-with-it
entry client app clients ${uuid('5')} - made-with-it
compared
there person datosh
there person jane
there person new
there service-account robot
there service-account other
there group k8s_users
there group team
there client k8s
there client app
gone person gone a0925a51-7b70-5f44-8e04-a88110f57f0c
gone person gone-too ${uuid('2')}
gone service-account gone-robot 44456dfe-ff71-5eaf-b6eb-38f02c272f9f
gone group gone-team 19a099c8-56c8-5047-a094-9a2b59cb20ec
gone client gone-app 2db24091-1b17-55af-a832-e7bb4c4610f9

# Set the attributes of each entry, in two passes. The second pass checks the entries that the first pass changed.
entries() {
  :

  if about person jane; then
    want 'account_expire: 2027-01-01T00:00:00Z' kanidm person validity expire-at jane 2027-01-01T00:00:00Z
    leave account_valid_from
  fi

  if about service-account robot; then
    if managed robot; then
      want 'account_valid_from: 2026-01-01T00:00:00Z' kanidm service-account validity begin-from robot 2026-01-01T00:00:00Z
    fi
    leave account_expire
  fi

  if about client k8s; then
    want 'oauth2_allow_localhost_redirect: true' kanidm system oauth2 enable-localhost-redirects k8s
    downloaded k8s https://raw.githubusercontent.com/kubernetes/kubernetes/v1.34.4/logo/logo.svg a8f6c3b81e588eb0eee4b5ae707ad11b16d0c5ce132719871e559eed0e61e6bf svg 3
  fi
}
entries
looking=yes
entries

# Entries of Kanidm that are not in the config.
others person datosh jane new gone gone-too
others service-account robot other gone-robot
others group k8s_users team gone-team
others client k8s app gone-app

# Reset tokens. Whoever has a token can sign in as the person. Each token is printed once.
# The client exits with 0 even if Kanidm refuses the token, so its output is checked.
for name in "$@"; do
  kanidm person credential create-reset-token "$name" | tee "$work/out"
  grep -q use-reset-token "$work/out" || failed "a reset token for $name"
done
# To print the secret of app: kanidm system oauth2 show-basic-secret app
finish "$@"
`);
  });

  test.each<[string, object, string]>([
    [
      'the chart of the home lab',
      {},
      'kubectl --context="$context" exec --stdin --tty --namespace=kanidm deployment/kanidm -- ',
    ],
    [
      'the manifests of Kaniflux',
      { helm: null, manifests: { certificate: { issuer: 'x' } }, namespace: 'idm' },
      'kubectl --context="$context" exec --stdin --tty --namespace=idm statefulset/kanidm -- ',
    ],
    ['Kanidm elsewhere', elsewhere, ''],
  ])('finds the pod of %s', (_, kanidm, command) => {
    const lines = linesOf({ kanidm: { version: '1.11.1', ...kanidm } }, /recover-account/);
    expect(lines).toEqual(
      ['admin', 'idm_admin'].map(
        (name) => `  ${command}kanidmd recover-account ${name} || stop 'no new password for ${name}'`,
      ),
    );
  });

  test('gives no UUIDs with clients that cannot, and gives them with those of an unknown version', () => {
    const jane = (kanidm: object) => linesOf({ people, kanidm }, /^(entry|new) person jane/);
    const entry = `entry person jane people ${uuid('1')} -`;
    expect(jane({ version: '1.7.4' })).toEqual([entry, 'new person jane kanidm person create jane Jane']);
    const made = `new person jane make '{"class":["person","account"],"uuid":"${uuid('1')}","name":"jane","displayname":"Jane"}'`;
    expect(jane({ ...elsewhere, version: null })).toEqual([`${entry} made-with-it`, made]);
  });

  test('names the mail addresses of people who have any', () => {
    const mail = ['a@example.com', 'b@example.com'];
    const change = {
      kanidm: { version: '1.11.1' },
      people: { a: { displayName: 'A', mail }, b: { displayName: 'B', mail: [] } },
    };
    expect(linesOf(change, /^mails /)).toEqual([
      'mails datosh fabian@kammel.dev',
      'mails a a@example.com b@example.com',
      'mails b',
    ]);
  });

  test('claims to match the config only if it compares everything', () => {
    const says = (change: Record<string, unknown>) => runbookOf(change).match(/^.*(?:Exit codes: 0 | outcome=).*$/gm);
    expect(says({ kanidm: elsewhere })).toEqual([
      expect.stringContaining(' 0 Kanidm matches the config, 1 '),
      "looking=no last= outcome='Kanidm matches the config'",
    ]);
    expect(says(migrations)).toEqual([
      expect.stringContaining(' 0 Kanidm has the entries of the config, 1 '),
      "looking=no last= outcome='Kanidm has the entries of the config; the attributes that migrations set were not compared'",
    ]);
  });
});

/** Runs the functions of the runbook on the files of entries. */
const runWith = (files: Readonly<Record<string, string>>, ...lines: readonly string[]): string => {
  const written = Object.entries(files).map(([file, text]) => `printf '%s\\n' '${text}' >"$work/${file}"`);
  const start = [`work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; looking=no last=`, ...written];
  const functions = [entryFunctions, attributeFunctions, summaryFunctions];
  return execFileSync('sh', ['-c', [...functions, ...start, ...lines].join('\n')], { encoding: 'utf8' });
};

describe('in a Kanidm', () => {
  const [one, two] = ['1', '2'].map((digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`);

  /** Runs functions of the runbook on a Kanidm with these entries, which no command changes. Returns all that it prints. */
  const runOn = (names: Readonly<Record<string, string | undefined>>, ...lines: readonly string[]): string => {
    const cases = Object.entries(names).map(
      ([name, id]) => `${name} | ${id}) printf '%s\\n' 'name: ${name}' 'uuid: ${id}' 'mail: ${name}@example.com' ;;`,
    );
    const get = `get() { case $2 in ${cases.join(' ')} *) echo 'No matching entries' ;; esac; }`;
    return runWith({}, 'exec 2>&1', get, 'try() { say "+ $*"; }', ...lines);
  };
  const renames = 'if [ -e "$work/renames" ]; then cat "$work/renames"; fi';

  test.each([
    ['under its name', { jane: one }, '0\n'],
    [
      'under another name',
      { jdoe: one, jane: two },
      'runbook: person jane is called jdoe in Kanidm, and nothing was changed: did Kanidm apply the migrations, or was the entry renamed in Kanidm?\n2\n',
    ],
    ['not at all', {}, 'runbook: failed: person jane does not exist: did Kanidm apply the migrations?\n0\n'],
  ])('an entry of a migration is there %s', (_, names, printed) => {
    const lines = [`entry person jane people ${one} - made-with-it`, '( there person jane ); echo $?'];
    expect(runOn(names, ...lines)).toBe(printed);
  });

  test('an entry that a migration removes is compared by its UUID', () => {
    const gone = `gone person jane ${one}; cat "$work/left"`;
    const start = ': >"$work/left"';
    expect(runOn({ jdoe: one }, start, gone)).toBe(
      'runbook: failed: person jane still exists, and is `absent` in the config: did Kanidm apply the migrations?\n',
    );
    const other = `  person jane: the config removes the entry with the UUID ${one}, and this one has ${two}\n`;
    expect(runOn({ jane: two }, start, gone)).toBe(other);
    expect(runOn({ joan: two }, start, gone)).toBe('');
  });

  test('an absent entry is not deleted if another key of the config has it', () => {
    const deletes = '+ kanidm person delete jane\nrunbook: failed: person jane was not deleted\n';
    const remove = 'remove person jane -';
    expect(runOn({ jane: one }, `entry person jane_doe people ${one} -`, remove)).toBe('');
    expect(runOn({ jane: one }, 'entry person jane_doe people - jane', remove)).toBe('');
    expect(runOn({ jane: one, jane_doe: two }, 'entry person jane_doe people - jane', remove)).toBe(deletes);
    expect(runOn({ jane: one }, remove)).toBe(deletes);
    expect(
      runOn({ jane: one, bob: two }, `entry person robert people ${two} -`, `remove person jane ${one}`),
    ).toContain(`+ kanidm person delete ${one}\n`);
  });

  test('a name that a rename frees is the name of a new entry', () => {
    const jane = 'entry person jane people - -; [ -s "$work/person.jane" ] || echo new';
    expect(runOn({ jane: one }, 'entry person jane_doe people - jane', jane)).toBe('new\n');
    expect(runOn({ jane: one }, `entry person jane_doe people ${one} -`, jane)).toBe('new\n');
    expect(runOn({ jane: one, jane_doe: two }, 'entry person jane_doe people - jane', jane)).toBe('');
    const chain = ['entry person c people - b', 'entry person b people - a', renames];
    expect(runOn({ a: one, b: two }, ...chain)).toBe('person b c\nperson a b\n');
    expect(runOn({ b: one, c: two }, ...chain)).toBe('');
  });

  test('an entry that keeps its UUID and its name is not renamed to the key of another one', () => {
    const doe = 'entry person jane_doe people - jane; [ -s "$work/person.jane_doe" ] || echo new';
    expect(runOn({ jane: one }, `entry person jane people ${one} -`, doe, renames)).toBe('new\n');
    expect(runOn({ jane: one }, `entry person jane people ${two} - made-with-it`, renames)).toBe('');
    expect(runOn({ jane: one }, doe, renames)).toBe('person jane jane_doe\n');
  });

  test('an entry of the config whose name ends in `-moving` is not one with a temporary name', () => {
    const doe = [
      'entry group jane_doe groups - jane',
      'if [ -s "$work/group.jane_doe" ]; then echo there; fi',
      renames,
    ];
    const moving = { 'jane-moving': one };
    expect(runOn(moving, 'names=" "', ...doe)).toBe('there\ngroup jane-moving jane_doe\n');
    expect(runOn(moving, 'names=" person:jane-moving "', ...doe)).toBe('there\ngroup jane-moving jane_doe\n');
    expect(runOn(moving, 'names=" group:jane-moving "', ...doe)).toBe('');
    expect(runOn(moving, `entry group other groups ${one} -`, ...doe)).toBe('group jane-moving other\n');
  });

  test('a person gives up a mail address only if the config sets the addresses of this person', () => {
    const lines = ['people="jane bob"', 'read_entry person jane "$work/person.jane"', 'mails bob JANE@example.com'];
    expect(runOn({ jane: one }, ...lines, 'free_mails')).toBe(
      'runbook: failed: person jane has a mail address that the config gives to another person, and the config does not set the mail addresses of jane\n',
    );
    const update = `+ kanidm person update jane --mail=${one}@moving.invalid\n`;
    expect(runOn({ jane: one }, ...lines, 'mails jane other@example.com', 'free_mails')).toBe(update);
    expect(runOn({ jane: one }, ...lines, 'mails jane', 'free_mails')).toBe(update);
    expect(runOn({ jane: one }, ...lines.slice(0, 2), 'mails bob bob@example.com', 'free_mails')).toBe('');
  });

  test('an entry that no longer exists is not changed', () => {
    const about = 'if about person jane; then echo changes; fi';
    const read = ['read_entry person jane "$work/person.jane"', ': >"$work/moved"'];
    expect(runOn({ jane: one }, ...read, about)).toBe('changes\n');
    expect(runOn({ jane: one }, ...read, `get() { echo 'No matching entries'; }`, about)).toBe(
      'runbook: failed: person jane no longer exists\n',
    );
  });

  test('the entries that are not in the config are all but the built-in ones', () => {
    const list = (text: string, status = 0) => `kanidm() { printf '%s\\n' ${text}; return ${status}; }`;
    const entry = (name: string, id: string | undefined) => `--- 'name: ${name}' 'uuid: ${id}'`;
    const others = 'others group team; if [ -e "$work/left" ]; then cat "$work/left"; fi';
    const builtIn = entry('idm_new_admins', '00000000-0000-0000-0000-000000000099');
    expect(runOn({}, list(`${builtIn} ${entry('team', one)}`), others)).toBe('');
    expect(runOn({}, list(`${entry('idm_oncall', one)} ${builtIn}`), others)).toBe(
      '  group idm_oncall, which is not in the config\n',
    );
    const unread = '  any group that is not in the config (the list in Kanidm could not be read)\n';
    expect(runOn({}, list(entry('oncall', one), 1), others)).toBe(unread);
    expect(runOn({}, list(`'2026-11-26T06:00:00Z ERROR kanidm_cli: Error -> Http(500)'`), others)).toBe(unread);
    expect(runOn({}, 'kanidm() { :; }', others)).toBe('');
  });

  test('a client is looked for by its UUID only if the clients could be read', () => {
    const key = `( key_of client ${one}; echo "$key" ); echo $?`;
    const list = (text: string) => `kanidm() { printf '%s\\n' ${text}; }`;
    expect(runOn({}, list(`--- 'name: app' 'uuid: ${one}'`), key)).toBe('app\n0\n');
    expect(runOn({}, list(`--- 'name: app' 'uuid: ${two}'`), key)).toBe(`${one}\n0\n`);
    expect(runOn({}, list('Transport'), key)).toBe('Transport\nrunbook: the OAuth2 clients could not be read\n2\n');
  });
});

test('an entry whose name ends in `.changed` or `.failed` is not a mark of another entry', () => {
  const names = ['deploy', 'deploy.changed', 'deploy.failed'];
  const files = Object.fromEntries(names.map((name) => [`group.${name}`, `name: ${name}`]));
  const each = names.map((name) => `if about group ${name}; then cat "$entry"; set_it x ${name}; fi`);
  expect(runWith(files, 'try() { return 1; }', ...each)).toBe(
    'name: deploy\nname: deploy.changed\nname: deploy.failed\n',
  );
  const changed = [`read_entry() { cat "$3"; }`, 'try() { :; }', 'about group deploy && set_it x y', 'looking=yes'];
  expect(runWith(files, ...changed, ...names.map((name) => `about group ${name}`), 'exit 0')).toBe('name: deploy\n');
});

test('a downloaded image does not replace an entry that has its name', () => {
  const download = [`curl() { : >"\${10}"; }`, 'failed() { :; }', 'downloaded person https://example.com x png 0'];
  expect(runWith({ 'person.png': 'name: png' }, ...download, 'cat "$work/person.png"')).toBe('name: png\n');
});

test.each<[string, object, boolean]>([
  ['elsewhere, with migrations', { helm: null, cluster: null, provision: 'migrations' }, true],
  ['elsewhere, with the runbook', { helm: null, cluster: null }, false],
  ['in a cluster, with migrations', { provision: 'migrations' }, false],
])('for a Kanidm %s, migrations to copy there: %s', (_, kanidm, isCopied) => {
  const [first, ...rest] = kanidmArtifacts(configOf({ kanidm: { version: '1.11.1', ...kanidm } })).reverse();
  expect(first).toMatchObject({ path: 'kanidm/runbook.sh', executable: true });
  expect(rest.length > 0).toBe(isCopied);
  for (const { path } of rest) expect(path).toMatch(/^kanidm\/migrations\.d\/\d\d-[\w.-]+\.json$/);
});
