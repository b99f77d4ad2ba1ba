import { listed } from '../../access/rights-in-words';
import { beginners, nameOf } from '../../become/become';
import { shortestToEverything } from '../../become/shortest';
import { kanidmAdministrators } from '../../become/steps/kanidm-steps';
import { wayText } from '../../become/way-text';
import { assumptionsOf, type Way } from '../../become/ways';
import { worldOf } from '../../become/world';
import { type ClusterView, placeOf, type Rule, type RuleFinding } from './review-rule';

interface Found {
  readonly names: string[];
  readonly way: Way;
}

/**
 * People who can get every right step by step. One finding has all who go the same way. Kanidm's administrators can
 * always become everybody, so they are left out, as are programs: users that the config does not know.
 */
const becomesAdmin: Rule = {
  code: 'becomes-admin',
  readsManifests: true,
  onCluster: (view) => {
    const { config, cluster, rendered, manifests } = view;
    const world = worldOf(config, cluster, [...rendered, ...manifests.map(({ object }) => object)]);
    const found = new Map<string, Found>();
    for (const who of beginners(world)) {
      if (who.kind === 'stranger' || who.name === kanidmAdministrators) continue;
      const way = shortestToEverything(world, who);
      if (!way || way.steps.length === 0) continue;
      const key = `${bindingOf(way)?.metadata.name ?? way.steps[0]?.setting}\n${wayText(way)}`;
      const known = found.get(key);
      if (known) known.names.push(nameOf(who));
      else found.set(key, { names: [nameOf(who)], way });
    }
    return [...found.values()].map((one) => finding(view, one));
  },
};

/** The binding that allows the first step. */
const bindingOf = ({ steps: [first] }: Way) => first?.uses[0]?.held.binding;

function finding(view: ClusterView, { names, way }: Found): RuleFinding {
  const binding = bindingOf(way);
  const [first] = way.steps;
  const by = binding ? ` (${binding.roleRef.name}, by ${binding.metadata.name})` : ` (${first?.setting})`;
  return {
    ...(binding ? placeOf(view, binding) : { place: { path: view.cluster.path }, cluster: view.cluster.name }),
    ...(assumptionsOf(way).length > 0 ? { severity: 'note' as const } : {}),
    message: `${listed(names, 6)} can become cluster-admin of ${view.cluster.name}: ${wayText(way)}${by}`,
    fix: 'close a step of each way that `kaniflux who-can become cluster-admin` lists; docs/becoming.md has how',
  };
}

export const becomingRules: readonly Rule[] = [becomesAdmin];
