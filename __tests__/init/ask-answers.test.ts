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
  return { result, questions, flags, said: said.slice(1).join('') };
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

describe('a wrong answer is asked again', () => {
  test.each([
    ['start', ['5', 'new-kanidm'], 'one of new-cluster'],
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
