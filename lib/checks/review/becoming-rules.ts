import { listed } from '../../access/rights-in-words';
import { beginners, nameOf } from '../../become/become';
import { shortestToEverything } from '../../become/shortest';
import { kanidmAdministrators } from '../../become/steps/kanidm-administrators';
import { wayText } from '../../become/way-text';
import { assumptionsOf, type Way } from '../../become/ways';
import { worldOf } from '../../become/world';
import { type ClusterView, oncePerAccess, placeOf, type Rule, type RuleFinding } from './review-rule';

/** People who can get every right in the same way. */
interface PeopleOnWay {
  readonly names: string[];
  readonly way: Way;
  readonly text: string;
}

/**
 * Reports people who can get every right step by step. People with the same way are in one finding. Left out are the
 * administrators of Kanidm, who can always become everybody, and users that are not in the config, which are usually
 * programs.
 */
const becomesAdmin: Rule = {
  code: 'becomes-admin',
  readsManifests: true,
  onCluster: (view) => waysOn(view).map((one) => finding(view, one)),
};

const waysOn = oncePerAccess(({ config, cluster, rendered, manifests }): readonly PeopleOnWay[] => {
  const world = worldOf(config, cluster, [...rendered, ...manifests.map(({ object }) => object)]);
  const found = new Map<string, PeopleOnWay>();
  for (const who of beginners(world)) {
    if (who.kind === 'stranger' || who.name === kanidmAdministrators) continue;
    const way = shortestToEverything(world, who);
    if (!way || way.steps.length === 0) continue;
    const text = wayText(way);
    const key = `${bindingOf(way)?.metadata.name ?? way.steps[0]?.setting}\n${text}`;
    const alike = found.get(key);
    if (alike) alike.names.push(nameOf(who));
    else found.set(key, { names: [nameOf(who)], way, text });
  }
  return [...found.values()];
});

/** Returns the binding that allows the first step. */
const bindingOf = ({ steps: [first] }: Way) => first?.uses[0]?.held.binding;

function finding(view: ClusterView, { names, way, text }: PeopleOnWay): RuleFinding {
  const binding = bindingOf(way);
  const [first] = way.steps;
  const by = () => (binding ? ` (${binding.roleRef.name}, by ${binding.metadata.name})` : ` (${first?.setting})`);
  return {
    ...(binding ? placeOf(view, binding) : { place: { path: view.cluster.path }, cluster: view.cluster.name }),
    ...(assumptionsOf(way).length > 0 ? { severity: 'note' as const } : {}),
    message: () => `${listed(names, 6)} can become cluster-admin of ${view.cluster.name}: ${text}${by()}`,
    fix: 'block at least one step of each way that `kaniflux who-can become cluster-admin` lists; docs/becoming.md says how',
  };
}

export const becomingRules: readonly Rule[] = [becomesAdmin];
