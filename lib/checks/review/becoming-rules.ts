import type { BindingObject } from '../../access/objects';
import { listed } from '../../access/rights-in-words';
import { beginners, nameOf } from '../../become/become';
import { shortestToEverything } from '../../become/shortest';
import { kanidmAdministrators } from '../../become/steps/kanidm-administrators';
import { wayText } from '../../become/way-text';
import { assumptionsOf } from '../../become/ways';
import { worldWith } from '../../become/world';
import { type ClusterView, oncePerAccess, placeOf, type Rule, type RuleFinding } from './review-rule';

/** People who can get every right by the same steps. */
interface PeopleOnWay extends Pick<RuleFinding, 'severity' | 'message'> {
  readonly names: string[];
  /** The binding that allows the first step. */
  readonly binding: BindingObject | undefined;
}

/**
 * Reports people who can get all rights in one or more steps. People who can take the same steps are in one finding.
 * Left out are the administrators of Kanidm, who can always become everybody, and users that are not in the config,
 * which are usually programs.
 */
const becomesAdmin: Rule = {
  code: 'becomes-admin',
  readsManifests: true,
  onCluster: (view) => waysOn(view).map((one) => finding(view, one)),
};

const waysOn = oncePerAccess(({ access, rendered, manifests }): readonly PeopleOnWay[] => {
  const world = worldWith(access, [...rendered, ...manifests.map(({ object }) => object)]);
  const found = new Map<string, PeopleOnWay>();
  for (const who of beginners(world)) {
    if (who.kind === 'stranger' || who.name === kanidmAdministrators) continue;
    const way = shortestToEverything(world, who);
    if (!way || way.steps.length === 0) continue;
    const text = wayText(way);
    const [first] = way.steps;
    const binding = first?.uses[0]?.held.binding;
    const key = `${binding?.metadata.name ?? first?.setting}\n${text}`;
    const alike = found.get(key);
    if (alike) {
      alike.names.push(nameOf(who));
      continue;
    }
    const names = [nameOf(who)];
    const by = binding ? `${binding.roleRef.name}, by ${binding.metadata.name}` : first?.setting;
    found.set(key, {
      names,
      binding,
      severity: assumptionsOf(way).length > 0 ? 'note' : undefined,
      message: (cluster) => `${listed(names, 6)} can become cluster-admin of ${cluster}: ${text} (${by})`,
    });
  }
  return [...found.values()];
});

function finding(view: ClusterView, { binding, severity, message }: PeopleOnWay): RuleFinding {
  const { place, cluster, grant } = binding
    ? placeOf(view, binding)
    : { place: { path: view.cluster.path }, cluster: view.cluster.name };
  return {
    place,
    cluster,
    grant,
    severity,
    message,
    fix: 'block at least one step of each way that `kaniflux who-can become cluster-admin` lists; docs/becoming.md says how',
  };
}

export const becomingRules: readonly Rule[] = [becomesAdmin];
