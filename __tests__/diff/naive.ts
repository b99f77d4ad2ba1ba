import { parseAllDocuments, stringify } from 'yaml';
import { memberName } from '../../lib/config/members';
import type { ClusterInput, ConfigInput } from '../../lib/config/schema/config-schema';
import { renderCluster } from '../../lib/render';
import { builtinRbac } from '../../lib/upstream/builtin-rbac';
import { fluxRbac } from '../../lib/upstream/flux-rbac';
import { configOf } from '../config';

/*
 * Evaluates who may do what from the config and the rendered text, in the simplest way and without lib/access or
 * lib/identity. The review is compared with the result.
 */

export interface Question {
  readonly verb: string;
  readonly group?: string;
  /** The resource, with its subresource. */
  readonly resource?: string;
  readonly name?: string;
  readonly path?: string;
  readonly namespace?: string;
}

interface Rule {
  readonly verbs: string[];
  readonly apiGroups?: string[];
  readonly resources?: string[];
  readonly resourceNames?: string[];
  readonly nonResourceURLs?: string[];
}

interface Thing {
  readonly kind: string;
  readonly metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  readonly rules?: Rule[];
  readonly roleRef?: { kind: string; name: string };
  readonly subjects?: { kind: string; name: string }[];
}

/** The rules of one person on one cluster, each with the namespace to which it is limited. */
export type Rules = { rule: Rule; namespace?: string }[];

const aggregated: Record<string, string[]> = {
  view: ['view'],
  edit: ['edit', 'view'],
  admin: ['admin', 'edit', 'view'],
};

/** Returns the rules of everybody, by cluster and person. People who cannot sign in are left out. */
export function naively(input: ConfigInput): Map<string, Map<string, Rules>> {
  const config = configOf(stringify(input));
  const clusters = new Map<string, Map<string, Rules>>();
  for (const [name, cluster] of config.clusters) {
    const text = [...renderCluster(config, cluster)].filter(({ path }) => path.endsWith('.k8s.yaml'));
    const objects = text.flatMap((file) => parseAllDocuments(file.text).map((one) => one.toJS() as Thing));
    const builtIn = [...builtinRbac(cluster.kubernetes), ...fluxRbac(cluster.flux.namespace)] as Thing[];
    const all = [...builtIn, ...objects];
    const people = new Map<string, Rules>();
    for (const person of Object.keys(input.people ?? {})) {
      const token = tokenOf(input, name, person);
      if (token) people.set(person, rulesFor(all, token));
    }
    clusters.set(name, people);
  }
  return clusters;
}

/** The built-in groups of Kanidm that every person is in. */
const everybody = ['idm_all_persons', 'idm_all_accounts'];

/**
 * Returns the rules that each person would have after joining all groups that the person can join, one person at a
 * time.
 */
export function ambitiously(input: ConfigInput): Map<string, Map<string, Rules>> {
  const clusters = new Map<string, Map<string, Rules>>();
  for (const person of Object.keys(input.people ?? {})) {
    let now = input;
    for (let before: ConfigInput | undefined; before !== now; ) {
      before = now;
      const mine = [person, ...everybody, ...groupsOf(now, person)];
      for (const [name, group] of Object.entries(now.groups ?? {})) {
        if (!mine.includes(group.managedBy ?? '') || group.members?.includes(person)) continue;
        now = { ...now, groups: { ...now.groups, [name]: { ...group, members: [...(group.members ?? []), person] } } };
      }
    }
    for (const [cluster, people] of naively(now)) {
      const rules = people.get(person);
      const known = clusters.get(cluster) ?? new Map<string, Rules>();
      clusters.set(cluster, rules ? known.set(person, rules) : known);
    }
  }
  return clusters;
}

function groupsOf(input: ConfigInput, person: string): string[] {
  const found = new Set<string>();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const [group, { members }] of Object.entries(input.groups ?? {})) {
      if (
        members?.map(memberName).some((member) => member === person || everybody.includes(member) || found.has(member))
      )
        found.add(group);
    }
  }
  return [...found];
}

function tokenOf(
  input: ConfigInput,
  clusterName: string,
  person: string,
): { user: string; groups: string[] } | undefined {
  const cluster = (input.clusters as Record<string, ClusterInput>)[clusterName] as ClusterInput;
  const client = input.clients?.[cluster.client];
  const groups = groupsOf(input, person);
  const scopes = groups.flatMap((group) => client?.scopes?.[group] ?? []);
  if (!scopes.includes('openid')) return undefined;
  const { claim = 'sub', prefix, groups: groupClaim } = cluster.authentication ?? {};
  const entry = input.people?.[person];
  const issuer = `https://${input.kanidm.domain}/oauth2/openid/${cluster.client}`;
  const user = claim === 'email' ? (prefix ?? '') + String(entry?.mail) : (prefix ?? `${issuer}#`) + String(entry?.id);
  const groupPrefix = groupClaim?.prefix ?? 'kanidm:';
  return {
    user,
    groups: [
      ...(scopes.includes('groups') ? groups.map((group) => `${groupPrefix}${group}@${input.kanidm.domain}`) : []),
      'system:authenticated',
    ],
  };
}

function rulesFor(objects: Thing[], token: { user: string; groups: string[] }): Rules {
  const found: Rules = [];
  for (const binding of objects) {
    if (!binding.roleRef) continue;
    const mine = (binding.subjects ?? []).some(
      ({ kind, name }) => (kind === 'User' && name === token.user) || (kind === 'Group' && token.groups.includes(name)),
    );
    if (!mine) continue;
    const namespace = binding.kind === 'RoleBinding' ? binding.metadata.namespace : undefined;
    for (const rule of rulesOf(objects, binding)) found.push({ rule, namespace });
  }
  return found;
}

function rulesOf(objects: Thing[], { roleRef, metadata }: Thing): Rule[] {
  if (roleRef?.kind === 'Role') {
    const role = objects.find(
      (one) =>
        one.kind === 'Role' && one.metadata.name === roleRef.name && one.metadata.namespace === metadata.namespace,
    );
    return role?.rules ?? [];
  }
  const targets = aggregated[roleRef?.name ?? ''];
  if (targets) {
    const labels = targets.map((target) => `rbac.authorization.k8s.io/aggregate-to-${target}`);
    const parts = objects.filter(
      (one) => one.kind === 'ClusterRole' && labels.some((label) => one.metadata.labels?.[label] === 'true'),
    );
    return parts.flatMap((one) => one.rules ?? []);
  }
  return objects.find((one) => one.kind === 'ClusterRole' && one.metadata.name === roleRef?.name)?.rules ?? [];
}

export const allows = (rules: Rules | undefined, question: Question): boolean =>
  (rules ?? []).some(({ rule, namespace }) => {
    if (namespace !== undefined && namespace !== question.namespace) return false;
    const has = (list: string[] | undefined, value: string | undefined) =>
      list?.includes('*') || list?.includes(value as string);
    if (!has(rule.verbs, question.verb)) return false;
    if (question.path !== undefined) {
      if (namespace !== undefined) return false;
      return (rule.nonResourceURLs ?? []).some((url) =>
        url.endsWith('*') ? question.path?.startsWith(url.slice(0, -1)) : url === question.path,
      );
    }
    const sub = question.resource?.split('/')[1];
    return (
      has(rule.apiGroups, question.group) &&
      (has(rule.resources, question.resource) || (sub !== undefined && rule.resources?.includes(`*/${sub}`))) &&
      (!rule.resourceNames?.length || rule.resourceNames.includes(question.name ?? ''))
    );
  });
