import { parseAllDocuments } from 'yaml';
import { all, allSaid, silentLines, textOf } from '../../__tests__/adopt/adopted';
import { cases } from '../../__tests__/adopt/cases';
import { bent } from '../../__tests__/existing/bent';
import { inputs } from '../../__tests__/existing/carrier-inputs';
import { rows } from '../../__tests__/existing/carrier-rows';

/*
 * Removes each line, and changes each value, of every case, one at a time. All of them take minutes, so only one in
 * eight is tried unless ADOPT_EVERY=1 is set. The unit tests try other lines.
 */
const every = Number(process.env.ADOPT_EVERY ?? 8);
const isChosen = (i: number, title: string) => (i - title.length - 4) % every === 0;

describe.each(Object.entries(cases))('%s', (title, files) => {
  test('a line less is another config, or is said', () => {
    expect(silentLines(files, (line) => isChosen(line, title))).toEqual([]);
  });

  test('no value makes adopt fail', () => {
    let tried = 0;
    for (const [name, value] of Object.entries(files)) {
      const documents = parseAllDocuments(textOf(value)).map((one) => (one.errors.length > 0 ? undefined : one.toJS()));
      if (documents.some((one) => typeof one !== 'object' || one === null)) continue;
      for (const [i, document] of documents.entries()) {
        for (const one of bent(document)) {
          if (!isChosen(tried++, title)) continue;
          const others = documents
            .map((other, at) => (at === i ? one : other))
            .filter((other) => typeof other === 'object' && other !== null);
          expect(() => allSaid({ ...files, [name]: all(...others) })).not.toThrow();
        }
      }
    }
  });
});

/**
 * Lines whose removal need not change the result, because the file contains only arguments: keys above the arguments,
 * since adopt finds arguments anywhere; the `apiVersion` and `kind` of a document; the nodes of an argument of k3d,
 * since without them it is for all nodes; an empty map and a directive of a patch, which add nothing.
 */
const isStructure = (line: string) =>
  /^[\s-]*[\w.]+:( \|-?)?$|^[\s-]*\|-?$|^[\s-]*(apiV|k)(ersion|ind): |- server:\*$|: \{\}$|\$patch|^\s*[#;]|- kube-apiserver$/.test(
    line,
  );

describe('every carrier', () => {
  const carriers = [...rows, ...inputs].map(([title, input]) => [title, input] as const);
  test.each(carriers)('%s: a line less is another config, or is said', (title, input) => {
    const silent = silentLines({ file: input }, (line) => isChosen(line, title));
    expect(silent.filter((line) => !isStructure(line.replace(/^file: /, '')))).toEqual([]);
  });
});
