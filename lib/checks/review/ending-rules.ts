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
  const still = kind === 'grant' ? 'its role is still granted' : 'the member is still in the group';
  return [
    {
      place: { path: [...path, 'until'] },
      message: `${what} ended with ${until} (UTC), but ${still}`,
      fix: 'run `kaniflux expire`, which removes it; to extend it, write a later day',
    },
  ];
}

const endsSoon: Rule = {
  code: 'access-ends-soon',
  onCluster: ({ cluster, at }) => grantsOf(cluster).flatMap((one) => soonFinding(one, at)),
  onConfig: ({ config, at }) =>
    [...config.groups.values()].flatMap(membershipsOf).flatMap((one) => soonFinding(one, at)),
};

function soonFinding({ path, what, until }: Ending, at: string | undefined): RuleFinding[] {
  if (at === undefined || hasEnded(until, at) || until > daysAfter(at, daysOfNotice)) return [];
  return [
    {
      place: { path: [...path, 'until'] },
      message: `${what} ends with ${until} (UTC)`,
      fix: 'to extend it, write a later day now',
    },
  ];
}

export const endingRules: readonly Rule[] = [ended, endsSoon];
