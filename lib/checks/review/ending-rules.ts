import { daysAfter, type Ending, grantsOf, hasEnded, membershipsOf } from '../../expire/terms';
import type { Rule, RuleFinding } from './review-rule';

/** A grant or a membership is reported from this number of days before its end. */
export const daysOfNotice = 14;

const ended: Rule = {
  code: 'access-ended',
  onCluster: ({ cluster, at }) => grantsOf(cluster).flatMap((one) => endedFinding(one, at)),
  onConfig: ({ config, at }) =>
    [...config.groups.values()].flatMap(membershipsOf).flatMap((one) => endedFinding(one, at)),
};

function endedFinding({ kind, path, what, until }: Ending, at: string | undefined): RuleFinding[] {
  if (at === undefined || !hasEnded(until, at)) return [];
  const still = kind === 'grant' ? 'the grant still gives its role' : 'the member is still in the group';
  return [
    {
      place: { path: [...path, 'until'] },
      message: `the last day of ${what} was ${until} (UTC), but ${still}`,
      fix: `to remove the ${kind}, run \`kaniflux expire\`; to extend it, write a later day`,
    },
  ];
}

const endsSoon: Rule = {
  code: 'access-ends-soon',
  onCluster: ({ cluster, at }) => grantsOf(cluster).flatMap((one) => soonFinding(one, at)),
  onConfig: ({ config, at }) =>
    [...config.groups.values()].flatMap(membershipsOf).flatMap((one) => soonFinding(one, at)),
};

function soonFinding({ kind, path, what, until }: Ending, at: string | undefined): RuleFinding[] {
  if (at === undefined || hasEnded(until, at) || until > daysAfter(at, daysOfNotice)) return [];
  return [
    {
      place: { path: [...path, 'until'] },
      message: `the last day of ${what} is ${until} (UTC)`,
      fix: `to extend the ${kind}, write a later day now`,
    },
  ];
}

export const endingRules: readonly Rule[] = [ended, endsSoon];
