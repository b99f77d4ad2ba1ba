import { type Held, heldAllows } from '../access/authorizer';
import type { AccessRequest } from '../access/objects';
import { unknownNames } from '../access/unknown-names';
import { isWhole } from '../become/identity-rights';
import type { Expectation } from '../config/config';
import { accountsOf } from './accounts';
import { type AskedRight, isPart, requestsOf } from './asked-right';
import type { Entitlements } from './entitled';
import { exemptions } from './exempt';
import type { IsAsked, Reach, Reaching } from './reach';
import { decided, holds, inKanidm, type Verdict } from './verdict';
import { nameOf, unknownRoles } from './verdict-words';

/** Judges an expectation about what people can become, on one cluster. */
export function judgeReach(
  expectation: Expectation,
  right: AskedRight | undefined,
  on: Entitlements,
  reach: Reach,
): Verdict {
  const open = notKnown(expectation, on);
  if (expectation.kind === 'always') return always(expectation, right ?? 'everything', on, reach);
  const asked =
    expectation.kind === 'exclusive'
      ? undefined
      : [
          ofHeld((held) =>
            isPart(right ?? 'everything', expectation.in)({ rules: held.rules, namespace: held.namespace }),
          ),
        ];
  const able = asked
    ? reach.able(asked)
    : both(expectation.kind === 'exclusive' ? expectation.roles : [], expectation, reach);
  const exempt = exemptions(on.access.config, expectation);
  // `atMost` and `exclusive` are about people.
  const isCounted = ({ kind }: Reaching) => expectation.kind === 'never' || kind !== 'workload';
  const counted = able.filter((who) => isCounted(who) && exempt(who) !== 'yes');
  const certain = counted.filter((who) => exempt(who) === 'no' && who.isCertain);
  const possible = counted
    .filter((who) => !certain.includes(who))
    .map((who) => (exempt(who) === 'unknown' ? `${inKanidm(expectation, who)}: ${who.text}` : `whether ${who.text}`));
  if (expectation.kind !== 'atMost') {
    if (certain.length > 0) return { state: 'fails', why: certain.map(({ text }) => text) };
    return decided([...possible, ...open]);
  }
  const people = certain.filter(isOne);
  if (people.length > expectation.most) return { state: 'fails', why: people.map(({ text }) => text) };
  const groups = certain.filter((who) => !isOne(who)).map(({ text }) => `how many people these are: ${text}`);
  return decided([...groups, ...(counted.length > expectation.most ? possible : []), ...open]);
}

const isOne = ({ kind }: Reaching): boolean => kind === 'person' || kind === 'service account' || kind === 'user';

const ofHeld =
  (isAsked: (held: Held) => boolean): IsAsked =>
  (held) =>
    held === 'everything' || isAsked(held);

/** Returns those who can get at least two of several roles. Somebody who can get every right can get every role. */
function both(roles: readonly string[], { in: namespaces }: Pick<Expectation, 'in'>, reach: Reach): Reaching[] {
  const isThere = ({ namespace }: Held) =>
    namespace === undefined || namespaces === undefined || namespaces.includes(namespace);
  const isRole = (role: string) =>
    ofHeld(
      (held) =>
        isThere(held) && (held.binding.roleRef.name === role || (held.namespace === undefined && isWhole(held.rules))),
    );
  const found = new Map<string, Reaching>();
  for (const [i, one] of roles.entries()) {
    for (const other of roles.slice(i + 1)) {
      for (const who of reach.able([isRole(one), isRole(other)])) {
        const key = `${who.kind}\n${who.name}`;
        const before = found.get(key);
        if (!before || (!before.isCertain && who.isCertain)) found.set(key, who);
      }
    }
  }
  return [...found.values()];
}

function always(
  expectation: Extract<Expectation, { kind: 'always' }>,
  right: AskedRight,
  on: Entitlements,
  reach: Reach,
): Verdict {
  const requests: AccessRequest[] = requestsOf(right, expectation.in);
  const able = reach.able(requests.map((request) => ofHeld((held) => heldAllows(held, request))));
  const open = notKnown(expectation, on);
  const inConfig = ({ kind }: Reaching) => kind !== 'user' && kind !== 'group' && kind !== 'workload';
  if (!expectation.who) {
    if (able.some((who) => inConfig(who) && who.isCertain)) return holds;
    const possible = able.filter(inConfig).map(({ text }) => `whether ${text}`);
    return possible.length + open.length > 0
      ? decided([...possible, ...open])
      : { state: 'fails', why: ['nobody in the config can get the right'] };
  }
  const nobody = expectation.who.filter((name) => accountsOf(on.access.config, name).length === 0);
  const isAmong = (many: readonly Pick<Reaching, 'kind' | 'name'>[], { kind, name }: Pick<Reaching, 'kind' | 'name'>) =>
    many.some((one) => one.kind === kind && one.name === name);
  const sure = able.filter(({ isCertain }) => isCertain);
  const missing = expectation.who
    .flatMap((name) => accountsOf(on.access.config, name))
    .filter((who) => !isAmong(sure, who));
  const certain = open.length > 0 ? [] : missing.filter((who) => who.kind !== 'members' && !isAmong(able, who));
  if (nobody.length + certain.length > 0) {
    return {
      state: 'fails',
      why: [
        ...nobody.map((name) => `nobody is in ${name}`),
        ...certain.map((who) => `${nameOf(who)} cannot get the right`),
      ],
    };
  }
  if (missing.length === 0) return holds;
  return decided([
    ...able.filter((one) => isAmong(missing, one)).map(({ text }) => `whether ${text}`),
    ...missing
      .filter(({ kind }) => kind === 'members')
      .map((who) => `whether ${nameOf(who)} can get the right through a grant that does not name ${who.name}`),
    ...open,
  ]);
}

/** Returns what is unknown and could let more people get the right: the rules of roles, and user and group names. */
const notKnown = (expectation: Expectation, on: Entitlements): string[] => {
  const exempt = exemptions(on.access.config, expectation);
  return [
    ...unknownRoles(on.holders(on.unknownRoles).filter((who) => exempt(who) !== 'yes')),
    ...unknownNames(on.access.config, on.access.cluster),
  ];
};
