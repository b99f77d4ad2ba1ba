import { type ClusterAccess, clusterAccess } from '../access/cluster';
import type { PolicyRule } from '../access/objects';
import { rulesIn, rulesOn } from '../access/resource-request';
import { isSuperuser } from '../access/strangers';
import { unknownNames } from '../access/unknown-names';
import { ofUnknownRoles, unknownRule } from '../access/unknown-roles';
import { type Becomer, whoCanBecome } from '../become/become';
import { notModelled } from '../become/become-steps';
import { type Goal, GoalError, goalOf, roleReaches } from '../become/goal';
import { kanidmAdministrators } from '../become/steps/kanidm-administrators';
import { groupsTo, heldText, wayData, wayLines } from '../become/way-text';
import { type World, worldWith } from '../become/world';
import type { Config } from '../config/config';
import { endOf } from '../expire/terms';
import { type Validity, validityOf, validityText } from '../expire/validity';
import { json, terminal } from '../output/text-escapes';
import { clusterAnswers } from './cluster-answers';
import { type ExitCode, type Invocation, UserError } from './command';
import { manifestsOf } from './manifests-option';
import { chosenClusters, configAt } from './review';

/** `kaniflux who-can become RIGHT`. */
export async function whoCanBecomeCommand({ options, args, io }: Invocation): Promise<ExitCode> {
  const [, text, ...others] = args;
  if (text === undefined || others.length > 0) {
    throw new UserError(
      'who-can become needs one right, such as `who-can become cluster-admin` or `who-can become "delete secrets in prod"`',
    );
  }
  if (options.namespace !== undefined || options.name !== undefined) {
    throw new UserError(
      'who-can become takes the namespace as a part of the right: `who-can become "delete secrets in prod"`',
    );
  }
  const most = Number(options.ways);
  if (!Number.isInteger(most) || most < 1) throw new UserError('--ways needs a number from 1');
  const config = await configAt(String(options.config), io);
  if (!config) return 2;
  const clusters = chosenClusters(config, options.cluster).flatMap((name) => config.clusters.get(name) ?? []);
  const manifests = manifestsOf(options.manifests, io, config);
  const objects = manifests.map(({ object }) => object);
  const goal = asked(text, [...rulesOn(clusters), ...rulesIn(objects)], objects);
  const all = clusterAnswers(
    { config, clusters, manifests },
    (cluster, objects) =>
      answerOn(worldWith(clusterAccess(config, cluster, objects), objects, namespacesOf(goal)), goal, most),
    ({ grants }) => grants.map(({ until }) => until),
  );
  if (options.format === 'json') io.stdout(`${json(asJson(config, goal, all))}\n`);
  else {
    for (const { cluster, lines } of all) io.stdout(`${terminal(cluster)}:\n${lines}`);
    io.stdout(`Not modelled:\n${notModelled.map((what) => `  ${what}\n`).join('')}`);
  }
  return all.some(({ becomers }) => becomers.some(isInConfig)) ? 0 : 1;
}

const namespacesOf = (goal: Goal): string[] =>
  goal === 'everything' || !('namespace' in goal) || goal.namespace === undefined ? [] : [goal.namespace];

/** The answer for all clusters with equal access and equal last days of their grants. */
interface Answer {
  readonly becomers: readonly Becomer[];
  /** The names and roles that are not known. Because of them, more people may be able to get the right. */
  readonly notKnown: readonly string[];
  /** As text, without the name of the cluster. */
  readonly lines: string;
}

function answerOn(world: World, goal: Goal, most: number): Answer {
  const { access } = world;
  const becomers = whoCanBecome(world, goal, most);
  const notKnown = [...unknownNames(access.config, access.cluster), ...ofUnknownRoles(access).map(unknownRule)];
  const open = notKnown.map((what) => `  not known: ${terminal(what)}\n`).join('');
  return { becomers, notKnown, lines: `${textOf(world.access, goal, becomers, most)}${open}` };
}

/**
 * Whether somebody is in the config. The administrators of Kanidm do not count, because they can always become
 * everybody.
 */
const isInConfig = ({ kind, name }: Becomer) => kind !== 'stranger' && name !== kanidmAdministrators;

function asked(text: string, rules: readonly PolicyRule[], objects: readonly object[]): Goal {
  try {
    return goalOf(text, rules, objects);
  } catch (error) {
    if (error instanceof GoalError) throw new UserError(terminal(error.message));
    throw error;
  }
}

function textOf(access: ClusterAccess, goal: Goal, becomers: readonly Becomer[], most: number): string {
  const lines = becomers.flatMap((one): string[] => {
    const [first, ...more] = one.ways;
    if (!first) return [];
    const times = validityText(validityFor(access.config, one));
    const valid = times === undefined ? '' : `; the account is valid ${times}`;
    if (first.steps.length === 0) {
      const until = endOfRight(access, one, goal);
      const end = until === undefined ? '' : `, until ${until}`;
      return [`${one.who}: may do it now (${heldText(access, one, first)}${end}${valid})`];
    }
    const count = one.ways.length < most ? `${one.ways.length} ways` : `the shortest ${most} ways`;
    return [
      `${one.who}: ${more.length === 0 && most > 1 ? 'one way' : count}${valid}`,
      ...one.ways.flatMap((way, i) => [
        ...(more.length > 0 ? [`  way ${i + 1}:`] : []),
        ...wayLines(access, one, way).map((line) => `    ${line}`),
      ]),
    ];
  });
  const shown = lines.length > 0 ? lines : ['nobody'];
  return shown.map((line) => `  ${terminal(line)}\n`).join('');
}

const validityFor = (config: Config, { kind, name }: Becomer): Validity =>
  kind === 'person' || kind === 'service account' ? validityOf(config, name) : {};

/** Returns the last day of a right that somebody has now; `undefined` if it has none, or if several bindings give it. */
function endOfRight(access: ClusterAccess, who: Becomer, goal: Goal): string | undefined {
  const users = who.facts.flatMap((fact) => (fact.kind === 'identity' ? [fact.who] : []));
  const held = users.flatMap((user) => access.authorizer.held(user)).filter((one) => roleReaches(one, goal));
  if (users.some(isSuperuser) || new Set(held.map(({ binding }) => binding)).size !== 1) return undefined;
  // With several clients, somebody has several user names, and a binding can contain each of them.
  const ends = held.map((one) => endOf(access, one.binding, who.name, groupsTo(access, who, one)));
  return ends.includes(undefined) ? undefined : ends.sort().at(-1);
}

const asJson = (config: Config, goal: Goal, answers: readonly (Answer & { readonly cluster: string })[]) => ({
  goal,
  clusters: answers.map(({ cluster, becomers, notKnown }) => ({
    cluster,
    becomers: becomers.map((one) => {
      const { kind, name, who, ways } = one;
      return { kind, name, who, ...validityFor(config, one), ways: ways.map(wayData) };
    }),
    ...(notKnown.length > 0 ? { notKnown } : {}),
  })),
  notModelled,
});
