import type { Held } from '../../access/authorizer';
import type { RoleRef } from '../../access/objects';
import type { Actor, Gain, Step } from '../become-step';
import { everyRule, rightsFact, roleFact, writtenRolesFact } from '../fact';
import type { Allowed, IdentityRights } from '../identity-rights';
import type { World } from '../world';
import { both, changes, namespacesOf } from './rights-by-namespace';

const group = 'rbac.authorization.k8s.io';
const rolesOf = { ClusterRole: 'clusterroles', Role: 'roles' } as const;

const superRole: RoleRef = { kind: 'ClusterRole', name: 'cluster-admin' };

/** Returns what the subjects of a new binding to a role would hold. */
function givenBy(world: World, ref: RoleRef, namespace: string | undefined): Held {
  const where = namespace === undefined ? {} : { namespace };
  return {
    binding: {
      kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
      metadata: { name: 'a new binding', ...where },
      roleRef: ref,
    },
    subject: { kind: 'User', name: '' },
    rules: world.access.authorizer.roles.rules(ref, namespace),
    ...where,
    ...world.access.authorizer.limits(namespace),
  };
}

const titleOf = ({ kind, name }: RoleRef, namespace: string | undefined) => `${kind} ${name}${inNamespace(namespace)}`;

/**
 * Yields the roles that somebody may `bind` in a namespace or the whole cluster. A right to bind every ClusterRole
 * yields only cluster-admin.
 */
function* bindable(rights: IdentityRights, world: World, namespace: string | undefined): Iterable<[RoleRef, Allowed]> {
  for (const bind of rights.allowed(['bind', group, 'clusterroles'], rights.sources)) {
    if (bind.namespace !== undefined && bind.namespace !== namespace) continue;
    for (const name of bind.names ?? [superRole.name]) yield [{ kind: 'ClusterRole', name }, bind];
  }
  if (namespace === undefined) return;
  for (const bind of rights.allowed(['bind', group, 'roles'], rights.sources)) {
    if (bind.namespace !== undefined && bind.namespace !== namespace) continue;
    const names = bind.names ?? world.roleNames(namespace);
    for (const name of names) yield [{ kind: 'Role', name }, bind];
  }
}

const bind: Step = {
  code: 'bind',
  title: 'Bind a role that one does not hold',
  allowedBy:
    'both the verb `bind` on roles or clusterroles, and the right to create or change rolebindings or clusterrolebindings',
  gives: 'the role, in the namespace of the binding or everywhere',
  closedBy: 'no right to `bind`: without it, the API server lets people give only rights that they have',
  source:
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#restrictions-on-role-binding-creation-or-update',
  apiServerOnly: true,
  *gains({ rights }: Actor, world): Iterable<Gain> {
    for (const { use, namespace, refs } of bindingRights(rights, world)) {
      for (const [ref, allowed] of bindable(rights, world, namespace)) {
        if (refs && !refs.some(({ kind, name }) => kind === ref.kind && (name === ref.name || !allowed.names)))
          continue;
        const given = refs && !allowed.names ? refs.filter(({ kind }) => kind === ref.kind) : [ref];
        for (const one of given) {
          const held = givenBy(world, one, namespace);
          if (held.rules.length === 0) continue;
          yield {
            fact: roleFact(held, titleOf(one, namespace)),
            does: `bind ${titleOf(one, namespace)} to themselves`,
            uses: [use, allowed],
          };
        }
      }
    }
  },
};

interface BindingRight {
  readonly use: Allowed;
  readonly namespace: string | undefined;
  /**
   * The roles of the existing bindings that can be changed; `undefined` for a right to create bindings, which can have
   * any role.
   */
  readonly refs?: readonly RoleRef[];
}

/** Returns the rights to write bindings, each with the namespace in which it applies. */
function bindingRights(rights: IdentityRights, world: World): BindingRight[] {
  const wide = (use: Allowed) => use.namespace === undefined;
  const inside = (found: readonly Allowed[]) =>
    found.flatMap((use) => namespacesOf(use, world).map((namespace) => ({ use, namespace })));
  return [
    ...rights
      .creates(group, 'clusterrolebindings')
      .filter(wide)
      .map((use) => ({ use, namespace: undefined })),
    ...changes(rights, group, 'clusterrolebindings')
      .filter(wide)
      .map((use) => ({ use, namespace: undefined, refs: world.bindingRefs(undefined, use.names) })),
    ...inside(rights.creates(group, 'rolebindings')),
    ...inside(changes(rights, group, 'rolebindings')).map((one) => ({
      ...one,
      refs: world.bindingRefs(one.namespace, one.use.names),
    })),
  ];
}

const share: Step = {
  code: 'share',
  title: 'Give the rights of one identity to another',
  allowedBy: 'create or change rolebindings or clusterrolebindings',
  gives: 'the roles of each identity that the person can act as; all the other identities get these roles too',
  closedBy: 'no right to write bindings',
  source:
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#restrictions-on-role-binding-creation-or-update',
  apiServerOnly: true,
  *gains({ rights, reached }, world) {
    if (reached.identities.length < 2) return;
    for (const { use, namespace, refs } of bindingRights(rights, world)) {
      for (const { held, from } of rights.sources) {
        // The step that gains a role already gives it to every identity. The binding of a gained right may also stand
        // for something that is not a role.
        if (from !== undefined) continue;
        if (held.namespace !== undefined && held.namespace !== namespace) continue;
        const { roleRef } = held.binding;
        if (held.rules.length === 0 || held.subject.name === 'system:authenticated') continue;
        if (refs && !refs.some(({ kind, name }) => kind === roleRef.kind && name === roleRef.name)) continue;
        const given = { ...givenBy(world, roleRef, namespace), rules: held.rules };
        yield {
          fact: roleFact(given, titleOf(roleRef, namespace)),
          does: `bind ${titleOf(roleRef, namespace)} to the other identities`,
          uses: [use],
        };
      }
    }
  },
};

const writeRole: Step = {
  code: 'write-role',
  title: 'Change the rules of a role without the escalation check',
  allowedBy: 'both the verb `escalate` on roles or clusterroles, and the right to create, update or patch them',
  gives: 'any right for those who have the role',
  closedBy: 'no right to `escalate`: without it, the API server lets people add to a role only rights that they have',
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#restrictions-on-role-creation-or-update',
  apiServerOnly: true,
  *gains({ rights }, world) {
    for (const role of ['ClusterRole', 'Role'] as const) {
      const resource = rolesOf[role];
      const write = [
        ...changes(rights, group, resource).map((use) => ({ use, isNew: false })),
        ...rights.creates(group, resource).map((use) => ({ use, isNew: true })),
      ];
      for (const escalate of rights.allowed(['escalate', group, resource], rights.sources)) {
        for (const { use, isNew } of write) {
          const namespace = use.namespace ?? escalate.namespace;
          if (escalate.namespace !== undefined && escalate.namespace !== namespace) continue;
          if (role === 'ClusterRole' && namespace !== undefined) continue;
          // A create request has no name to compare with the rule, except in server-side apply, which also requires
          // `patch`.
          const isApplied =
            escalate.names === undefined || rights.can(['patch', group, resource], namespace, escalate.names[0]);
          if (isNew && !isApplied) continue;
          const names = both(escalate.names, use.names)?.filter(
            (name) => isNew === (world.access.authorizer.roles.find({ kind: role, name }, namespace) === undefined),
          );
          if (names?.length === 0) continue;
          const what = `${names ? `${role} ${names.join(', ')}` : `every ${role}`}${inNamespace(namespace)}`;
          yield {
            fact: writtenRolesFact({
              role,
              isNew,
              ...(namespace === undefined ? {} : { namespace }),
              ...(names ? { names } : {}),
            }),
            does: isNew ? `create a ${role}${inNamespace(namespace)} with any rules` : `change the rules of ${what}`,
            uses: [use, escalate],
          };
        }
      }
    }
  },
};

const inNamespace = (namespace: string | undefined) => (namespace === undefined ? '' : ` in namespace ${namespace}`);

const escalate: Step = {
  code: 'escalate',
  title: 'Add rights to a role that one holds',
  allowedBy:
    'a binding of a role whose rules the person can change, or of an aggregated ClusterRole that includes the rules of such a role',
  gives: 'every right, where the role is bound',
  closedBy: 'as write-role',
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles',
  apiServerOnly: true,
  *gains({ rights, reached }, world) {
    for (const written of reached.facts.values()) {
      if (written.kind !== 'written-roles') continue;
      for (const { held, from } of rights.sources) {
        const { roleRef } = held.binding;
        if (written.namespace !== undefined && held.namespace !== written.namespace) continue;
        const role = world.access.authorizer.roles.find(roleRef, held.namespace);
        const isItself =
          roleRef.kind === written.role &&
          (written.names?.includes(roleRef.name) ?? true) &&
          written.isNew === (role === undefined);
        const selectors = role?.aggregationRule?.clusterRoleSelectors ?? [];
        const isAggregated = written.role === 'ClusterRole' && selectors.length > 0;
        if (!isItself && !isAggregated) continue;
        const { namespace } = held;
        yield {
          fact: rightsFact(everyRule, namespace, `every right${inNamespace(namespace)}`),
          does: isItself
            ? `add every right to ${titleOf(roleRef, namespace)}, a role that they have`
            : `put every right into a ClusterRole that is aggregated into ${titleOf(roleRef, namespace)}, a role that they have`,
          uses: [{ right: { verb: '*', group: '*', resource: '*' }, held, ...(from === undefined ? {} : { from }) }],
          needs: [written.key],
        };
      }
    }
  },
};

const bindWritten: Step = {
  code: 'bind-written-role',
  title: 'Bind a role, and change its rules',
  allowedBy:
    'the right to create or change rolebindings or clusterrolebindings, and one of these: the verb `bind` on the role, or every right that the role has before its rules are changed',
  gives: 'every right, in the namespace of the binding or everywhere',
  closedBy: 'as write-role',
  source:
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#restrictions-on-role-binding-creation-or-update',
  apiServerOnly: true,
  *gains({ rights, reached }, world) {
    const all = [...reached.facts.values()].filter((fact) => fact.kind === 'written-roles');
    if (all.length === 0) return;
    const { roles } = world.access.authorizer;
    for (const { use, namespace, refs } of bindingRights(rights, world)) {
      for (const written of all) {
        if (written.role === 'Role' && (namespace === undefined || (written.namespace ?? namespace) !== namespace))
          continue;
        const existing = written.isNew
          ? (written.names ?? [])
          : (written.names ?? (written.role === 'Role' ? world.roleNames(namespace ?? '') : world.clusterRoleNames));
        const some = existing.find((name) => {
          const ref = { kind: written.role, name };
          if (refs && !refs.some((one) => one.kind === ref.kind && one.name === name)) return false;
          const isBindable = rights.passes(['bind', group, rolesOf[written.role]], namespace, name);
          return isBindable || (!written.isNew && rights.covers(roles.rules(ref, namespace), namespace));
        });
        const isAny =
          written.isNew && !written.names && !refs && rights.passes(['bind', group, rolesOf[written.role]], namespace);
        if (some === undefined && !isAny) continue;
        const what = some === undefined ? `a new ${written.role}` : `${written.role} ${some}`;
        yield {
          fact: rightsFact(everyRule, namespace, `every right${inNamespace(namespace)}`),
          does: `bind ${what}${inNamespace(namespace)} to themselves, and give it every right`,
          uses: [use],
          needs: [written.key],
        };
      }
    }
  },
};

export const rbacSteps: readonly Step[] = [bind, writeRole, escalate, bindWritten, share];
