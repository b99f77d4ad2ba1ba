import type { Right } from '../../lib/access/rights';
import type { ConfigInput } from '../../lib/config/schema/config-schema';
import { accessDiff } from '../../lib/diff/access-changes';
import type { AccessChange } from '../../lib/diff/change';
import { rendered } from '../../lib/diff/side';
import { load } from '../config';
import fc, { runs } from '../fast-check';
import { allows, ambitiously, naively, type Question, type Rules } from './naive';
import { changes, clusters, pair, people } from './random-configs';

const questions: Question[] = ['get', 'create', 'other'].flatMap((verb) => [
  ...['', 'apps', 'other'].flatMap((group) =>
    ['pods', 'pods/exec', 'secrets', 'other', 'other/exec'].flatMap((resource) =>
      [undefined, 'a', 'other'].flatMap((name) =>
        [undefined, 'web', 'other'].map((namespace) => ({ verb, group, resource, name, namespace })),
      ),
    ),
  ),
  ...['/metrics', '/a/b', '/other'].map((path) => ({ verb, path })),
]);

/** Converts each right to a separate rule, so that the evaluation of the test can tell what the right allows. */
const asRules = (rights: readonly Right[]): Rules =>
  rights.map(({ verb, group, resource, name, path, namespace }) => ({
    namespace,
    rule:
      path !== undefined
        ? { verbs: [verb], nonResourceURLs: [path] }
        : {
            verbs: [verb],
            apiGroups: [group as string],
            resources: [resource as string],
            ...(name === undefined ? {} : { resourceNames: [name] }),
          },
  }));

/** Returns a request that the right allows, and that a smaller right does not allow. */
function witness({ verb, group, resource, name, path, namespace }: Right): Question {
  const any = (value: string | undefined) => (value === '*' ? 'witness' : value);
  if (path !== undefined) return { verb: any(verb) as string, path: path.replace(/\*$/, '/witness') };
  return {
    verb: any(verb) as string,
    group: any(group),
    resource: resource === '*' ? 'witness/witness' : resource?.replace(/^\*\//, 'witness/'),
    name: name ?? 'witness',
    namespace: namespace ?? 'witness',
  };
}

/** Compares the changes that are reported for a person with both evaluations. */
function hold(changes: AccessChange[], has: Rules | undefined, other: Rules | undefined): void {
  const rights = changes.flatMap((change) => change.rights);
  const said = asRules(rights);
  for (const question of questions) {
    const now = allows(has, question);
    const then = allows(other, question);
    const claimed = allows(said, question);
    if (now && !then && !claimed) throw new Error(`not said: ${JSON.stringify(question)}`);
    if (claimed && !now) throw new Error(`said, and not so: ${JSON.stringify(question)}`);
  }
  for (const right of rights) {
    if (!allows(has, witness(right))) throw new Error(`not so: ${JSON.stringify(right)}`);
    if (allows(other, witness(right))) throw new Error(`so before: ${JSON.stringify(right)}`);
  }
}

/**
 * Checks the rights that, according to the report, somebody can get by managing entries. They must be the rights that
 * are in `has` and in none of `others`. Those in `anyway` may be left out.
 */
function managing(
  found: AccessChange[],
  has: Rules | undefined,
  others: readonly (Rules | undefined)[],
  anyway?: Rules,
): void {
  const said = asRules(found.flatMap(({ rights }) => rights));
  for (const question of questions) {
    const claimed = allows(said, question);
    const elsewhere = others.some((rules) => allows(rules, question));
    const isNew = allows(has, question) && !elsewhere;
    if (isNew && !allows(anyway, question) && !claimed)
      throw new Error(`not said of a manager: ${JSON.stringify(question)}`);
    if (claimed && !allows(has, question))
      throw new Error(`said of a manager, and not so: ${JSON.stringify(question)}`);
  }
  for (const { rights } of found) {
    for (const right of rights) {
      const question = witness(right);
      if (!allows(has, question) || others.some((rules) => allows(rules, question)))
        throw new Error(`not the difference of a manager: ${JSON.stringify(right)}`);
    }
  }
}

/** Returns the changes; `undefined` if one of the configs is refused. */
function changesOf(before: ConfigInput, after: ConfigInput): AccessChange[] | undefined {
  const [one, other] = [load(before).config, load(after).config];
  return one && other && accessDiff(rendered(one), rendered(other));
}

test('what diff reports is the difference of two plain evaluations', () => {
  fc.assert(
    fc.property(pair, ({ before, after }) => {
      const reported = changesOf(before, after);
      fc.pre(reported !== undefined);
      const was = naively(before);
      const is = naively(after);
      const isManaged = ({ groups = {} }: ConfigInput) => Object.values(groups).some(({ managedBy }) => managedBy);
      const couldBe = isManaged(before) ? ambitiously(before) : was;
      const canBe = isManaged(after) ? ambitiously(after) : is;
      for (const name of clusters) {
        for (const person of people) {
          const of = (which: string, byManaging = false) =>
            reported.filter(
              (one) =>
                one.change === which &&
                one.cluster === name &&
                one.who.name === person &&
                (one.byManaging !== undefined) === byManaging,
            );
          const [a, b] = [was.get(name)?.get(person), is.get(name)?.get(person)];
          hold(of('gained'), b, a);
          hold(of('lost'), a, b);
          const [could, can] = [couldBe.get(name)?.get(person), canBe.get(name)?.get(person)];
          managing(of('gained', true), can, [could, a, b]);
          managing(of('lost', true), could, [can, b], a);
        }
      }
    }),
    { numRuns: runs(10) },
  );
});

test('nobody gains or loses anything between two equal configs', () => {
  fc.assert(
    fc.property(pair, ({ before }) => {
      const reported = changesOf(before, structuredClone(before));
      fc.pre(reported !== undefined);
      expect(reported).toEqual([]);
    }),
    { numRuns: runs(10) },
  );
});

test('each kind of change is among the pairs, and changes what somebody may do', () => {
  const seen = new Set<string>();
  for (const { change, before, after } of fc.sample(pair, { seed: 1, numRuns: 500 })) {
    if (seen.size === changes.length) break;
    if (!seen.has(change) && changesOf(before, after)?.length) seen.add(change);
  }
  expect([...seen].sort()).toEqual([...changes].sort());
});
