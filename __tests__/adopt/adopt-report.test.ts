import type { Adopted } from '../../lib/adopt/adopt-config';
import { adoptReport } from '../../lib/adopt/adopt-report';
import type { TreatedItem, Treatment } from '../../lib/adopt/treatments';

const nothing: Adopted = {
  config: {},
  files: {},
  items: [],
  notes: [],
  changes: [],
  left: [],
  findings: [],
  next: [],
};

const item = (id: string, what: string, treatment: Treatment, text?: string, more: Partial<TreatedItem> = {}) => ({
  id,
  source: 'a.yaml',
  what,
  treatment,
  ...(text === undefined ? {} : { text }),
  ...more,
});
const unrelated = { isUnrelated: true };

const report = (more: Partial<Adopted>) => adoptReport({ ...nothing, ...more }, 'home');
/** Returns the report of items only, without the totals. */
const ofItems = (...items: readonly TreatedItem[]) => report({ items }).split('\nOf ')[0];

test('nothing that was read is a total and no section', () => {
  expect(report({})).toBe(
    '\nOf 0 things that were read, 0 are adopted unchanged, 0 with changes, and 0 are not adopted.\n',
  );
});

test('each section has its items, and the totals count all of them', () => {
  const items = [
    item('server 0 --v', '--v', 'not taken', 'Kaniflux does not change it', unrelated),
    item('server 0 --x', '--x', 'not taken', 'no such flag'),
    item('server 0 --y', '--y', 'different', 'another value'),
    item('login 0', 'user me', 'taken'),
    item('login 1', 'user you', 'taken'),
    item('login 2', 'user all', 'taken'),
  ];
  const note = { source: 'flags', text: 'assumed' };
  const change = { source: 'b.yaml', text: 'jane loses view' };
  expect(report({ items, notes: [note, note], changes: [change, { ...change, source: 'c.yaml' }, change] })).toBe(`
Adopted with changes:
  a.yaml: --y: another value

Not adopted:
  a.yaml: --x: no such flag

Left alone, because it has nothing to do with signing in with Kanidm:
  a.yaml: --v: Kaniflux does not change it

Assumed, or not known:
  flags: assumed

Effects of the rendered files on people:
  b.yaml: jane loses view
  c.yaml: jane loses view

Of 6 things that were read, 3 are adopted unchanged, 1 with changes, and 2 are not adopted.
`);
});

test('items with the same source and reason are one line, with the number of equal ones', () => {
  expect(
    ofItems(
      item('a', 'one', 'not taken', 'why'),
      item('b', 'two', 'not taken', 'why'),
      item('c', 'two', 'not taken', 'why'),
      item('d', 'three', 'not taken', 'other'),
      item('e', 'four', 'not taken', 'why', { source: 'b.yaml' }),
    ),
  ).toBe('\nNot adopted:\n  a.yaml: one, two (2 times): why\n  a.yaml: three: other\n  b.yaml: four: why\n');
});

describe('a subject', () => {
  const binding = item('binding 3', 'RoleBinding web/dev', 'not taken', 'nobody has this name; it stays');
  const subject = (j: number, what: string, text: string) =>
    item(`binding 3 subject ${j}`, `${what} in RoleBinding web/dev`, 'not taken', text);

  test('with the reason of its binding is named beside it', () => {
    expect(
      ofItems(binding, subject(0, 'User jane', 'nobody has this name'), subject(1, 'Group in', 'nobody has this name')),
    ).toBe('\nNot adopted:\n  a.yaml: RoleBinding web/dev (User jane, Group in): nobody has this name; it stays\n');
  });

  test('with another reason has its own line', () => {
    expect(ofItems(binding, subject(0, 'User jane', 'other'))).toBe(
      '\nNot adopted:\n  a.yaml: RoleBinding web/dev: nobody has this name; it stays\n  a.yaml: User jane in RoleBinding web/dev: other\n',
    );
  });

  test('of a ClusterRoleBinding, twice, is counted', () => {
    const one = (j: number) =>
      item(`binding 3 subject ${j}`, 'User jane in ClusterRoleBinding a in b', 'not taken', 'nobody');
    expect(ofItems(item('binding 3', 'ClusterRoleBinding a', 'not taken', 'nobody'), one(0), one(10))).toBe(
      '\nNot adopted:\n  a.yaml: ClusterRoleBinding a (User jane (2 times)): nobody\n',
    );
  });

  test('whose binding is adopted has its own line', () => {
    expect(ofItems(item('binding 3', 'RoleBinding web/dev', 'taken'), subject(0, 'User jane', 'nobody'))).toBe(
      '\nNot adopted:\n  a.yaml: User jane in RoleBinding web/dev: nobody\n',
    );
  });
});

describe('a setting', () => {
  const issuer = item('server 0 issuer 1', 'issuer https://b.example', 'not taken', 'no field');
  const setting = (k: number, text: string) => item(`server 0 issuer 1 setting ${k}`, `jwt[1].${k}`, 'not taken', text);

  test('that is part of the issuer is counted', () => {
    expect(ofItems(issuer, setting(0, 'part of https://b.example, which is left out'), setting(12, 'no field'))).toBe(
      '\nNot adopted:\n  a.yaml: issuer https://b.example (2 settings): no field\n',
    );
  });

  test('with another reason, or of no issuer, has its own line', () => {
    expect(ofItems(issuer, setting(0, 'a part of it'))).toBe(
      '\nNot adopted:\n  a.yaml: issuer https://b.example: no field\n  a.yaml: jwt[1].0: a part of it\n',
    );
    expect(ofItems(setting(0, 'part of https://b.example, which is left out'))).toBe(
      '\nNot adopted:\n  a.yaml: jwt[1].0: part of https://b.example, which is left out\n',
    );
  });
});

test('an item that is left alone with its binding is under that heading', () => {
  expect(
    ofItems(
      item('binding 0', 'ClusterRoleBinding a', 'not taken', 'of Kubernetes; it stays', unrelated),
      item('binding 0 subject 0', 'Group x in ClusterRoleBinding a', 'not taken', 'of Kubernetes', unrelated),
    ),
  ).toBe(
    '\nLeft alone, because it has nothing to do with signing in with Kanidm:\n  a.yaml: ClusterRoleBinding a (Group x): of Kubernetes; it stays\n',
  );
});

test('a control character is printed as an escape', () => {
  expect(ofItems(item('a', 'one\u0007', 'not taken', 'why'))).toBe('\nNot adopted:\n  a.yaml: one\\u0007: why\n');
});

test('entries and errors are printed whole', () => {
  const finding = {
    code: 'unknown-key',
    file: 'kaniflux.yaml',
    line: 3,
    column: 5,
    excerpt: '',
    path: ['people'],
    message: 'no such key',
    fix: 'remove it',
  };
  const left = [{ issuer: { url: 'https://b.example', audiences: ['k8s'] } }];
  const findings = [
    { ...finding, severity: 'warning' as const },
    { ...finding, severity: 'error' as const, line: 4 },
  ];
  expect(report({ left, findings })).toBe(`
These entries of your AuthenticationConfiguration are missing in the rendered one; add them before you replace your file:
- issuer:
    url: https://b.example
    audiences:
      - k8s

Apart from empty fields, the config has these errors, and synth rejects it until you correct them:
kaniflux.yaml:4:5 error no such key (unknown-key)
  fix: remove it


Of 0 things that were read, 0 are adopted unchanged, 0 with changes, and 0 are not adopted.
`);
  expect(report({ findings: findings.slice(0, 1) })).not.toContain('synth will reject');
});

test('each next step is a numbered line', () => {
  const next = [
    'fill in',
    'read the API server',
    'add Kanidm',
    'give the value',
    'keep issuers',
    'keep settings',
    'ask Kanidm',
    'read the bindings',
    { hint: 'copy the CA' },
    'synth',
  ] as const;
  expect(report({ next }).split('not adopted.\n')[1]).toBe(`
Next:
  1. fill in the empty fields of the config: \`kaniflux check\` lists them
  2. run adopt again with the settings of kube-apiserver too, such as its flags or its AuthenticationConfiguration: only these settings say how the API server names people
  3. none of the issuers of the API server belongs to a client of Kanidm: write a client into the config; set under \`authentication\` how the API server names the users of this client; to keep a binding, write a grant that has the subjects of the binding under \`subjects\`
  4. replace the variable in the issuer of the API server with its value, and run adopt again
  5. before you replace your AuthenticationConfiguration with the rendered one, add the entries above to the rendered one: otherwise, the users of these issuers cannot sign in
  6. the settings listed above, under \`Not adopted\`, are missing from the rendered AuthenticationConfiguration; add by hand those that you want to keep
  7. to replace assumptions and to add missing UUIDs, let adopt read Kanidm too: run \`KANIDM_TOKEN=… kaniflux adopt … --kanidm https://<address of Kanidm>\`, or run adopt with the output of commands such as \`kanidm person list -o json\`
  8. read the bindings of the cluster: run \`kaniflux adopt … --live\`
  9. copy the CA
  10. continue with docs/start.md: run \`npx kaniflux check\`, \`npx kaniflux synth\`, \`npx kaniflux diff --live --cluster home\`, \`kubectl apply -f dist/flux/home.yaml\`, \`sh dist/kanidm/runbook.sh\`, \`kubectl --kubeconfig=dist/kubeconfigs/home.yaml auth whoami\`, \`npx kaniflux doctor\`; dist/control-planes/home/README.md lists the files to install on the nodes; keep an administrator certificate ready
`);
});

test('items of which nothing is known come after those with a reason', () => {
  const unknown = 'adopt does not understand this item';
  const items = [
    item('passed over 0', 'a map with a', 'not taken', unknown),
    item('binding 0', 'ClusterRoleBinding a', 'not taken', 'names nobody'),
    item('passed over 1', 'a map with b', 'not taken', `${unknown}; run adopt with another file`),
    item('passed over 2', 'a map with c', 'not taken', unknown),
  ];
  expect(ofItems(...items)).toBe(`
Not adopted:
  a.yaml: ClusterRoleBinding a: names nobody
  a.yaml: a map with b: ${unknown}; run adopt with another file
  a.yaml: a map with a, a map with c: ${unknown}
`);
});
