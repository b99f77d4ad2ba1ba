import type { Kanidm, Version } from '../config/config';
import { parseVersion } from '../config/version';
import { chartFacts } from '../upstream/kanidm-chart';
import { stable } from '../upstream/kanidm-versions';

/**
 * The version of Kanidm that will run: the one in the config, else what the deployment brings. `undefined` where it
 * runs elsewhere, or comes from a chart that Kaniflux doesn't know.
 */
export function serverVersion(kanidm: Kanidm): Version | undefined {
  if (kanidm.version) return kanidm.version;
  if (kanidm.manifests) return stable;
  const chart = kanidm.helm && chartFacts(kanidm.helm);
  return chart && parseVersion(chart.kanidm);
}
