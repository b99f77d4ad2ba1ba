import { expectationList } from '../../lib/report/expectation-list';
import type { ExpectationData } from '../../lib/report/model/data';
import { handData } from './hand-data';

const section = (...expectations: ExpectationData[]) => expectationList({ ...handData, expectations });
const one = { text: 'nobody may delete secrets in <prod>', place: 'kaniflux.yaml:7:3' };
const many = (count: number, name: string) => Array.from({ length: count }, (_, at) => `${name}-${at + 1}`);

test('without an expectation, there is no section', () => expect(section()).toBe(''));

test('an expectation has its worst result, its reason, and where each result holds', () => {
  const list = section(
    {
      ...one,
      reason: 'the & audit',
      results: [
        { state: 'holds', clusters: ['east'], why: [] },
        { state: 'undecided', clusters: ['north', 'south'], why: ['only Kanidm knows the members of <b>'] },
        { state: 'fails', clusters: ['west'], why: ['jane may', 'joe may'] },
      ],
    },
    { ...one, text: 'jane may get pods', results: [{ state: 'holds', clusters: ['east'], why: [] }] },
  );
  expect(list).toBe(`<section id="expectations" aria-labelledby="expectations-title">
<h2 id="expectations-title">What must hold</h2>
<article class="finding"><h3><span class="severity error">does not hold</span> nobody may delete secrets in &#60;prod&#62;</h3><p>the &#38; audit</p><ul class="plain"><li><p>holds on east.</p></li><li><p>not decided on north, south:</p><ul><li>only Kanidm knows the members of &#60;b&#62;</li></ul></li><li><p>does not hold on west:</p><ul><li>jane may</li><li>joe may</li></ul></li></ul><p class="quiet"><code>kaniflux.yaml:7:3</code></p></article>
<article class="finding"><h3><span class="severity note">holds</span> jane may get pods</h3><ul class="plain"><li><p>holds on east.</p></li></ul><p class="quiet"><code>kaniflux.yaml:7:3</code></p></article>
</section>
`);
});

test.each<[ExpectationData['results'], string]>([
  [[], '<span class="severity note">about no cluster</span>'],
  [[{ state: 'holds', clusters: ['a'], why: [] }], '<span class="severity note">holds</span>'],
  [
    [
      { state: 'holds', clusters: ['a'], why: [] },
      { state: 'undecided', clusters: ['b'], why: [] },
    ],
    '<span class="severity warning">not decided</span>',
  ],
])('%j: %s', (results, word) => expect(section({ ...one, results })).toContain(word));

test.each([
  [20, 'cluster-19, cluster-20:'],
  [21, 'cluster-19, cluster-20, 1 more:'],
])('of %i clusters and reasons, twenty are shown', (count, end) => {
  const list = section({
    ...one,
    results: [{ state: 'fails', clusters: many(count, 'cluster'), why: many(count, 'reason') }],
  });
  expect(list).toContain(end);
  expect(list).not.toContain('-21');
  expect(list.includes('<li>reason-20</li></ul>')).toBe(count === 20);
  expect(list.includes('<li>reason-20</li><li>1 more</li></ul>')).toBe(count === 21);
});
