import { isBinding, isRbac } from '../../access/objects';
import { whoIs } from '../../access/rights-in-words';
import { invisibleIn, mixedWord, printable } from '../../config/printable';
import type { Place } from '../../findings/finding';
import { memberships } from '../../identity/membership';
import { groupsByName } from '../../identity/subject';
import { identityOf, isObject } from '../../output/kubernetes-object';
import { everyonesGroups } from '../../upstream/kanidm-builtin';
import { type ClusterView, placeOf, type Rule, type RuleFinding } from './review-rule';

const everybodyGranted: Rule = {
  code: 'everybody-granted',
  readsManifests: true,
  onCluster: (view) => [...byGrant(view), ...bySubject(view), ...byHand(view)],
};

const byGrant = ({ config, cluster }: ClusterView): RuleFinding[] =>
  cluster.grants.flatMap((grant) =>
    grant.written.groups.flatMap((name, i): RuleFinding[] => {
      const everybody = (memberships(config).keptIn.get(name) ?? []).filter((one) => everyonesGroups.includes(one));
      return everybody.slice(0, 1).map((builtIn) => ({
        place: { path: [...grant.path, 'groups', i] },
        cluster: cluster.name,
        grant: grant.name,
        group: name,
        message: `${whoIs({ kind: 'members', name: builtIn })} is in ${name}, so the grant ${grant.name} gives ${grant.roleName} to everyone who can sign in to ${cluster.name}`,
        fix: without(builtIn, name),
      }));
    }),
  );

const without = (builtIn: string, group: string) =>
  `remove ${builtIn} from ${group} and from the groups that are members of ${group}`;

/** Returns a function that takes a group's name at the API server, and says which group of everybody is in it. */
function everybodyIn({ config, cluster }: ClusterView) {
  const groups = groupsByName(config, cluster);
  return (name: string): { builtIn: string; fix: string } | undefined => {
    const group = groups.get(name);
    if (group === undefined) return undefined;
    const within = [group, ...(memberships(config).keptIn.get(group) ?? [])];
    const builtIn = within.find((one) => everyonesGroups.includes(one));
    if (builtIn === undefined) return undefined;
    return { builtIn, fix: group === builtIn ? 'bind the role to a group of your own' : without(builtIn, group) };
  };
}

/** Returns a finding for each of the `subjects` of a grant that is a group of everybody, or contains one. */
function bySubject(view: ClusterView): RuleFinding[] {
  const { cluster } = view;
  const grants = cluster.grants.filter(({ subjects }) => subjects.groups.length > 0);
  if (grants.length === 0) return [];
  const lookup = everybodyIn(view);
  return grants.flatMap((grant) =>
    grant.subjects.groups.flatMap((name): RuleFinding[] => {
      const found = lookup(name);
      if (!found) return [];
      return [
        {
          place: { path: [...grant.path, 'subjects', 'groups'] },
          cluster: cluster.name,
          grant: grant.name,
          message: `the grant ${grant.name} names the group ${name}, so it gives ${grant.roleName} to ${whoIs({ kind: 'members', name: found.builtIn })} who can sign in to ${cluster.name}`,
          fix: found.fix,
        },
      ];
    }),
  );
}

/**
 * Returns a finding for each hand-written binding to a built-in group that contains everybody, or to a group that
 * contains such a built-in group.
 */
function byHand(view: ClusterView): RuleFinding[] {
  const { cluster, manifests } = view;
  if (manifests.length === 0) return [];
  const lookup = everybodyIn(view);
  return manifests
    .map(({ object }): object => object)
    .filter(isRbac)
    .filter(isBinding)
    .flatMap((binding) =>
      (binding.subjects ?? []).flatMap(({ kind, name }): RuleFinding[] => {
        const found = kind === 'Group' ? lookup(name) : undefined;
        if (!found) return [];
        return [
          {
            ...placeOf(view, binding),
            message: `${binding.kind} ${binding.metadata.name} names the group ${name}, so it gives ${binding.roleRef.name} to ${whoIs({ kind: 'members', name: found.builtIn })} who can sign in to ${cluster.name}`,
            fix: found.fix,
          },
        ];
      }),
    );
}

const lookAlike: Rule = {
  code: 'look-alike-name',
  readsManifests: true,
  onConfig: ({ config }) =>
    [...config.people.values(), ...config.serviceAccounts.values(), ...config.clients.values()].flatMap(
      ({ path, displayName }) => named({ path: [...path, 'displayName'] }, displayName),
    ),
  onCluster: (view) => [
    ...view.cluster.grants
      .filter(({ name, roleName }) => !isUnmistakable(name) || !isUnmistakable(roleName))
      .flatMap(({ path, name, roleName, roleKind }) => [
        ...named({ path: [...path, 'name'] }, name),
        ...named({ path: [...path, roleKind === 'Role' ? 'role' : 'clusterRole'] }, roleName),
      ]),
    ...view.cluster.roles.flatMap(({ path, name }) => named({ path, at: 'key' }, name)),
    ...view.manifests
      .map(({ object }): object => object)
      .filter(isRbac)
      .flatMap((object) => {
        const names = [object.metadata.name, ...(isBinding(object) ? [object.roleRef.name] : [])];
        return names.flatMap((name) => named(placeOf(view, object).place, name));
      }),
  ],
};

const isUnmistakable = (name: string): boolean => mixedWord(name) === undefined && invisibleIn(name) === undefined;

function named(place: Place, name: string): RuleFinding[] {
  const mixed = mixedWord(name);
  const why =
    mixed === undefined
      ? invisibleIn(name) === undefined
        ? undefined
        : 'contains an invisible character'
      : 'mixes letters of different scripts that look alike';
  if (why === undefined) return [];
  return [
    {
      place,
      message: `the name \`${printable(name)}\` ${why}, so people can mistake it for another name`,
      fix: 'write the name without invisible characters, with the letters of one script',
    },
  ];
}

const ownedTwice: Rule = {
  code: 'owned-twice',
  readsManifests: true,
  onCluster: (view: ClusterView) => {
    if (view.manifests.length === 0) return [];
    const ours = new Set(view.rendered.filter(isObject).map(identityOf));
    return view.manifests.flatMap(({ object, file, line }): RuleFinding[] => {
      if (!isObject(object) || !ours.has(identityOf(object))) return [];
      return [
        {
          place: { path: view.cluster.path, manifest: { file, line } },
          cluster: view.cluster.name,
          message: `${identityOf(object)} is also rendered by Kaniflux: Flux applies the two objects in turn, and each overwrites the other`,
          fix: 'remove the object from this file, or give one of the two objects another name',
        },
      ];
    });
  },
};

export const takeoverRules: readonly Rule[] = [everybodyGranted, lookAlike, ownedTwice];
