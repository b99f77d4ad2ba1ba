import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

const side = (...rules: object[]) =>
  rendered(
    configOf({
      roles: { seer: { rules } },
      clusters: { homelab: { grants: [{ name: 'look', clusterRole: 'seer', people: ['datosh'] }] } },
    }),
  );
const secrets = { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] };
const one = { ...secrets, resourceNames: ['a'], verbs: ['get'] };
const lines = (before: readonly object[], after: readonly object[]) =>
  asText(reviewDiff({ before: side(...before), after: side(...after) }))
    .split('\n')
    .filter((line) => line.includes('datosh may'))
    .map((line) => line.trim());

test('a role that is limited to names still gives these', () => {
  expect(lines([secrets], [one])).toEqual([
    expect.stringMatching(
      /datosh may no longer read Secrets on homelab \(seer\): .* allows less; may still read Secret a$/,
    ),
  ]);
});

test.each([
  ['no name is left', [secrets], [{ ...secrets, resources: ['pods'] }]],
  ['the names are of another resource', [secrets], [{ ...one, resources: ['configmaps'] }]],
  ['the names are of another verb', [secrets], [{ ...one, verbs: ['delete'] }]],
  ['the role gives more', [one], [secrets]],
  ['the names were lost', [{ ...one, resourceNames: ['a', 'b'] }], [one]],
])('nothing is left if %s', (_, before, after) => {
  expect(lines(before, after).join('\n')).not.toContain('still');
});
