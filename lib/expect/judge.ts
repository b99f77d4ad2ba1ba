import { heldAllows } from '../access/authorizer';
import { unknownNames } from '../access/unknown-names';
import { type Expectation, entry } from '../config/config';
import { isValidOn, validityOf, validityText } from '../expire/validity';
import { surelyUses } from '../identity/claims';
import { accountsOf } from './accounts';
import { type AskedRight, requestsOf } from './asked-right';
import type { Entitled, Entitlements } from './entitled';
import { exemptions } from './exempt';
import { judgeReach } from './judge-reach';
import type { Reach } from './reach';
import { decided, holds, inKanidm, type Verdict } from './verdict';
import { enough, nameOf, someHold, unknownLogin, unknownRoles, wayOf } from './verdict-words';

/** An expectation with its parsed right. */
export interface Asked {
  readonly expectation: Expectation;
  /** The right; `undefined` for `exclusive`. */
  readonly right?: AskedRight;
}

/**
 * Decides whether an expectation holds on a cluster. The verdict is `undecided` if it depends on something that the
 * config does not determine.
 */
export function judge({ expectation, right }: Asked, on: Entitlements, reach: () => Reach): Verdict {
  if (expectation.become) return judgeReach(expectation, right, on, reach());
  if (expectation.kind === 'exclusive') return exclusive(expectation, on);
  if (right === undefined) throw new Error('internal error: the right of an expectation was not parsed');
  if (expectation.kind === 'always') return always(expectation, right, on);
  return expectation.kind === 'never' ? never(expectation, right, on) : atMost(expectation, right, on);
}

type Of<Kind extends Expectation['kind']> = Extract<Expectation, { readonly kind: Kind }>;

function never(expectation: Of<'never'>, right: AskedRight, on: Entitlements): Verdict {
  const { certain, possible, open } = counted(expectation, right, on);
  if (certain.length > 0) return { state: 'fails', why: certain.map((who) => wayOf(on, who)) };
  return decided([...possible.map((who) => `${inKanidm(expectation, who)}: ${wayOf(on, who)}`), ...open]);
}

function atMost(expectation: Of<'atMost'>, right: AskedRight, on: Entitlements): Verdict {
  const { certain, possible, open } = counted(expectation, right, on);
  const people = certain.filter(isOne);
  if (people.length > expectation.most) return { state: 'fails', why: people.map((who) => wayOf(on, who)) };
  const groups = [...certain, ...possible].filter((who) => !isOne(who) && who.kind !== 'workload');
  const more = possible.filter(isOne);
  return decided([
    ...groups.map((who) => `how many people these are: ${wayOf(on, who)}`),
    ...(people.length + more.length > expectation.most ? more.map((who) => inKanidm(expectation, who)) : []),
    ...open,
  ]);
}

/** Whether somebody is one account or user, and neither a group nor a service account of Kubernetes. */
const isOne = ({ kind }: Entitled): boolean => kind === 'person' || kind === 'service account' || kind === 'user';

/**
 * Returns who has a part of the right. Those in `certain` are not exempt, and those in `possible` may be exempt. `open`
 * is what is unknown.
 */
function counted(expectation: Expectation, right: AskedRight, on: Entitlements) {
  const { bindings, unknown } = on.matching(right, expectation.in);
  const exempt = exemptions(on.access.config, expectation);
  const holders = on.holders(bindings);
  const isCounted = (who: Entitled) => exempt(who) !== 'yes';
  return {
    certain: holders.filter((who) => exempt(who) === 'no'),
    possible: holders.filter((who) => exempt(who) === 'unknown'),
    open: [
      ...unknownRoles(on.holders(unknown).filter(isCounted)),
      ...(bindings.some(({ isOwn }) => !isOwn) ? unknownNames(on.access.config, on.access.cluster) : []),
    ],
  };
}

/**
 * Decides an expectation of the kind `always`. Without a day, accounts that are not always valid leave it undecided
 * whether others have the right.
 */
function always(expectation: Of<'always'>, right: AskedRight, on: Entitlements): Verdict {
  const { config } = on.access;
  const { day } = on;
  if (day !== undefined) return alwaysFor(expectation, right, on, (name) => isValidOn(validityOf(config, name), day));
  const verdict = alwaysFor(expectation, right, on, () => true);
  if (verdict.state !== 'holds') return verdict;
  const limited = new Map<string, string>();
  const atAnyTime = alwaysFor(expectation, right, on, (name) => {
    const times = validityText(validityOf(config, name));
    if (times !== undefined) limited.set(name, times);
    return times === undefined;
  });
  if (atAnyTime.state === 'holds') return holds;
  const why = [...limited].map(([name, times]) => `on which day: the account ${name} is valid only ${times}`);
  return { state: 'undecided', why, isDayUnknown: true };
}

/** @param isCounted whether the account with a name counts */
function alwaysFor(
  expectation: Of<'always'>,
  right: AskedRight,
  on: Entitlements,
  isCounted: (name: string) => boolean,
): Verdict {
  const { config, cluster } = on.access;
  const requests = requestsOf(right, expectation.in);
  const may = (who: Pick<Entitled, 'kind' | 'name'>, isSure = true) =>
    on.access.principals
      .filter(({ kind, name }) => kind === who.kind && name === who.name)
      .filter(({ name }) => isCounted(name))
      .filter((one) => !isSure || one.kind === 'members' || surelyUses(config, one, entry(config.clients, one.client)))
      .some((one) => {
        const held = on.access.authorizer.held(one);
        return requests.every((request) => held.some((role) => heldAllows(role, request)));
      });
  const { bindings, unknown } = on.matching(right, expectation.in);
  if (!expectation.who) {
    if (on.holders(bindings).some((who) => isInConfig(who) && may(who))) return holds;
    const unsure = on.holders(bindings).filter((who) => isInConfig(who) && may(who, false));
    const open = [
      ...unsure.map(unknownLogin),
      ...unknownRoles(on.holders(unknown).filter(isInConfig)),
      ...unknownNames(config, cluster),
    ];
    return open.length > 0 ? decided(open) : { state: 'fails', why: ['nobody in the config has the right'] };
  }
  const asked = expectation.who.flatMap((name): (Pick<Entitled, 'kind' | 'name'> | string)[] => {
    const accounts = accountsOf(config, name);
    return accounts.length > 0 ? accounts : [`nobody is in ${name}`];
  });
  const not = asked.filter((who) => typeof who === 'string' || !may(who));
  if (not.length === 0) return holds;
  const names = unknownNames(config, cluster);
  const open = on.holders(unknown).filter((who) => not.some((one) => typeof one !== 'string' && isSame(one, who)));
  const certain = not.filter(
    (who) =>
      typeof who === 'string' ||
      (who.kind !== 'members' && !may(who, false) && names.length === 0 && !open.some((one) => isSame(one, who))),
  );
  if (certain.length > 0) {
    return { state: 'fails', why: certain.map((who) => (typeof who === 'string' ? who : enough(on, who))) };
  }
  return decided([
    ...not.flatMap((who) => (typeof who !== 'string' && may(who, false) ? [unknownLogin(who)] : [])),
    ...not.flatMap((who) =>
      typeof who !== 'string' && who.kind === 'members'
        ? [`whether ${nameOf(who)} has the right through a grant that does not name ${who.name}`]
        : [],
    ),
    ...unknownRoles(open),
    ...names,
  ]);
}

const isSame = (a: Pick<Entitled, 'kind' | 'name'>, b: Pick<Entitled, 'kind' | 'name'>): boolean =>
  a.kind === b.kind && a.name === b.name;

const isInConfig = ({ kind }: Pick<Entitled, 'kind'>): boolean =>
  kind === 'person' || kind === 'service account' || kind === 'members';

function exclusive(expectation: Of<'exclusive'>, on: Entitlements): Verdict {
  const exempt = exemptions(on.access.config, expectation);
  const roles = expectation.roles.map((role) => {
    const bindings = on.ofRole(role, expectation.in);
    const holders = on.holders(bindings).filter((who) => who.kind !== 'workload' && exempt(who) !== 'yes');
    return { role, bindings, holders: new Map(holders.map((who) => [`${who.kind}\n${who.name}`, who])) };
  });
  const all = new Map(roles.flatMap(({ holders }) => [...holders]));
  const both = [...all].flatMap(([key, who]) => {
    const held = roles.flatMap(({ holders }) => holders.get(key) ?? []);
    return held.length > 1 ? [{ who, held }] : [];
  });
  const certain = both.filter(({ who }) => exempt(who) === 'no');
  if (certain.length > 0) return { state: 'fails', why: certain.map(({ who, held }) => someHold(on, who, held)) };
  const bound = roles.filter(({ holders }) => holders.size > 0);
  const open =
    bound.length > 1
      ? bound.flatMap(({ role, holders }) =>
          [...holders.values()]
            .filter((who) => !isOne(who))
            .map(
              (who) =>
                `whether somebody holds two of the roles: ${nameOf(who)} holds ${role}, and it is not known who is in this group`,
            ),
        )
      : [];
  const names = bound.length > 1 ? unknownNames(on.access.config, on.access.cluster) : [];
  return decided([
    ...both.map(({ who, held }) => `${inKanidm(expectation, who)}: ${someHold(on, who, held)}`),
    ...open,
    ...names,
  ]);
}
