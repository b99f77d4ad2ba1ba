import type { BindingObject, SubjectRef } from '../access/objects';
import type { ApiServer, Facts, Login } from '../existing/facts';
import type { ReadEntry } from '../existing/kanidm-entries';
import { serverName } from './which-kanidm';

/** What the config does with a fact that was read. */
export type Treatment = 'taken' | 'different' | 'not taken';

/** One fact that was read. */
export interface Item {
  readonly id: string;
  /** The file, address or command that was read. */
  readonly source: string;
  /** The fact, with its location: `--oidc-client-id`, `User jane in ClusterRoleBinding admins`. */
  readonly what: string;
}

export interface TreatedItem extends Item {
  readonly treatment: Treatment;
  /**
   * For an item that is taken with a difference, how the config differs from it. For an item that is not taken, the
   * reason. The text may end with the effect that the rendered files have once they are in use.
   */
  readonly text?: string;
  /** Set for items that are not taken because they have nothing to do with signing in with Kanidm. */
  readonly isUnrelated?: boolean;
}

/** The text for items of which adopt knows nothing. */
export const notUnderstood = 'adopt does not understand this item';

/** The text for items that are not about sign-in. */
export const leftAlone = 'Kaniflux does not change it';

export const bindingName = ({ kind, metadata: { namespace, name } }: BindingObject): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;

export const subjectName = ({ kind, name }: SubjectRef): string => `${kind} ${name}`;

/** Returns the id of an item. The indexes are those of the lists in `Facts`. */
export const itemOf = {
  binding: (i: number) => `binding ${i}`,
  subject: (i: number, j: number) => `binding ${i} subject ${j}`,
  server: (i: number, what: string) => `server ${i} ${what}`,
  issuer: (i: number, j: number) => `server ${i} issuer ${j}`,
  setting: (i: number, j: number, k: number) => `server ${i} issuer ${j} setting ${k}`,
  kanidm: (i: number) => `kanidm ${i}`,
  kanidmCa: (i: number) => `kanidm ${i} ca`,
  entry: (i: number) => `entry ${i}`,
  attribute: (i: number, name: string) => `entry ${i} ${name}`,
  login: (i: number) => `login ${i}`,
  release: (i: number) => `release ${i}`,
  passedOver: (i: number) => `passed over ${i}`,
};

/** Returns all facts that were read, without duplicates. */
export function itemsIn(facts: Facts): Item[] {
  const items: Item[] = [];
  for (const [i, { source, object }] of facts.bindings.entries()) {
    items.push({ id: itemOf.binding(i), source, what: bindingName(object) });
    for (const [j, subject] of (object.subjects ?? []).entries())
      items.push({ id: itemOf.subject(i, j), source, what: `${subjectName(subject)} in ${bindingName(object)}` });
  }
  for (const [i, server] of facts.apiServers.entries()) items.push(...serverItems(server, i));
  for (const [i, { source, resource, domain, ca }] of facts.servers.entries()) {
    if (ca !== undefined) items.push({ id: itemOf.kanidmCa(i), source, what: 'CA of Kanidm' });
    if (resource)
      items.push({ id: itemOf.kanidm(i), source, what: `${serverName(resource)} (${domain ?? 'no domain'})` });
  }
  for (const [i, entry] of facts.entries.entries()) items.push(...entryItems(entry, i));
  for (const [i, login] of facts.logins.entries())
    items.push({ id: itemOf.login(i), source: login.source, what: loginName(login) });
  for (const [i, { source, helm }] of facts.releases.entries())
    items.push({
      id: itemOf.release(i),
      source,
      what: helm.chart === null ? 'HelmRelease of Kanidm' : `HelmRelease of the chart ${String(helm.chart)}`,
    });
  for (const [i, { source, what }] of facts.passedOver.entries())
    items.push({ id: itemOf.passedOver(i), source, what });
  return items;
}

const loginName = ({ user, client }: Login) => `user ${user ?? ''} (client ${client ?? 'unnamed'})`;

function serverItems(server: ApiServer, i: number): Item[] {
  const { source, args, issuers, method } = server;
  const item = (id: string, what: string): Item => ({ id, source, what });
  const of = (key: 'controlPlane' | 'controlPlaneVersion' | 'kubernetes' | 'server' | 'anonymous', what: string) =>
    server[key] === undefined ? [] : [item(itemOf.server(i, key), what)];
  return [
    ...of('controlPlane', `${server.carrier}: ${server.controlPlane}`),
    ...of('controlPlaneVersion', `version of ${server.carrier}: ${server.controlPlaneVersion}`),
    ...of('kubernetes', `Kubernetes ${server.kubernetes}`),
    ...of('server', `address ${server.server}`),
    ...of('anonymous', 'anonymous'),
    ...[...(args?.keys() ?? [])].map((name) => item(itemOf.server(i, `--${name}`), `--${name}`)),
    ...issuers.flatMap((issuer, j) => [
      item(itemOf.issuer(i, j), `issuer ${issuer.url}`),
      // Flags are already listed as arguments.
      ...(method === 'structured' ? issuer.settings.map(({ place }, k) => item(itemOf.setting(i, j, k), place)) : []),
    ]),
  ];
}

const entryItems = ({ source, kind, name, unread }: ReadEntry, i: number): Item[] => [
  { id: itemOf.entry(i), source, what: `${kind === 'other' ? 'entry' : kind} ${name}` },
  ...unread.map((attribute) => ({ id: itemOf.attribute(i, attribute), source, what: `${name}: ${attribute}` })),
];

type Decision = Pick<TreatedItem, 'treatment' | 'text' | 'isUnrelated'>;

/** Records what the config does with each item: it is taken, taken with a difference, or not taken. */
export class Treatments {
  private readonly items: ReadonlyMap<string, Item>;
  private readonly decisions = new Map<string, Decision>();

  constructor(items: readonly Item[]) {
    this.items = new Map(items.map((item) => [item.id, item]));
  }

  taken(id: string): void {
    this.decide(id, { treatment: 'taken' });
  }

  /** Marks an item as taken with a difference. @param difference the value in the config, and its effect */
  different(id: string, difference: string): void {
    this.decide(id, { treatment: 'different', text: difference });
  }

  /** Marks an item as not taken. @param reason the reason, and what happens once the rendered files are in use */
  not(id: string, reason: string): void {
    this.decide(id, { treatment: 'not taken', text: reason });
  }

  /** Marks an item as not taken because it has nothing to do with signing in with Kanidm. */
  leave(id: string, reason: string): void {
    this.decide(id, { treatment: 'not taken', text: reason, isUnrelated: true });
  }

  /** A worse treatment replaces a better one, because a part of the config can turn out to be invalid later. */
  private decide(id: string, decision: Decision): void {
    if (!this.items.has(id)) throw new Error(`internal error: ${id} was not read`);
    const before = this.decisions.get(id);
    const order: readonly Treatment[] = ['taken', 'different', 'not taken'];
    if (before && order.indexOf(before.treatment) > order.indexOf(decision.treatment)) return;
    if (before?.treatment === decision.treatment && before.text !== undefined && decision.text !== before.text) {
      this.decisions.set(id, { treatment: decision.treatment, text: `${before.text}; ${decision.text}` });
    } else this.decisions.set(id, decision);
  }

  /** Returns all items in the order in which they were read. */
  get all(): TreatedItem[] {
    return [...this.items.values()].map((item) => {
      const undecided: Decision = {
        treatment: 'not taken',
        text: 'internal error: adopt made no decision about this item',
      };
      return { ...item, ...(this.decisions.get(item.id) ?? undecided) };
    });
  }
}
