import { distance } from 'fastest-levenshtein';
import { type BindingObject, isBinding, isRbac } from '../../access/objects';
import { listed } from '../../access/rights-in-words';
import type { Role } from '../../config/config';
import { keyAt } from '../../findings/finding';
import { memberships } from '../../identity/membership';
import { builtinClusterRoles } from '../../upstream/builtin-names';
import { dangerRules } from './danger-rules';
import { type ClusterView, oncePerAccess, placeOf, type Rule, type RuleFinding } from './review-rule';

const everything = oncePerAccess(({ given }) =>
  given.filter(({ held, rights }) => held.namespace === undefined && rights.has('everything')),
);

/** Returns the people with full access, sorted by name. */
const adminsOn = oncePerAccess((view): readonly string[] => {
  const { principals, authorizer } = view.access;
  const bindings = new Set(everything(view).map(({ held }) => held.binding));
  if (bindings.size === 0) return [];
  const admins = principals.filter(
    (who) => who.kind === 'person' && authorizer.held(who).some(({ binding }) => bindings.has(binding)),
  );
  return [...new Set(admins.map(({ name }) => name))].sort();
});

const adminGroup: Rule = {
  code: 'admin-group',
  readsManifests: true,
  onCluster: (view) =>
    everything(view).flatMap(({ held: { binding } }) =>
      (binding.subjects ?? [])
        // `system:anonymous` is a user, so no group has this name.
        .filter(({ kind, name }) => kind === 'Group' && name !== 'system:masters' && name !== 'system:anonymous')
        .map((subject) => {
          const owner = view.access.ownerOf(subject)?.name;
          const message = () => {
            const people = owner === undefined ? undefined : memberships(view.config).peopleIn.get(owner);
            const now = people ? ` (now ${listed(people) || 'nobody'})` : '';
            // Kubernetes decides who is in its own groups, so nobody can add members.
            const joined = subject.name.startsWith('system:')
              ? ''
              : ', and anyone who can add members can get this access';
            return `every member of ${owner ?? subject.name}${now} has full access to ${view.cluster.name}${joined}`;
          };
          return {
            ...placeOf(view, binding),
            ...(owner === undefined ? {} : { group: owner }),
            message,
            fix: 'grant the role to people by name, or grant a smaller role to the group',
          };
        }),
    ),
};

const manyAdmins: Rule = {
  code: 'many-admins',
  readsManifests: true,
  onCluster: (view) => {
    const { config, cluster } = view;
    const names = adminsOn(view);
    if (names.length <= config.checks.maxClusterAdmins) return [];
    return [
      {
        place: keyAt(cluster.path),
        cluster: cluster.name,
        message: `${names.length} people have full access to ${cluster.name} (${listed(names, 6)}), more than the limit of ${config.checks.maxClusterAdmins}`,
        fix: 'grant smaller roles, or raise the limit in `checks.maxClusterAdmins`',
      },
    ];
  },
};

const rolesOn = oncePerAccess(({ rendered, manifests }) =>
  [...rendered, ...manifests.map(({ object }): object => object)].filter(isRbac).filter((object) => !isBinding(object)),
);

const wildcard: Rule = {
  code: 'wildcard-role',
  readsManifests: true,
  onCluster: (view) =>
    rolesOn(view).flatMap((role): RuleFinding[] => {
      const wild = (role.rules ?? []).flatMap(({ verbs, apiGroups, resources, nonResourceURLs }) => [
        ...(verbs.includes('*') ? ['verbs'] : []),
        ...(resources?.includes('*') ? ['resources'] : []),
        ...(apiGroups?.includes('*') ? ['apiGroups'] : []),
        ...(nonResourceURLs?.includes('*') ? ['nonResourceURLs'] : []),
      ]);
      if (wild.length === 0) return [];
      return [
        {
          ...placeOf(view, role),
          message: `${role.kind} ${role.metadata.name} has \`*\` in its ${listed([...new Set(wild)])}: the role also allows whatever a later version of Kubernetes or a new CRD adds`,
          fix: 'list the verbs, API groups and resources that are needed',
        },
      ];
    }),
};

const sorted = (name: string) => [...name].sort().join('');

/** Returns an existing role whose name differs by one letter or by the order of letters, such as `view` for `veiw`. */
const misspelt = (name: string, { config }: ClusterView): string | undefined =>
  [...builtinClusterRoles, ...ownRoles(config)].find(
    (one) => one !== name && (distance(one, name) === 1 || sorted(one) === sorted(name)),
  );

/** Returns an existing role to whose name a few letters were added, such as `view` for `viewer`. */
const extended = (name: string, { config }: ClusterView): string | undefined =>
  [...builtinClusterRoles, ...ownRoles(config)].find(
    (one) => name.startsWith(one) && /^[a-z]{1,3}$/.test(name.slice(one.length)),
  );

const ownRoles = ({ clusters }: ClusterView['config']): string[] => [
  ...new Set([...clusters.values()].flatMap(({ roles }) => roles.map(({ name }) => name))),
];

const withoutRole = oncePerAccess(({ given, access }) =>
  given.filter(({ held: { binding } }) => access.authorizer.isRoleUnknown(binding)),
);

/** Returns a role of the config that a binding names, but that is only on other clusters. */
function onOthers({ config, cluster }: ClusterView, { kind, name }: BindingObject['roleRef']): Role | undefined {
  const isNamed = (role: Role) => role.name === name && role.namespaces.length > 0 === (kind === 'Role');
  if (cluster.roles.some(isNamed)) return undefined;
  return [...config.clusters.values()].flatMap(({ roles }) => roles.find(isNamed) ?? [])[0];
}

const unknownRole: Rule = {
  code: 'undefined-role',
  readsManifests: true,
  onCluster: (view) =>
    withoutRole(view).flatMap(({ held: { binding } }): RuleFinding[] => {
      const { roleRef, metadata } = binding;
      const isWide = roleRef.kind === 'ClusterRole';
      const place = metadata.namespace === undefined ? '' : ` in namespace ${metadata.namespace}`;
      const gives = `${metadata.name} gives the ${roleRef.kind} ${roleRef.name}${place}`;
      const elsewhere = onOthers(view, roleRef);
      if (elsewhere) {
        const { name } = view.cluster;
        return [
          {
            ...placeOf(view, binding),
            message: `${gives}, which the config has for other clusters, but not for ${name}: unless something else creates this role on ${name}, the binding gives no rights`,
            fix: `add \`${name}\` to \`${elsewhere.path.join('.')}.clusters\`, or do not grant the role on ${name}`,
          },
        ];
      }
      const typo = isWide ? misspelt(roleRef.name, view) : undefined;
      // A cluster can have both a role `view` and a role `viewer`. So the finding is not an error if the name only has
      // a few more letters than an existing role.
      const near = typo ?? (isWide ? extended(roleRef.name, view) : undefined);
      return [
        {
          ...placeOf(view, binding),
          ...(typo ? { severity: 'error' as const } : {}),
          message: `${gives}, which is neither built in nor in the config: if the cluster does not have this role, the binding gives no rights; if the cluster has it, Kaniflux does not know its rules`,
          fix: `${near ? `write \`${near}\` if that is the intended role, ` : ''}define the role under \`roles\`, or pass the folder with its definition to --manifests`,
        },
      ];
    }),
};

const unusedRole: Rule = {
  code: 'unused-role',
  onCluster: (view) => {
    if (view.cluster.roles.length === 0) return [];
    // A grant has no binding while no binding can name its people.
    const used = new Set([
      ...view.access.authorizer.bindings.map(({ roleRef }) => `${roleRef.kind} ${roleRef.name}`),
      ...view.cluster.grants.map(({ roleKind, roleName }) => `${roleKind} ${roleName}`),
    ]);
    return view.cluster.roles
      .filter(
        ({ aggregateTo, namespaces, name }) =>
          !aggregateTo?.length && !used.has(`${namespaces.length > 0 ? 'Role' : 'ClusterRole'} ${name}`),
      )
      .map(({ name, path }) => ({
        place: keyAt(path),
        cluster: view.cluster.name,
        message: `no grant on ${view.cluster.name} gives the role ${name}`,
        fix: 'grant the role, or remove it; if only some clusters need the role, name them in `clusters` of the role',
      }));
  },
};

export const rightRules: readonly Rule[] = [adminGroup, manyAdmins, wildcard, ...dangerRules, unknownRole, unusedRole];
