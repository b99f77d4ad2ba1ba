import type { Kanidm, Version } from '../config/config';
import { parseVersion } from '../config/version';
import { chartFacts } from '../upstream/kanidm-chart';
import { stable } from '../upstream/kanidm-versions';

/**
 * Returns the version of Kanidm that will run: the version in the config, or that of the deployment. `undefined` if
 * Kanidm runs elsewhere or is deployed by an unknown chart.
 */
export function serverVersion(kanidm: Kanidm): Version | undefined {
  if (kanidm.version) return kanidm.version;
  if (kanidm.manifests) return stable;
  const chart = kanidm.helm && chartFacts(kanidm.helm);
  return chart && parseVersion(chart.kanidm);
}
