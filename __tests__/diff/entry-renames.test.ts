import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

const ids = ['5c1a8e0e-3f5b-4d3c-9a57-0a3a3a9b7c01', '5c1a8e0e-3f5b-4d3c-9a57-0a3a3a9b7c02'];
const people = (jane: string | undefined, ann: string | undefined) =>
  rendered(
    configOf({
      people: {
        ...(jane === undefined ? {} : { jane: { displayName: 'Jane', id: jane } }),
        ...(ann === undefined ? {} : { ann: { displayName: 'Jane', id: ann } }),
      },
    }),
  );

const review = (...[before, after]: ReturnType<typeof people>[]) =>
  before && after ? asText(reviewDiff({ before, after })) : '';

const renamed = 'person jane is renamed to ann: the same account, with its credentials and its UUID';
const gone =
  'person ann is gone from the config: Kanidm keeps the account and its credentials until somebody deletes the entry';

test('an entry whose name another one took is gone', () => {
  const text = review(people(ids[0], ids[1]), people(undefined, ids[0]));
  expect(text).toContain(renamed);
  expect(text).toContain(gone);
});

test('a rename to a free name removes nobody', () => {
  const text = review(people(ids[0], undefined), people(undefined, ids[0]));
  expect(text).toContain(renamed);
  expect(text).not.toContain('is gone from the config');
});
