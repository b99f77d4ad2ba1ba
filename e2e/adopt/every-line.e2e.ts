import { parseAllDocuments } from 'yaml';
import { all, allSaid, silentLines, textOf } from '../../__tests__/adopt/adopted';
import { cases } from '../../__tests__/adopt/cases';
import { bent } from '../../__tests__/existing/bent';
import { inputs } from '../../__tests__/existing/carrier-inputs';
import { rows } from '../../__tests__/existing/carrier-rows';

/*
 * For every case, removes each line and changes each value, one at a time. To try all of them takes minutes, so only
 * one in eight is tried. ADOPT_EVERY=1 tries all. The unit tests try other lines.
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
 * Lines whose removal need not change the result, because the file contains only arguments. These are the keys above
 * the arguments, since adopt finds arguments anywhere, and the `apiVersion` and `kind` of a document. The nodes of an
 * argument of k3d are also such lines, since an argument without nodes is for all nodes. An empty map and a directive
 * of a patch add nothing.
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
