import type { Cluster, Config, Role } from '../../config/config';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { builtinClusterRoles } from '../../upstream/builtin-names';
import { reservedFor } from '../../upstream/reserved-rbac';
import { configFinding } from './config-codes';

/** Reports roles of the config that an API server would reject, or that have no effect. */
export function roleRules(config: Config): Finding[] {
  const roles = new Map(
    [...config.clusters.values()].flatMap((cluster) => cluster.roles.map((role) => [role.name, role])),
  );
  const clusters = [...config.clusters.values()];
  return [...[...roles.values()].flatMap(ofRole), ...builtIn(clusters), ...clusters.flatMap(ofCluster)];
}

/** Reports roles and bindings with the name of a role or binding of Kubernetes, kubeadm or Flux. */
function builtIn(clusters: readonly Cluster[]): Finding[] {
  // A role or grant can be on many clusters.
  const findings = new Map<Path, Finding>();
  for (const {
    roles,
    grants,
    flux: { source },
  } of clusters) {
    for (const { name, path, namespaces } of roles) {
      const owner = reservedFor(namespaces.length > 0 ? 'Role' : 'ClusterRole', name, namespaces, source.namespace);
      if (owner === undefined) continue;
      const message = `the name \`${name}\` belongs to ${owner}: Kaniflux and ${owner} would overwrite each other's role`;
      const fix = 'choose another name; `aggregateTo` adds rules to a built-in role';
      findings.set(path, configFinding('role-built-in', keyAt(path), message, fix));
    }
    for (const { name, path, namespaces } of grants) {
      const kind = namespaces.length > 0 ? 'RoleBinding' : 'ClusterRoleBinding';
      const owner = reservedFor(kind, name, namespaces, source.namespace);
      if (owner === undefined) continue;
      const message = `the name \`${name}\` belongs to ${owner}: the binding of this grant would replace a binding of ${owner}`;
      findings.set(path, configFinding('binding-built-in', [...path, 'name'], message, 'choose another name'));
    }
  }
  return [...findings.values()];
}

function ofRole({ name, path, rules, namespaces, aggregateTo }: Role): Finding[] {
  const problems: Finding[] = [];
  if (namespaces.length > 0 && aggregateTo) {
    const message = `only a ClusterRole can be aggregated, but \`${name}\` is a Role in namespaces`;
    problems.push(
      configFinding('role-aggregated', [...path, 'aggregateTo'], message, 'remove `namespaces`, or `aggregateTo`'),
    );
  }
  for (const [i, rule] of rules.entries()) {
    const at = [...path, 'rules', i];
    const urls = rule.nonResourceURLs;
    if (!urls === !rule.resources) {
      const what = urls ? 'both resources and paths' : 'neither resources nor paths';
      problems.push(
        configFinding('rule-target', at, `the rule names ${what}`, 'write `resources`, or `nonResourceURLs`'),
      );
    }
    if (urls && !rule.resources) problems.push(...besidePaths(rule, at));
    if (rule.resources && rule.apiGroups.length === 0) {
      const fix = 'write `""` for the core group, or the groups of the resources';
      problems.push(configFinding('rule-target', [...at, 'apiGroups'], 'the rule names no API group', fix));
    }
    if (urls && namespaces.length > 0) {
      const message = `\`${name}\` is a Role in namespaces, but paths belong to no namespace`;
      problems.push(
        configFinding('rule-path-in-role', [...at, 'nonResourceURLs'], message, 'move the rule to a ClusterRole'),
      );
    }
    for (const [j, url] of (urls ?? []).entries()) {
      if (url === '*' || (url.startsWith('/') && !url.slice(0, -1).includes('*'))) continue;
      const message = `\`${url}\` never matches a path`;
      const fix = 'begin the path with `/`, and use `*` only at its end';
      problems.push(configFinding('rule-path', [...at, 'nonResourceURLs', j], message, fix));
    }
  }
  return problems;
}

/** Reports fields that apply only to resources. The core group does not count, because it is the default. */
function besidePaths({ apiGroups, resourceNames }: Role['rules'][number], at: Path): Finding[] {
  const fields = [
    ...(apiGroups.some((group) => group !== '') ? ['apiGroups'] : []),
    ...(resourceNames ? ['resourceNames'] : []),
  ];
  return fields.map((field) => {
    const message = `\`${field}\` applies only to resources, but the rule names paths`;
    return configFinding('rule-target', keyAt([...at, field]), message, `remove \`${field}\``);
  });
}

/**
 * Checks the grants of roles that the config defines: the kind must match, and the Role must exist in each namespace.
 */
function ofCluster({ name: cluster, grants, roles }: Cluster): Finding[] {
  const own = new Map(roles.map((role) => [role.name, role]));
  return grants.flatMap(({ roleKind, roleName, namespaces, path }) => {
    const role = own.get(roleName);
    if (!role) return [];
    const field = roleKind === 'Role' ? 'role' : 'clusterRole';
    const at = [...path, field];
    if (roleKind === 'ClusterRole' && role.namespaces.length > 0 && !builtinClusterRoles.includes(roleName)) {
      const message = `\`${roleName}\` is a Role in ${role.namespaces.join(', ')}, not a ClusterRole`;
      return [configFinding('role-kind', keyAt(at), message, 'write `role:` and `namespaces:`')];
    }
    if (roleKind === 'Role' && role.namespaces.length === 0) {
      return [
        configFinding('role-kind', keyAt(at), `\`${roleName}\` is a ClusterRole, not a Role`, 'write `clusterRole:`'),
      ];
    }
    const missing = roleKind === 'Role' ? namespaces.filter((namespace) => !role.namespaces.includes(namespace)) : [];
    if (missing.length === 0) return [];
    const message = `on ${cluster} there is no Role \`${roleName}\` in ${missing.join(', ')}`;
    return [configFinding('role-namespace', at, message, `add the namespace to \`roles.${roleName}.namespaces\``)];
  });
}
