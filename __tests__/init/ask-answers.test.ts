import { askAnswers } from '../../lib/init/ask-answers';
import { fields } from '../../lib/init/fields';
import type { Answers } from '../../lib/init/settings';

const none: Answers = { general: {}, clusters: [], people: [] };

/** Answers each question with the next of its answers, and an empty line after the last. */
async function asked(answers: Readonly<Record<string, readonly string[]>>, given = none) {
  const questions: string[] = [];
  const said: string[] = [];
  const count: Record<string, number> = {};
  const result = await askAnswers(given, {
    ask: async (question) => {
      const [, flag = ''] = /\(--([a-z-]+)\) \[/.exec(question) ?? [];
      const index = count[flag] ?? 0;
      count[flag] = index + 1;
      questions.push(question);
      return answers[flag]?.[index] ?? '';
    },
    say: (text) => said.push(text),
    certificateFault: (path) => (path === 'ca.crt' ? undefined : 'a file that exists'),
  });
  const flags = questions.map((question) => /\(--([a-z-]+)\) \[/.exec(question)?.[1]);
  return { result, questions, flags, said: said.slice(1).join(''), introduction: said[0] };
}

const whole = { start: ['3'], cluster: ['east'], kubernetes: ['1.34'], person: ['jane'] };

test('every setting is a question that names its option', async () => {
  const { flags } = await asked(whole);
  expect(new Set(flags)).toEqual(new Set(fields.map(({ flag }) => flag)));
});

test.each([
  ['new-cluster', ['origin', 'kanidm-version', 'server-ca']],
  ['new-kanidm', ['origin', 'kanidm-version']],
  ['existing-kanidm', []],
])('%s needs no answer to %j', async (start, missing) => {
  const { flags } = await asked({ ...whole, start: [start] });
  expect(fields.map(({ flag }) => flag).filter((flag) => !flags.includes(flag))).toEqual(missing);
});

test('where adopt writes the config, only the name of a cluster is asked for', async () => {
  const { flags, result } = await asked({ start: ['existing-sign-in'], cluster: ['homelab', 'other'] });
  expect(flags).toEqual(['start', 'cluster']);
  expect(result).toEqual({ general: { start: 'existing-sign-in' }, clusters: [{ cluster: 'homelab' }], people: [] });
});

test('clusters and people are asked for until a name is left empty', async () => {
  const { result, questions } = await asked({
    cluster: ['east', 'west'],
    server: ['https://192.0.2.10:6443', 'https://192.0.2.20:6443'],
    person: ['jane', 'joe'],
    'display-name': ['Jane Doe'],
  });
  expect(result.clusters).toMatchObject([
    { cluster: 'east', server: 'https://192.0.2.10:6443' },
    { cluster: 'west', server: 'https://192.0.2.20:6443' },
  ]);
  expect(result.people).toEqual([
    { person: 'jane', 'display-name': 'Jane Doe' },
    { person: 'joe', 'display-name': 'joe' },
  ]);
  expect(questions).toContain('Name of another cluster (--cluster) [no more]: ');
});

test('without a name, nothing else is asked about a cluster or a person', async () => {
  const { flags } = await asked({});
  expect(flags).toEqual(['start', 'domain', 'kanidm-ca', 'cluster', 'person', 'flux-source']);
});

test('where options name the clusters, only what these lack is asked for', async () => {
  const clusters = [{ cluster: 'east', kubernetes: '1.34' }, { cluster: 'west' }];
  const { flags, result } = await asked({ kubernetes: ['1.35'] }, { ...none, clusters });
  expect(flags.filter((flag) => flag === 'cluster')).toEqual([]);
  expect(flags.filter((flag) => flag === 'kubernetes')).toHaveLength(1);
  expect(result.clusters.map(({ kubernetes }) => kubernetes)).toEqual(['1.34', '1.35']);
});

test('where options describe a cluster without its name, the name is asked for, and then other clusters', async () => {
  const { flags, result } = await asked(
    { cluster: ['east', 'west'] },
    { ...none, clusters: [{ server: 'https://192.0.2.10:6443' }] },
  );
  expect(flags.filter((flag) => flag === 'cluster')).toHaveLength(3);
  expect(flags.filter((flag) => flag === 'server')).toHaveLength(1);
  expect(result.clusters).toMatchObject([{ cluster: 'east', server: 'https://192.0.2.10:6443' }, { cluster: 'west' }]);
  expect(result.clusters[1]).not.toHaveProperty('server');
});

const startQuestion = `What do you have?
  1  new-cluster       neither a cluster nor Kanidm
  2  new-kanidm        a cluster with Flux, but no Kanidm
  3  existing-kanidm   a cluster with Flux, and Kanidm; sign-in to the cluster is new
  4  existing-sign-in  a cluster where people sign in with Kanidm already
A number or a name (--start) [new-kanidm]: `;
const clusterQuestions = [
  'Name of the cluster, for example homelab (--cluster) [leave it empty]: ',
  'Address of its API server, for example https://192.0.2.10:6443 (--server) [leave it empty]: ',
  'Its version of Kubernetes, for example 1.34 (--kubernetes) [leave it empty]: ',
  `What runs its control plane?
  kubeadm, k3s, rke2, k0s, talos, cluster-api, flags, eks
  (type flags for any other control plane that takes flags of kube-apiserver)
  GKE and AKS are not supported: type gke or aks to see what to do
One of these (--control-plane) [kubeadm]: `,
  `CA certificate of the API server: a copy of /etc/kubernetes/pki/ca.crt.
Path of the file (--server-ca) [add it later]: `,
  'How do you get into the cluster while Kanidm is down? In your words (--break-glass) [/etc/kubernetes/admin.conf on a control-plane node]: ',
  'Name of another cluster (--cluster) [no more]: ',
];
const personQuestion =
  'Name in Kanidm of a person who gets cluster-admin, for example jane (--person) [leave it empty]: ';
const morePeople = 'Name in Kanidm of another administrator (--person) [no more]: ';
const fluxQuestion = 'Flux source that holds this repository: KIND/NAME (--flux-source) [GitRepository/flux-system]: ';

test('the questions about a new Kanidm', async () => {
  const { questions, introduction } = await asked({ cluster: ['east'], person: ['jane'] });
  expect(
    introduction,
  ).toBe(`Press Enter to accept the answer in [brackets]. For each field that you leave empty, kaniflux.yaml has a comment that describes the field.
Nothing is written before the last answer; Ctrl-C cancels.

`);
  expect(questions).toEqual([
    startQuestion,
    'Domain of Kanidm, for example idm.example.com (--domain) [leave it empty]: ',
    "CA certificate of Kanidm, if its CA is private; press Enter if you don't have the certificate yet. Path of the file (--kanidm-ca) [none]: ",
    ...clusterQuestions,
    personQuestion,
    'Name that people see, for example Jane Doe (--display-name) [jane]: ',
    morePeople,
    fluxQuestion,
  ]);
});

test('the questions about a Kanidm that exists', async () => {
  const { questions } = await asked({
    start: ['3'],
    domain: ['idm.example.com'],
    cluster: ['east'],
    person: ['jane'],
  });
  expect(questions).toEqual([
    startQuestion,
    'Domain of Kanidm, for example idm.example.com (--domain) [leave it empty]: ',
    'Address of Kanidm (--origin) [https://idm.example.com]: ',
    'Version of Kanidm, for example 1.11.1 (--kanidm-version) [unknown]: ',
    'CA certificate of Kanidm, if its CA is private. Path of the file (--kanidm-ca) [none]: ',
    ...clusterQuestions,
    personQuestion,
    `Name that people see, for example Jane Doe. The runbook writes it into Kanidm, even if the account already exists.
Name (--display-name) [leave it empty]: `,
    morePeople,
    fluxQuestion,
  ]);
});

describe('a wrong answer is asked again', () => {
  test.each([
    ['start', ['5', 'new-kanidm'], 'one of new-cluster, new-kanidm, existing-kanidm, existing-sign-in, or its number'],
    ['domain', ['https://idm.example.com', 'idm.example.com'], 'a DNS name in lower case'],
    ['kanidm-ca', ['none.crt', 'ca.crt'], 'a file that exists'],
    ['flux-source', ['flux-system', 'GitRepository/flux-system'], 'KIND/NAME'],
  ])('%s', async (flag, answers, expected) => {
    const { result, said } = await asked({ [flag]: answers });
    expect(said).toMatch(new RegExp(`^Expected ${expected}.*; found \`${answers[0]}\`\\.\\n$`));
    expect(result.general).toMatchObject({ [flag]: answers[1] });
  });

  test('also a name that was given before', async () => {
    const { result, said } = await asked({ cluster: ['east', 'east', 'west'] });
    expect(said).toBe('Expected a name that is not in the list yet; found `east`.\n');
    expect(result.clusters.map(({ cluster }) => cluster)).toEqual(['east', 'west']);
  });

  test('a good one is not', async () => {
    expect((await asked(whole)).said).toBe('');
  });
});

test.each([
  ['a number', '3', 'existing-kanidm'],
  ['another case', 'New-Cluster', 'new-cluster'],
  ['an empty line', '', 'new-kanidm'],
  ['what the brackets show', 'new-kanidm', 'new-kanidm'],
])('%s chooses a start', async (_, answer, start) => {
  expect((await asked({ start: [answer] })).result.general.start).toBe(start);
});

test('only a start has a number', async () => {
  const { result } = await asked({ person: ['jane'], 'display-name': ['3'] });
  expect(result.people).toEqual([{ person: 'jane', 'display-name': '3' }]);
});

test('what the brackets show for no answer is no answer', async () => {
  const { result } = await asked({ domain: ['leave it empty'], 'kanidm-ca': ['none'] });
  expect(result.general).not.toHaveProperty('domain');
  expect(result.general).not.toHaveProperty('kanidm-ca');
});

test.each([
  ['new-kanidm', 'jane'],
  ['existing-kanidm', 'leave it empty'],
])('%s suggests a display name only where no account exists', async (start, suggestion) => {
  const { questions } = await asked({ start: [start], person: ['jane'] });
  expect(questions.find((question) => question.includes('--display-name'))).toContain(`[${suggestion}]: `);
});
