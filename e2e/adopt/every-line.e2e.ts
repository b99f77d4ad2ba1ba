import { silentLines } from '../../__tests__/adopt/adopted';
import { cases } from '../../__tests__/adopt/cases';

test.each(Object.entries(cases))('%s: each line less is another config, or is said', (_, files) => {
  expect(silentLines(files, () => true)).toEqual([]);
});
