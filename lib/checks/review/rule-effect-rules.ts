import { verbInstead } from '../../access/resource-request';
import { matchesNoResource } from '../../access/rights';
import type { Cluster, Role } from '../../config/config';
import { nearest } from '../../config/nearest';
import type { Path } from '../../findings/finding';
import { own } from '../../guards';
import { pluralOf, resources, subresources, verbs } from '../../upstream/resource-names';
import type { Rule, RuleFinding } from './review-rule';

type PolicyRule = Role['rules'][number];

/**
 * The API groups of Kubernetes and Flux. Each resource in the table `resources` is in only one of these groups.
 * `authentication.k8s.io` is left out, because it has `users` and `nodes` for constrained impersonation, and the core
 * group has them too.
 */
const ownGroups: ReadonlySet<string> = new Set(
  [...resources.values()].map(({ group }) => group).filter((group) => group !== 'authentication.k8s.io'),
);

/**
 * Reports the parts of a role's rules that match no request to the API, because RBAC compares them letter by letter.
 */
export const ruleEffectRules: readonly Rule[] = [
  {
    code: 'rule-without-effect',
    onCluster: ({ cluster }) => pathsInNamespaces(cluster),
    onConfig: ({ config }) => {
      const roles = new Map([...config.clusters.values()].flatMap((one) => one.roles.map((role) => [role.name, role])));
      return [...roles.values()].flatMap(({ rules, path }) =>
        rules.flatMap((rule, i) => withoutEffect(rule, [...path, 'rules', i])),
      );
    },
  },
];

/** Reports grants with `namespaces` whose role allows only paths, because paths belong to no namespace. */
function pathsInNamespaces({ name, grants, roles }: Cluster): RuleFinding[] {
  const onlyPaths = new Set(
    roles.filter(({ rules }) => rules.every((one) => one.nonResourceURLs)).map((one) => one.name),
  );
  return grants
    .filter(({ roleName, namespaces }) => namespaces.length > 0 && onlyPaths.has(roleName))
    .map((grant) => ({
      place: { path: [...grant.path, 'namespaces'] },
      cluster: name,
      grant: grant.name,
      message: `\`${grant.roleName}\` allows only paths, and a grant in namespaces gives no access to paths`,
      fix: 'remove `namespaces`, or grant another role',
    }));
}

function withoutEffect(rule: PolicyRule, path: Path): RuleFinding[] {
  const { apiGroups = [''], nonResourceURLs } = rule;
  const groups = nonResourceURLs ? [] : apiGroups.flatMap((group, i) => ofGroup(group, [...path, 'apiGroups', i]));
  if (groups.length > 0) return groups;
  const isOwn = nonResourceURLs !== undefined || apiGroups.every((group) => group === '*' || ownGroups.has(group));
  // NodeRestriction checks for verbs that begin with `request-`. The resource is then an audience or a signer.
  const named = rule.verbs.some((verb) => verb.startsWith('request-')) ? [] : (rule.resources ?? []);
  return [
    ...named.flatMap((one, i) => ofResource(one, apiGroups, [...path, 'resources', i])),
    ...(isOwn ? rule.verbs.flatMap((verb, i) => ofVerb(verb, nonResourceURLs, [...path, 'verbs', i])) : []),
  ];
}

const finding = (path: Path, message: string, fix: string): RuleFinding[] => [{ place: { path }, message, fix }];

const version = /^v\d+((alpha|beta)\d+)?$/;

function ofGroup(group: string, path: Path): RuleFinding[] {
  if (!group.includes('/') && group !== 'core' && !version.test(group)) return [];
  const own = group.includes('/') ? (group.split('/')[0] ?? '') : '';
  const what = group === 'core' ? 'the name of the core group is empty' : 'the name of an API group has no version';
  return finding(path, `no API group is called \`${group}\`: ${what}`, `write \`${own === '' ? '""' : own}\``);
}

function ofResource(written: string, groups: readonly string[], path: Path): RuleFinding[] {
  if (/[\s,]/.test(written)) {
    const names = written.split(/[\s,]+/).filter(Boolean);
    return finding(
      path,
      `the API has no resource \`${written}\``,
      `write ${names.map((one) => `\`${one}\``).join(', ')}`,
    );
  }
  const [name = '', subresource] = written.split('/');
  const suffix = subresource === undefined ? '' : `/${subresource}`;
  // In the API group custom.metrics.k8s.io, resources have names such as `deployments.apps`.
  if (name.includes('.') && groups.every((group) => ownGroups.has(group))) {
    const [first = '', ...labels] = name.split('.');
    const group = labels.filter((label) => !version.test(label)).join('.');
    const where = groups.includes(group) ? '' : ` in a rule with \`apiGroups: [${group === '' ? '""' : group}]\``;
    const message = `the API has no resource \`${name}\`: in RBAC, the API group is not part of the name`;
    return finding(path, message, `write \`${pluralOf(first)}${suffix}\`${where}`);
  }
  if (matchesNoResource(written)) {
    const message = `\`${written}\` matches no subresource: in RBAC, \`*\` after a slash has no special meaning`;
    return finding(path, message, `write each subresource, such as \`${name}/status\``);
  }
  const plural = pluralOf(name);
  const known = resources.get(plural);
  const isInGroup = known !== undefined && groups.includes(known.group);
  if (name !== plural && (isInGroup || name !== name.toLowerCase())) {
    const message = `the API has no resource \`${name}\`: resources are plurals in lower case`;
    return finding(path, message, known ? `write \`${plural}${suffix}\`` : 'write what `kubectl api-resources` prints');
  }
  if (known && ownGroups.has(known.group) && !isInGroup && groups.every((group) => ownGroups.has(group))) {
    const named = (group: string) => (group === '' ? 'the core group' : `the API group \`${group}\``);
    const message = `\`${name}\` is in ${named(known.group)}, and not in ${groups.map(named).join(' or ')}`;
    return finding(
      path,
      message,
      `write it in a rule with \`apiGroups: [${known.group === '' ? '""' : known.group}]\``,
    );
  }
  if (!isInGroup || subresource === undefined || subresources.has(subresource)) return [];
  // An admission plugin can ask for a subresource that no server has, such as `endpoints/restricted`.
  const near = nearest(subresource, subresources);
  if (near === undefined) return [];
  return finding(path, `Kubernetes has no subresource \`${written}\``, `write \`${name}/${near}\``);
}

/** Verbs that exist only for paths, by the verb for a resource. A request with the method OPTIONS has no verb. */
const verbOnResource: Readonly<Record<string, string>> = { head: 'get', post: 'create', put: 'update', options: '' };

/**
 * Verbs that exist only for resources, by the verb for a path. `create` and `update` are not among them, because
 * kube-rbac-proxy also asks for these verbs on paths.
 * https://github.com/brancz/kube-rbac-proxy/blob/v0.20.0/pkg/proxy/proxy.go
 */
const verbOnPath: Readonly<Record<string, string>> = { list: 'get', watch: 'get', deletecollection: 'delete' };

/**
 * Reports a verb that kube-apiserver never checks. Also reports a verb in a rule for resources that it checks only for
 * paths, and the reverse.
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go
 */
function ofVerb(verb: string, urls: readonly string[] | undefined, path: Path): RuleFinding[] {
  const instead = own(urls ? verbOnPath : verbOnResource, verb);
  if (instead !== undefined) {
    const message = `kube-apiserver never checks for the verb \`${verb}\` on a ${urls ? 'path' : 'resource'}`;
    return finding(path, message, instead === '' ? 'remove this verb' : `write \`${instead}\``);
  }
  // Verbs with a colon belong to constrained impersonation.
  if (verb === '*' || verbs.includes(verb) || verb.includes(':')) return [];
  const message = `kube-apiserver never checks for the verb \`${verb}\`, so this verb allows nothing in the API of kube-apiserver`;
  return finding(path, message, `write ${verbInstead(verb)}`);
}
