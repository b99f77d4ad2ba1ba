import { listed } from '../../access/rights-in-words';
import type { Judgement } from '../../expect/judgements';
import { expectationText } from '../../expect/verdict-words';
import { keyAt, type Place } from '../../findings/finding';
import type { ConfigView, Rule, RuleFinding } from './review-rule';

/** The maximum numbers of people and of results that a finding lists. */
const mostNamed = 5;
const mostVerdicts = 3;

const failed: Rule = {
  code: 'expectation-failed',
  readsManifests: true,
  onConfig: (view) =>
    view.judgements.flatMap((one) =>
      finding(view, one, 'fails', {
        what: 'does not hold',
        fix: {
          never: 'remove the grant or the membership, or list under `except` who may have the right',
          atMost: 'remove grants or memberships, or raise `atMost`',
          always: 'grant a role that gives the right, or change `who`',
          exclusive: 'remove the grant of one of the roles, or list under `except` who may hold both roles',
        }[one.expectation.kind],
      }),
    ),
};

const undecided: Rule = {
  code: 'expectation-undecided',
  readsManifests: true,
  onConfig: (view) =>
    view.judgements.flatMap((one) =>
      finding(view, one, 'undecided', {
        what: 'cannot be decided, because the following is not known:',
        fix: 'list the members of the group in the config, define the role in the config, or pass the folder that defines the role to --manifests; if the unknown people are allowed to have the right, list their group under `except`',
      }),
    ),
};

/**
 * Returns one finding for an expectation that fails or is undecided. Verdicts that depend only on the day are left out,
 * because a check on a given day decides them. The finding names people only for the first results; for the other
 * results it names only the clusters.
 */
function finding(
  { config }: ConfigView,
  { expectation, verdicts }: Judgement,
  state: 'fails' | 'undecided',
  { what, fix }: { readonly what: string; readonly fix: string },
): RuleFinding[] {
  const those = verdicts.filter(({ verdict }) => verdict.state === state && !verdict.isDayUnknown);
  if (those.length === 0) return [];
  const lines = those
    .slice(0, mostVerdicts)
    .map(
      ({ verdict, clusters }) =>
        `on ${listed(clusters)}: ${expectation.become ? inSteps(verdict.why) : listed(verdict.why, mostNamed)}`,
    );
  const rest = those.slice(mostVerdicts).flatMap(({ clusters }) => clusters);
  const more = rest.length === 0 ? [] : [`others on ${listed(rest)}`];
  const reason = expectation.reason === undefined ? '' : ` (${expectation.reason})`;
  const clusters = those.flatMap((one) => one.clusters);
  return [
    {
      place: placeOf(expectation),
      ...(clusters.length === 1 ? { cluster: clusters[0] } : {}),
      message: `\`${expectationText(config, expectation)}\`${reason} ${what} ${[...lines, ...more].join('; ')}`,
      fix,
    },
  ];
}

/** Joins texts about chains of steps with semicolons, because the texts contain commas. */
const inSteps = (why: readonly string[]): string =>
  [...why.slice(0, mostNamed), ...(why.length > mostNamed ? [`${why.length - mostNamed} more`] : [])].join('; ');

const placeOf = ({ kind, path }: Judgement['expectation']): Place => keyAt([...path, kind]);

const unknownName: Rule = {
  code: 'expectation-unknown-name',
  readsManifests: true,
  onConfig: ({ judgements }) =>
    judgements.flatMap(({ expectation, unknown }) =>
      unknown.map(({ field, what, fix }) => ({ place: { path: [...expectation.path, field] }, message: what, fix })),
    ),
};

export const expectationRules: readonly Rule[] = [failed, undecided, unknownName];
