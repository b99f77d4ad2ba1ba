import { parseAllDocuments } from 'yaml';
import { all, allSaid, silentLines, textOf } from '../../__tests__/adopt/adopted';
import { cases } from '../../__tests__/adopt/cases';
import { bent } from '../../__tests__/existing/bent';

/* What takes minutes and no real program: each line and each value of every case, one at a time. */

describe.each(Object.entries(cases))('%s', (_, files) => {
  test('each line less is another config, or is said', () => {
    expect(silentLines(files, () => true)).toEqual([]);
  });

  test('no value makes adopt fail', () => {
    for (const [name, value] of Object.entries(files)) {
      const documents = parseAllDocuments(textOf(value)).map((one) => (one.errors.length > 0 ? undefined : one.toJS()));
      if (documents.some((one) => typeof one !== 'object' || one === null)) continue;
      for (const [i, document] of documents.entries()) {
        for (const one of bent(document)) {
          const others = documents
            .map((other, at) => (at === i ? one : other))
            .filter((other) => typeof other === 'object' && other !== null);
          expect(() => allSaid({ ...files, [name]: all(...others) })).not.toThrow();
        }
      }
    }
  });
});
