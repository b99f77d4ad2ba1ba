import { own } from '../guards';
import { resources } from '../upstream/resource-names';
import { templateKinds, workloadKinds } from '../upstream/workload-kinds';
import type { Held } from './authorizer';
import { consequenceOf, isOfFlux } from './consequences';
import { changesThatRead, type Danger, dangerOf, reads } from './danger';
import type { Principal } from './principals';
import { type Right, rightsOf } from './rights';

/** Returns a list as text: `a`, `a and b`, `a, b and 3 more`. */
export function listed(items: readonly string[], most = 4): string {
  if (items.length <= 1) return items[0] ?? '';
  const shown = items.slice(0, items.length <= most ? items.length - 1 : most - 1);
  const rest = items.length - shown.length;
  return `${shown.join(', ')} and ${rest === 1 ? items.at(-1) : `${rest} more`}`;
}

const distinct = (items: Iterable<string>): string[] => [...new Set(items)].sort();

const groups = new Set([...resources.values()].map(({ group }) => group));

/**
 * Whether the resource of a right can exist in its API group. A rule lists API groups and resources separately, so it
 * also combines a resource with a group that does not have it, such as `helmreleases` with
 * `kustomize.toolkit.fluxcd.io`.
 */
function isPossible({ verb, group, resource = '' }: Right): boolean {
  const isConstrained = verb.startsWith('impersonate:');
  const home = isConstrained ? 'authentication.k8s.io' : resources.get(resource.split('/')[0] ?? '')?.group;
  return home === undefined || group === undefined || group === home || !groups.has(group);
}

/** Returns rights as text, the most dangerous first: `read Secrets, run commands in pods and read pods`. */
export function inWords(all: readonly Right[]): string {
  const possible = all.filter(isPossible);
  const rights = possible.length > 0 ? possible : all;
  const found = new Map<Danger, Right[]>();
  for (const right of rights) {
    const danger = dangerOf(right);
    const known = found.get(danger);
    if (known) known.push(right);
    else found.set(danger, [right]);
  }
  if (found.has('everything')) return 'do everything';
  const narrow = (danger: Danger) => (found.get(danger) ?? []).filter((right) => !isOfWholeGroup(right));
  const phrases = [
    ...takeovers(found.get('takeover') ?? []),
    ...secretsIn(found.get('secrets') ?? []),
    ...accountsIn(found.get('accounts') ?? []),
    ...execs(found.get('exec') ?? []),
    ...wholeGroups(rights.filter((right) => isOfWholeGroup(right) && dangerOf(right) !== 'takeover')),
    ...writes([
      ...narrow('write'),
      ...changesOfSecrets(narrow('secrets')),
      ...[...narrow('accounts'), ...narrow('exec')].filter(allowsMore),
    ]),
    ...readsIn(found),
  ];
  return phrases.length === 0 ? 'do nothing' : listed(phrases, 99);
}

/** Returns as text what a held role allows. */
export const mayOf = (held: Held): string =>
  held.isRoleUnknown ? 'do what this role allows, which is not known' : inWords(rightsOf(held));

/**
 * The right to `get` `pods/exec` or `pods/attach` is not mentioned beside the right to run commands, because it is a
 * part of that right.
 */
function readsIn(found: ReadonlyMap<Danger, readonly Right[]>): string[] {
  const isMentioned = ({ resource, execNeedsCreate }: Right) =>
    execNeedsCreate && (resource === 'pods/exec' || resource === 'pods/attach') && found.has('exec');
  const rights = (found.get('read') ?? []).filter((right) => !isMentioned(right) && !isOfWholeGroup(right));
  return rights.length === 0 ? [] : [`read ${listed(distinct(rights.map(resourceOf)))}`];
}

/**
 * Whether a right covers all resources of an API group. The words for its worst part, such as Secrets, say too little.
 * Rights to the groups of Flux, which `view` and `edit` contain, do not count: all their resources are of one kind.
 */
const isOfWholeGroup = ({ group = '', resource }: Right): boolean => resource === '*' && !/\bfluxcd\./.test(group);

/** Returns the rights that cover all resources of API groups: `read every resource of apps and every resource of batch`. */
function wholeGroups(rights: readonly Right[]): string[] {
  const found = new Map<string, string[]>();
  for (const [what, { verbs }] of verbsByResource(rights)) {
    const does = verbs.includes('*')
      ? verbOf('*')
      : listed(distinct(verbs.map((verb) => (reads.includes(verb) ? 'read' : verb))), 9);
    const known = found.get(does);
    if (known) known.push(what);
    else found.set(does, [what]);
  }
  return [...found].map(([does, what]) => `${does} ${listed(distinct(what), 9)}`);
}

/** Whether the verb `*` of a right allows more than to act as a service account or to run commands. */
const allowsMore = ({ verb, resource = '' }: Right): boolean =>
  verb === '*' && !/^(serviceaccounts\/token|pods\/(exec|attach|ephemeralcontainers))$/.test(resource);

/**
 * Returns in words what the rights allow somebody to do with Secrets. The verb `*` both reads and changes them. The
 * answer to a patch or a delete contains the Secret, so the rights to patch and to delete read Secrets too. These two
 * rights are mentioned here only for Secrets that no other right reads.
 */
function secretsIn(rights: readonly Right[]): string[] {
  const reading = rights.filter((right) => !changesSecrets(right));
  const changing = rights.filter((right) => changesSecrets(right) && !isReadAnyway(right, reading));
  const verb = reading.some(({ verb }) => verb === '*') ? 'read and change' : 'read';
  const verbs = listed(distinct(changing.map(({ verb }) => verb)), 9);
  return [
    ...(reading.length > 0 ? [`${verb} ${names(reading, 'Secret')}`] : []),
    ...(changing.length > 0 ? [`${verbs} ${names(changing, 'Secret')} (to read the contents)`] : []),
  ];
}

const changesSecrets = ({ verb }: Right): boolean => changesThatRead.includes(verb);

/** Whether a right in `reading` reads the Secrets that the given right changes. */
const isReadAnyway = ({ name }: Right, reading: readonly Right[]): boolean =>
  reading.some((one) => one.name === undefined || one.name === name);

/**
 * Returns the rights to patch or delete Secrets that the text lists as changes, and not as a way to read Secrets, since
 * another right reads the same Secrets.
 */
function changesOfSecrets(rights: readonly Right[]): Right[] {
  const reading = rights.filter((right) => !changesSecrets(right));
  return rights.filter((right) => changesSecrets(right) && isReadAnyway(right, reading));
}

function accountsIn(rights: readonly Right[]): string[] {
  if (rights.length === 0) return [];
  const act = `act as ${isOfNamedAccounts(rights) ? names(rights, 'service account') : 'service accounts'}`;
  return rights.every(changesTemplate) ? [`${listed(writes(rights), 9)} (to ${act})`] : [act];
}

/**
 * Whether each right is limited to one service account by its name. The right to run pods is not limited so, because a
 * pod can run as any service account of its namespace.
 */
export const isOfNamedAccounts = (rights: readonly Right[]): boolean =>
  rights.every(({ resource, name }) => name !== undefined && /^serviceaccounts(\/token)?$/.test(resource ?? ''));

/**
 * Returns in words what the rights allow somebody to do with existing pods. The right to change images is mentioned
 * only if no other right allows running commands.
 */
function execs(rights: readonly Right[]): string[] {
  if (rights.length === 0) return [];
  return [rights.every(({ resource }) => resource === 'pods') ? 'change the images of pods' : 'run commands in pods'];
}

function takeovers(rights: readonly Right[]): string[] {
  const ofFlux = rights.filter(isOfAllFlux);
  const isTogether = new Set(ofFlux.map(({ group }) => group)).size > 1;
  const isRunning = rights.some(runsPods);
  const others = rights.filter(
    (right) => !runsPods(right) && !(isRunning && changesTemplate(right)) && !(isTogether && ofFlux.includes(right)),
  );
  const phrases = [...verbsByResource(others)].map(
    ([what, { verbs, right }]) => `${listed(distinct(verbs.map(verbOf)), 9)} ${what}${consequenceOf(right, verbs)}`,
  );
  const sorted = distinct([
    ...phrases,
    ...(isTogether ? ['write the objects of Flux (to have Flux apply anything as cluster-admin)'] : []),
    ...(isRunning ? ['run pods (as any service account)'] : []),
  ]);
  return sorted.length <= 6 ? sorted : [...sorted.slice(0, 6), `${sorted.length - 6} more of this kind`];
}

/**
 * Whether a right covers all resources of one API group of Flux. The role `edit` has such a right for each of these
 * groups.
 */
const isOfAllFlux = ({ group, resource, name, limitsFlux }: Right): boolean =>
  isOfFlux(group) && resource === '*' && name === undefined && !limitsFlux;

const runsPods = ({ verb, group, resource, name }: Right): boolean =>
  verb === 'create' && name === undefined && isOneOfKinds(workloadKinds, group, resource);

const changesTemplate = ({ verb, group, resource }: Right): boolean =>
  (verb === 'update' || verb === 'patch') && isOneOfKinds(templateKinds, group, resource);

const isOneOfKinds = (kinds: typeof workloadKinds, group: string | undefined, resource: string | undefined): boolean =>
  kinds.some(([ofGroup, name]) => group === ofGroup && resource === name);

function verbsByResource(rights: readonly Right[]) {
  const found = new Map<string, { readonly verbs: string[]; readonly right: Right }>();
  for (const right of rights) {
    const what = resourceOf(right);
    const known = found.get(what);
    if (known) known.verbs.push(right.verb);
    else found.set(what, { verbs: [right.verb], right });
  }
  return found;
}

function writes(rights: readonly Right[]): string[] {
  const found = verbsByResource(rights);
  if (found.size <= 2)
    return [...found].map(([what, { verbs }]) => `${listed(distinct(verbs.map(verbOf)), 9)} ${what}`);
  return [`change ${listed(distinct(found.keys()))}`];
}

const verbOf = (verb: string) => (verb === '*' ? 'do anything with' : verb);

/** Returns the resource of a right as text: `pods`, `deployments.apps`, `every resource of apps`, `every path`. */
function resourceOf({ group, resource, name, path }: Right): string {
  if (path !== undefined) return path === '*' ? 'every path' : path;
  const of = group === '' || group === undefined ? '' : group === '*' ? ' of every group' : ` of ${group}`;
  const what =
    resource === '*'
      ? `every resource${of || ' of the core group'}`
      : `${resource}${group === '*' ? '' : group ? `.${group}` : ''}`;
  return name === undefined ? what : `${what} ${name}`;
}

const names = (rights: readonly Right[], what: string) =>
  rights.every(({ name }) => name !== undefined)
    ? listed(distinct(rights.map(({ name }) => `${what} ${name}`)))
    : `${what}s`;

/**
 * Returns the place of a right as text: ` on homelab`, ` in namespace web on homelab`, ` in namespaces a and b on
 * homelab`.
 */
export function where(cluster: string, ...namespaces: (string | undefined)[]): string {
  const names = namespaces.filter((name) => name !== undefined);
  if (names.length === 0) return ` on ${cluster}`;
  return ` in namespace${names.length > 1 ? 's' : ''} ${listed(names, names.length)} on ${cluster}`;
}

/** Returns the role of a binding as text: `view`, `Role seer`. */
export const roleOf = ({ binding: { roleRef } }: Pick<Held, 'binding'>): string =>
  roleRef.kind === 'Role' ? `Role ${roleRef.name}` : roleRef.name;

/** Groups that Kubernetes itself gives to users. */
const builtInGroups: Readonly<Record<string, string>> = {
  'group system:authenticated': 'every signed-in user (group system:authenticated)',
  'group system:unauthenticated': 'everybody on the network, without signing in (group system:unauthenticated)',
  'group system:serviceaccounts': 'every service account (group system:serviceaccounts)',
};

const everybody: Readonly<Record<string, string>> = {
  idm_all_persons: 'every person in Kanidm (idm_all_persons)',
  idm_all_accounts: 'everybody in Kanidm, service accounts too (idm_all_accounts)',
};

/** Returns a subject as text: `jane`, `service account ci`, `every member of devs (only Kanidm knows the members)`. */
export function whoIs({
  kind,
  name,
}: {
  readonly kind: Principal['kind'] | 'stranger';
  readonly name: string;
}): string {
  if (kind === 'stranger') return own(builtInGroups, name) ?? name;
  if (kind === 'person') return name;
  if (kind === 'service account') return `service account ${name}`;
  return own(everybody, name) ?? `every member of ${name} (only Kanidm knows the members)`;
}

/**
 * Returns as text the groups through which somebody gets a role. If the role is bound to `k8s_admins`, the text is
 * `, by k8s_admins` for a direct member, and `, by k8s_admins through devs` for a member of `devs`.
 */
export function by(way: readonly string[]): string {
  if (way.length === 0) return '';
  const through = way.slice(0, -1).reverse();
  return `, by ${way.at(-1)}${through.length > 0 ? ` through ${through.join(', ')}` : ''}`;
}
