import { type ClusterAccess, groupOf } from '../access/cluster';
import { wayInto } from '../access/principals';
import { by, roleOf } from '../access/rights-in-words';
import type { Beginner } from './become';
import type { Allowed, Use } from './identity-rights';
import type { Derivation } from './reached';
import { assumptionsOf, type Way } from './ways';

type Who = Pick<Beginner, 'kind' | 'name'>;

/** Returns a right as text: `create pods in namespace web`. */
function rightText({ right: { verb, group, resource, namespace }, names }: Use & Pick<Allowed, 'names'>): string {
  const what = `${verb} ${resource}${group ? `.${group}` : ''}`;
  const which = names ? ` ${names.join(', ')}` : '';
  return `${what}${which}${namespace === undefined ? '' : ` in namespace ${namespace}`}`;
}

/** Returns a role with the groups and the binding that give it: `edit, by devs; binding web-edit`. */
function roleText(access: ClusterAccess, who: Who, { held, from }: Pick<Use, 'held' | 'from'>): string {
  if (from !== undefined) return roleOf(held);
  return `${roleOf(held)}${by(groupsTo(access, who, held))}; binding ${held.binding.metadata.name}`;
}

/** Returns the groups through which somebody holds a role. */
export function groupsTo(access: ClusterAccess, who: Who, { subject }: Use['held']): readonly string[] {
  const group = groupOf(access, subject);
  return group === undefined || who.kind === 'stranger' ? [] : wayInto(access.config, who.name, group);
}

/** Returns a way as lines for a terminal, with a number for each step. The text is not escaped yet. */
export const wayLines = (access: ClusterAccess, who: Who, way: Way): string[] =>
  way.steps.flatMap((step, i) => [
    `${i + 1}. ${step.does}`,
    ...allowedBy(access, who, step).map((line) => `   allowed by: ${line}`),
    ...(step.assumes ?? []).map((clause) => `   if ${clause}`),
    `   why: ${step.step.source}`,
  ]);

/** Returns the rights and the setting that allow a step: `create pods in namespace web (edit, by devs; binding devs)`. */
export const allowedBy = (access: ClusterAccess, who: Who, { uses, setting }: Derivation): string[] => [
  ...uses.map((use) => `${rightText(use)} (${roleText(access, who, use)})`),
  ...(setting === undefined ? [] : [setting]),
];

/** Returns a way in one line: `run a pod as …, then request a token of …`. */
export const wayText = (way: Way): string => {
  const assumed = assumptionsOf(way);
  const steps = way.steps.map(({ does }) => does).join(', then ');
  return `${steps}${assumed.length > 0 ? ` (if ${assumed.join(', and ')})` : ''}`;
};

/** Returns how somebody holds a right that needs no step. */
export const heldText = (access: ClusterAccess, who: Who, { by: source }: Way): string =>
  source ? roleText(access, who, source) : 'member of system:masters';

/** Returns a way as data for JSON. */
export const wayData = ({ steps, by: source }: Way) => ({
  steps: steps.map(({ step, does, uses, setting, assumes = [] }) => ({
    code: step.code,
    does,
    rights: uses.map((use) => ({
      ...use.right,
      ...('names' in use ? { names: use.names } : {}),
      role: roleOf(use.held),
      binding: use.held.binding.metadata.name,
    })),
    ...(setting === undefined ? {} : { setting }),
    assumes,
    source: step.source,
  })),
  ...(source ? { role: roleOf(source.held), binding: source.held.binding.metadata.name } : {}),
});
