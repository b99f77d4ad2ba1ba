import { type Finding, keyAt, type Path } from '../findings/finding';
import { readingFinding } from './reading-codes';
import type { GrantInput, WholeInput } from './schema/config-schema';

type Grant = Omit<GrantInput, 'clusters'>;

/** Reports grants whose fields are valid by themselves but not together. */
export function grantProblems(input: WholeInput): Finding[] {
  return [
    ...Object.entries(input.clusters).flatMap(([name, { grants = [] }]) =>
      grants.flatMap((grant, i) => oneGrant(grant, ['clusters', name, 'grants', i])),
    ),
    ...(input.grants ?? []).flatMap((grant, i) => oneGrant(grant, ['grants', i])),
  ];
}

function oneGrant(
  { name, clusterRole, role, namespaces, people = [], groups = [], serviceAccounts = [], subjects = {} }: Grant,
  path: Path,
): Finding[] {
  const problems: Finding[] = [];
  if (clusterRole === undefined && role === undefined) {
    problems.push(
      readingFinding(
        'grant-role',
        path,
        `\`${name}\` grants no role`,
        'add `clusterRole:`, or `role:` with `namespaces:`',
      ),
    );
  } else if (clusterRole !== undefined && role !== undefined) {
    const message = `\`${name}\` grants a ClusterRole and a Role`;
    problems.push(
      readingFinding(
        'grant-role',
        keyAt([...path, 'role']),
        message,
        'keep one of the two roles, and add a second grant for the other role',
      ),
    );
  } else if (role !== undefined && namespaces === undefined) {
    const message = `a Role belongs to a namespace, but the grant \`${name}\` names no namespace`;
    problems.push(
      readingFinding(
        'role-needs-namespaces',
        keyAt([...path, 'role']),
        message,
        'add `namespaces:`, or write `clusterRole:`',
      ),
    );
  }
  const others = [...(subjects.users ?? []), ...(subjects.groups ?? [])];
  if (people.length + groups.length + serviceAccounts.length + others.length === 0) {
    problems.push(
      readingFinding(
        'grant-to-nobody',
        path,
        `\`${name}\` names no people, groups, service accounts or subjects`,
        'add `people:`, `groups:`, `serviceAccounts:` or `subjects:`',
      ),
    );
  }
  return problems;
}
