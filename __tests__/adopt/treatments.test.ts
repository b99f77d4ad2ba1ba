import { parseAllDocuments } from 'yaml';
import { adopt } from '../../lib/adopt/adopt-config';
import { adoptReport } from '../../lib/adopt/adopt-report';
import { itemsIn } from '../../lib/adopt/treatments';
import { type Json, listOf, mapAt } from '../../lib/guards';
import { type Files, factsIn, silentLines, textOf } from './adopted';
import { cases } from './cases';

/** Counts bindings, subjects, arguments and issuers in files of some formats, without the code under test. */
function counted(files: Files): { bindings: number; subjects: number; args: number; issuers: number } {
  const documents = Object.values(files).flatMap((value) => {
    try {
      return parseAllDocuments(textOf(value)).map((one) => one.toJS() as Json);
    } catch {
      return [];
    }
  });
  const rbac = documents.filter((one) => /^(Cluster)?RoleBinding$/.test(String(one?.kind)));
  const configurations = documents.map((one) =>
    one?.kind === 'KubeAuthenticationConfig' ? mapAt(one, 'configuration') : (one ?? {}),
  );
  return {
    bindings: rbac.length,
    subjects: rbac.flatMap(({ subjects }) => listOf(subjects)).length,
    args: documents.flatMap((one) => [one?.['kube-apiserver-arg'], one?.['kube-apiserver-arg+']].flatMap(listOf))
      .length,
    issuers: configurations.flatMap(({ jwt }) => listOf(jwt)).length,
  };
}

describe.each(Object.entries(cases))('%s', (title, files) => {
  const facts = factsIn(files);
  const adopted = adopt(facts, 'a');

  test('all that was read is taken, taken differently or not taken, and each thing is one of them', () => {
    const { items } = adopted;
    const count = (treatment: string) => items.filter((item) => item.treatment === treatment).length;
    expect(count('taken') + count('different') + count('not taken')).toBe(itemsIn(facts).length);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    expect(items.filter(({ treatment, text }) => treatment !== 'taken' && !text)).toEqual([]);
    expect(JSON.stringify(items)).not.toContain('internal error');
  });

  test('the config renders once its blanks are filled in', () => {
    // adopt keeps required claims that validation rejects, because otherwise more people could sign in.
    const errors = adopted.findings.filter(({ severity, code }) => severity === 'error' && code !== 'required-claims');
    expect(errors).toEqual([]);
  });

  test('bindings, subjects, arguments and issuers are all there', () => {
    const of = (id: RegExp) => adopted.items.filter((item) => id.test(item.id)).length;
    const expected = counted(files);
    expect({ bindings: of(/^binding \d+$/), subjects: of(/^binding \d+ subject/) }).toEqual({
      bindings: expected.bindings,
      subjects: expected.subjects,
    });
    if (Object.keys(files).includes('config.yaml') && Object.keys(files).every((name) => !/cc.yaml|flags/.test(name)))
      expect(of(/^server \d+ --/)).toBe(expected.args);
    if (Object.keys(files).includes('auth.yaml')) expect(of(/^server \d+ issuer \d+$/)).toBe(expected.issuers);
  });

  // Only one line in sixteen is tried here, since all of them take long. e2e/adopt tries more.
  test('a line less is another config, or is said', () => {
    expect(silentLines(files, (i) => i % 16 === title.length % 16)).toEqual([]);
  });

  test('nothing secret is said', () => {
    expect(adoptReport(adopted, 'a') + JSON.stringify(adopted)).not.toContain('geheim');
  });
});
