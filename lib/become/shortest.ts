import type { Held } from '../access/authorizer';
import { potentialOf } from '../access/managers';
import { authenticators } from '../identity/authenticator';
import { memberships } from '../identity/membership';
import { type Beginner, surestWay } from './become';
import { type Becoming, becomingsOf } from './becoming';
import type { Way } from './ways';
import type { World } from './world';

/** A number for each `Held`, which keeps cache keys short. */
const numbers = new WeakMap<Held, number>();
let last = 0;

function numberOf(held: Held): number {
  let number = numbers.get(held);
  if (number === undefined) {
    number = ++last;
    numbers.set(held, number);
  }
  return number;
}

/**
 * Returns the shortest way in which somebody can become able to do everything, if possible one that assumes nothing;
 * `undefined` if there is none.
 */
export const shortestToEverything = (world: World, who: Beginner): Way | undefined =>
  remembered(ways, world, who, () => surestWay(world, who, 'everything'));

/** Returns what somebody can become, each with the shortest way. */
export const shortestBecomings = (world: World, who: Beginner): readonly Becoming[] =>
  remembered(becomings, world, who, () => becomingsOf(world, who, 1));

type Known<T> = WeakMap<World, Map<string, { readonly answer: T }>>;

/**
 * The cache keys are the cluster and the roles that somebody holds, because people with the same roles can take the
 * same steps.
 */
const ways: Known<Way | undefined> = new WeakMap();
const becomings: Known<readonly Becoming[]> = new WeakMap();

function remembered<T>(known: Known<T>, world: World, who: Beginner, make: () => T): T {
  if (dependsOnAccount(world, who)) return make();
  const key = keyOf(world, who);
  const answers = known.get(world) ?? new Map<string, { readonly answer: T }>();
  known.set(world, answers);
  const found = answers.get(key) ?? { answer: make() };
  answers.set(key, found);
  return found.answer;
}

const keyOf = ({ access }: World, { facts }: Beginner): string =>
  facts
    .flatMap((fact) => (fact.kind === 'identity' ? [access.authorizer.held(fact.who).map(numberOf).sort().join()] : []))
    .join('\n');

/**
 * Whether what somebody can become depends on more than their roles: on the entries that they manage, on the
 * repositories that they can write to, or on their name.
 */
function dependsOnAccount({ access: { config, cluster } }: World, { kind, name }: Beginner): boolean {
  if (kind === 'stranger') return false;
  if (kind === 'members' || potentialOf(config, { kind, name })) return true;
  const { writers } = cluster.flux;
  const groups = memberships(config).groupsOf.get(name) ?? [];
  const isWriter =
    writers?.people?.includes(name) ||
    writers?.serviceAccounts?.includes(name) ||
    groups.some((group) => writers?.groups?.includes(group));
  return isWriter || authenticators(config, cluster).some(({ username }) => username.claim === 'preferred_username');
}
