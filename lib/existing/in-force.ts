import { isMap, type Json, listOf, mapAt, scalarText } from '../guards';
import { type Facts, nothing, understood } from './facts';

/** What a part of a document says. */
export interface NestedFacts {
  readonly place: string;
  readonly facts: Facts;
}

/**
 * Returns what was found in a part of a document, if the part is in force. A program can also remove what a part
 * contains, so its bindings and settings must not be taken. If only the program knows whether the part is in force, a
 * note is added.
 */
export function inForce(source: string, part: unknown, place: string, found: NestedFacts[]): NestedFacts[] {
  if (!isMap(part) || !found.some(({ facts }) => understood(facts))) return found;
  const off = whyOff(part, place);
  if (off !== undefined) {
    const [setting, meaning] = off;
    const what = `${place === '' ? 'the document' : place} (${setting})`;
    const instead = `${meaning}, so adopt takes nothing from it`;
    return [{ place, facts: { ...nothing, passedOver: [{ source, what, why: 'not in force', instead }] } }];
  }
  const conditions = assumed.flatMap(([key, assumption]) => {
    const text = Object.hasOwn(part, key) ? assumption(part) : undefined;
    const at = place === '' ? key : `${place}.${key}`;
    return text === undefined
      ? []
      : [{ place: at, facts: { ...nothing, notes: [{ source, text: `${at}: adopt assumes that ${text}` }] } }];
  });
  return [...found, ...conditions];
}

const removes = 'this part removes what it contains';

/** Settings of a part that is not in force: the key, its value, and what the value means. */
const offs: readonly (readonly [key: string, value: RegExp, meaning: string])[] = [
  // Ansible and Puppet.
  ['state', /^absent$/i, removes],
  ['release_state', /^absent$/i, removes],
  ['ensure', /^absent$/i, removes],
  // A ConfigurationPolicy of Open Cluster Management.
  ['complianceType', /^mustnothave$/i, removes],
  // Values of a chart, and a release of Helmfile.
  ['enabled', /^false$/i, 'this part is off'],
  ['installed', /^false$/i, 'this part is off'],
];

function whyOff(part: Json, place: string): readonly [setting: string, meaning: string] | undefined {
  // A step of Chainsaw.
  if (/(^|\.)error$/.test(place) && isMap(part.resource))
    return ['error', 'this part is an object that must not exist'];
  const [key, , meaning] = offs.find(([name, value]) => value.test(scalarText(part[name]))) ?? [];
  return key === undefined || meaning === undefined ? undefined : [`${key}: ${scalarText(part[key])}`, meaning];
}

const condition = () => 'this condition is true';

/** Settings that can put a part out of force, with what adopt assumes. */
const assumed: readonly (readonly [key: string, assumption: (part: Json) => string | undefined])[] = [
  ['when', condition],
  ['if', condition],
  [
    'suspend',
    ({ suspend }) =>
      suspend === true ? 'the cluster has the objects although Flux does not apply them now' : undefined,
  ],
  // A ConfigurationPolicy of Open Cluster Management.
  [
    'remediationAction',
    ({ remediationAction }) =>
      /^inform$/i.test(scalarText(remediationAction))
        ? 'the cluster has the objects although the policy does not create them'
        : undefined,
  ],
  // An Object of Crossplane.
  [
    'managementPolicies',
    ({ managementPolicies }) =>
      listOf(managementPolicies).some((one) => one === '*' || one === 'Create')
        ? undefined
        : 'the cluster has the object although Crossplane does not create it',
  ],
  [
    'providerConfigRef',
    ({ providerConfigRef }) => `the provider config ${scalarText(mapAt(providerConfigRef).name)} is for this cluster`,
  ],
];
