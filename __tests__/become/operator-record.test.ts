import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closure } from '../../lib/become/closure';
import { boss, grant, rules, stepsOf, user, world } from './small-world';

const record = readFileSync(join(__dirname, '..', 'fixtures', 'become', 'flux-operator-0.58.1.txt'), 'utf8');

/** The headings of the trials on a real Flux Operator, with the last line of each. */
const trials = record
  .split(/^## flux-operator, /m)
  .slice(1)
  .map((block) => {
    const [heading = '', ...lines] = block.trim().split('\n');
    const [, state = '', person = ''] = /^(\w+): (\w+)/.exec(heading) ?? [];
    return { heading, isOpen: state === 'open', person, last: lines.at(-1) };
  });

/** The rights that the operator's installation adds to `edit` and `admin`. */
const operatorEdit = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: {
    name: 'flux-operator-edit',
    labels: {
      'rbac.authorization.k8s.io/aggregate-to-edit': 'true',
      'rbac.authorization.k8s.io/aggregate-to-admin': 'true',
    },
  },
  rules: [
    {
      apiGroups: ['fluxcd.controlplane.io'],
      resources: ['resourcesets', 'resourcesetinputproviders'],
      verbs: ['create', 'delete', 'deletecollection', 'patch', 'update'],
    },
  ],
};

function rightsOf({ heading, person }: (typeof trials)[number]): object[] {
  const own = `of-${person}`;
  const role = /the ClusterRole (\w+)/.exec(heading)?.[1];
  const [binding] = grant(person, { namespace: own, rules: [] }).slice(1);
  if (role !== undefined) return [{ ...binding, roleRef: { kind: 'ClusterRole', name: role } }];
  const [, verbs = '', kind = '', where = own] =
    /may only (.+?) (ResourceSet|FluxInstance)s(?: in ([\w-]+))?/.exec(heading) ?? [];
  const resource = `${kind.toLowerCase()}s.fluxcd.controlplane.io`;
  const has = rules(...verbs.split(' and ').map((verb) => `${verb} ${resource}`));
  const there = { kind, metadata: { name: kind === 'FluxInstance' ? 'flux' : 'throne', namespace: where } };
  return [...grant(person, { namespace: where, rules: has }), ...(verbs.includes('create') ? [] : [there])];
}

const runs = 'the Flux Operator runs on the cluster, with its usual rights';

/** Returns the steps that give every right and whose assumptions are true in a trial. */
function predicted(trial: (typeof trials)[number]): string[] {
  const { heading, person } = trial;
  const objects = [operatorEdit, ...rightsOf(trial), ...(heading.includes('boss') ? boss(`of-${person}`) : [])];
  // These are flags of Flux's controllers. They have no effect on the steps of the Flux Operator.
  const lockdown = { noCrossNamespaceRefs: true, defaultServiceAccount: 'default' };
  const result = closure(world({ config: { flux: { lockdown } }, objects }), [user(person)]);
  const hasDefault = heading.includes('--default-service-account=');
  const holding = new Set([
    runs,
    `${runs}, in namespace flux-system`,
    `${runs}, and either runs in namespace flux-system or does not have the flag \`--default-service-account\``,
    ...(hasDefault ? [] : [`${runs} and without \`--default-service-account\``]),
  ]);
  return stepsOf(result, 'flux-operator')
    .filter(({ from, fact }) => from.key === user(person).key && result.ownRightsOf(fact).whole)
    .filter(({ assumes = [] }) => assumes.length > 0 && assumes.every((clause) => holding.has(clause)))
    .map(({ fact }) => fact.words);
}

test.each(trials.map((trial) => [trial.heading, trial] as const))('%s', (_heading, trial) => {
  expect(trial.last).toBe(trial.isOpen ? 'yes' : 'no');
  const whom = trial.heading.includes('boss')
    ? `the service account of-${trial.person}/boss`
    : 'the Flux Operator, which is cluster-admin';
  expect(predicted(trial)).toEqual(trial.isOpen ? [whom] : []);
});

test('there are trials of both kinds', () => {
  expect(trials.map(({ person, isOpen }) => `${person} ${isOpen}`)).toEqual([
    'anna true',
    'bert true',
    'cora true',
    'dora true',
    'evan false',
    'gina false',
    'hugo true',
    'iris true',
    'jana true',
    'lena true',
    'karl false',
  ]);
});
