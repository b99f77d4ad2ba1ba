import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closure } from '../../lib/become/closure';
import { boss, grant, rules, stepsOf, user, world } from './small-world';

const record = readFileSync(join(__dirname, '..', 'fixtures', 'become', 'helm-controller-1.6.2.txt'), 'utf8');

/** The headings of the trials on a real helm-controller, with the last line of each. */
const trials = record
  .split(/^## flux-helm-release, /m)
  .slice(1)
  .map((block) => {
    const [heading = '', ...lines] = block.trim().split('\n');
    const [, state = '', person = ''] = /^(\w+): (\w+)/.exec(heading) ?? [];
    return { heading, isOpen: state === 'open', person, last: lines.at(-1) };
  });

function predicted({ heading, person }: (typeof trials)[number]) {
  const namespace = `of-${person}`;
  const noCrossNamespaceRefs = heading.includes('--no-cross-namespace-refs');
  const defaultServiceAccount = /--default-service-account=(\w+)/.exec(heading)?.[1];
  const isLocked = noCrossNamespaceRefs || defaultServiceAccount !== undefined;
  const lockdown = { noCrossNamespaceRefs, ...(defaultServiceAccount ? { defaultServiceAccount } : {}) };
  const [binding] = grant(person, { namespace, rules: [] }).slice(1);
  const on = world({
    flux: true,
    config: { flux: isLocked ? { lockdown } : {} },
    objects: [
      ...(heading.includes('may only')
        ? grant(person, {
            namespace,
            rules: rules('create helmreleases.helm.toolkit.fluxcd.io', 'get helmreleases.helm.toolkit.fluxcd.io'),
          })
        : [{ ...binding, roleRef: { kind: 'ClusterRole', name: 'edit' } }]),
      ...(heading.includes('boss') ? boss(namespace) : []),
    ],
  });
  const own = user(person);
  return stepsOf(closure(on, [own]), 'flux-helm-release').filter(({ from }) => from.key === own.key);
}

test.each(trials.map((trial) => [trial.heading, trial] as const))('%s', (_heading, trial) => {
  expect(trial.last).toBe(trial.isOpen ? 'yes' : 'no');
  const steps = predicted(trial);
  const account = trial.heading.includes('boss') ? 'of-dora/boss' : 'flux-system/helm-controller';
  // Steps with an assumption do not apply to evan, who has no source in the namespace.
  const sure = steps.filter(({ assumes = [] }) => assumes.length === 0);
  expect(sure.map(({ fact }) => fact.words)).toEqual(trial.isOpen ? [`the service account ${account}`] : []);
  if (trial.person === 'evan')
    expect(steps.map(({ assumes }) => assumes)).toContainEqual(['namespace of-evan has a source of Flux']);
});

test('there are trials of both kinds', () => {
  expect(trials.map(({ isOpen }) => isOpen)).toEqual([true, false, false, true, false]);
});
