import type { SubjectRef } from '../access/objects';
import type { Config } from '../config/config';
import type { NameMapping } from '../existing/api-server-issuers';
import type { Facts } from '../existing/facts';
import { authenticators } from '../identity/authenticator';
import { groupSubjects, personSubjects } from '../identity/subject';
import { type Account, bindingName, itemOf, subjectName } from './account';
import type { AdoptedGrant } from './adopt-grants';
import type { KanidmIssuer } from './adopt-issuers';
import type { Subjects } from './adopt-subjects';

/** What somebody has today and has no longer, or under another name. */
export interface Change {
  readonly source: string;
  readonly text: string;
}

/**
 * What the rendered files change for whom. A person or group that is called otherwise keeps its roles, since bindings
 * are rendered with the new name; a name that no token makes any more loses them.
 */
export function changesOf(
  facts: Facts,
  subjects: Subjects,
  { account, config, grants }: { account: Account; config: Config | undefined; grants: readonly AdoptedGrant[] },
): Change[] {
  const taken = new Set(grants.flatMap(({ bindings }) => bindings));
  const [cluster] = config ? [...config.clusters.values()] : [];
  return facts.bindings.flatMap(({ source, object }, i) =>
    (object.subjects ?? []).flatMap((subject, j): Change[] => {
      const role = `${object.roleRef.name}${object.metadata.namespace === undefined ? '' : ` in ${object.metadata.namespace}`}`;
      const by = `${role} by ${bindingName(object)}`;
      const named = subjects.named(subject, object.metadata.namespace);
      if (named.kind === 'nobody') {
        return named.isLost ? [{ source, text: `${subjectName(subject)} loses ${by}: ${named.reason}` }] : [];
      }
      if (!taken.has(i) || !config || !cluster) return [];
      const names = (named.kind === 'group' ? groupSubjects : personSubjects)(config, cluster, named.key);
      if (names.includes(subject.name)) return [];
      account.different(itemOf.subject(i, j), `it becomes ${names.join(', ') || 'nobody'}`);
      const effect =
        names.length > 0
          ? `is called ${names.join(', ')} afterwards, and has ${by} under that name alone`
          : `loses ${by}`;
      return [{ source, text: `${subjectName(subject)} (${named.kind} ${named.key}) ${effect}` }];
    }),
  );
}

const made = (mapping: { readonly claim: string; readonly prefix: string } | undefined) =>
  mapping
    ? `\`${mapping.claim}\` with ${mapping.prefix === '' ? 'no prefix' : `the prefix \`${mapping.prefix}\``}`
    : 'nothing';

const isSame = (a: NameMapping | undefined, b: { claim: string; prefix: string } | undefined) =>
  a?.claim === b?.claim && (a?.claim === undefined || a.prefix === b?.prefix);

/** Compares what a rendered API server makes of a token with what the one that was read makes of it. */
export function settingChanges(config: Config | undefined, issuers: readonly KanidmIssuer[]): Change[] {
  const [cluster] = config ? [...config.clusters.values()] : [];
  const rendered = config && cluster ? authenticators(config, cluster) : [];
  return issuers.flatMap(({ issuer, client }) => {
    const ours = rendered.find(({ audience }) => audience === client);
    if (!ours) return [];
    const { source, username, groups, requiredClaims } = issuer;
    const read = (mapping: NameMapping | undefined) =>
      mapping && mapping.claim === undefined ? `the expression \`${mapping.expression}\`` : made(mapping);
    const required = new Map(Object.entries(ours.requiredClaims));
    const lost = [...requiredClaims].filter(([claim, value]) => required.get(claim) !== value).map(([claim]) => claim);
    const texts = [
      ...(isSame(username, ours.username)
        ? []
        : [`user names are made of ${made(ours.username)} afterwards, and of ${read(username)} today`]),
      ...(isSame(groups, ours.groups)
        ? []
        : [`group names are made of ${made(ours.groups)} afterwards, and of ${read(groups)} today`]),
      ...(lost.length > 0 ? [`tokens without the claim ${lost.join(', ')} are accepted afterwards`] : []),
    ];
    return texts.map((text) => ({ source, text: `client ${client}: ${text}` }));
  });
}

export const allSubjects = ({ bindings }: Facts): SubjectRef[] =>
  bindings.flatMap(({ object }) => object.subjects ?? []);
