import type { Config, Version } from '../../config/config';
import { parseVersion } from '../../config/version';
import { kanidmVersion } from '../../existing/kanidm-rest';
import { serverVersion } from '../../identity/server-version';
import { chartFacts } from '../../upstream/kanidm-chart';
import { imageTag, releaseOf, stable, tableDate, vulnerabilitiesOf } from '../../upstream/kanidm-versions';
import { failed, judged, type LiveCheck, passed, skipped } from './live-check';
import type { LiveSystem } from './live-system';
import { reasonOf } from './observation';
import { Question } from './question';

const versions = new Question<Version>();

const running = (system: LiveSystem) =>
  versions.ask(system, '', async () => {
    const answer = await system.anyAnswer();
    if (!answer.value) throw new Error(reasonOf(answer));
    const text = /^\d+\.\d+\.\d+/.exec(kanidmVersion(answer.value) ?? '')?.[0];
    if (text === undefined)
      throw new Error('no answer has the header with the version of Kanidm; a proxy may remove it');
    return parseVersion(text);
  });

/** Whether Kaniflux sets the image of the server. It does not if it has no data about the chart. */
const setsImage = ({ helm, manifests }: Config['kanidm']): boolean =>
  manifests !== undefined || (helm !== undefined && chartFacts(helm) !== undefined);

const rendered: LiveCheck = {
  code: 'kanidm-version-differs',
  parts: ['kanidm'],
  run: (system) =>
    judged('the version of Kanidm', running(system), ({ text, minor, patch = 0 }) => {
      const wanted = serverVersion(system.config.kanidm);
      if (!wanted) return skipped(`Kanidm ${text} is running, but the config names no version`);
      const deployed = setsImage(system.config.kanidm);
      const exact = wanted.patch !== undefined || deployed;
      const tag = exact ? imageTag(wanted) : wanted.text;
      if (exact ? tag === text : wanted.minor === minor) return passed(`Kanidm ${text} is running, as expected`);
      const expected = parseVersion(tag);
      const isNewer = minor > expected.minor || (minor === expected.minor && patch > (expected.patch ?? 0));
      return failed(
        ['kanidm', 'version'],
        `Kanidm ${text} is running, but ${tag} is expected`,
        isNewer
          ? `write \`version: "${text}"\`: Kanidm does not support downgrades`
          : deployed
            ? `check why Flux has not deployed ${tag}: \`kubectl -n ${system.config.kanidm.namespace} get helmrelease,pods\``
            : `write \`version: "${text}"\`, or upgrade Kanidm, one minor version at a time`,
      );
    }),
};

const supported: LiveCheck = {
  code: 'kanidm-unsupported',
  parts: ['kanidm'],
  run: (system) =>
    judged('the version of Kanidm', running(system), (version) => {
      const path = ['kanidm', 'version'];
      const fix = `upgrade to ${stable.text}, one minor version at a time`;
      const holes = vulnerabilitiesOf(version);
      if (holes.length > 0) return failed(path, `Kanidm ${version.text}: ${holes.join(', and ')}`, fix);
      const release = releaseOf(version);
      if (!release)
        return skipped(
          `Kanidm ${version.text} is newer than this Kaniflux, which has data about releases up to ${tableDate}`,
        );
      const today = new Date(system.tools.now()).toISOString().slice(0, 10);
      if (today > release.supportedUntil)
        return failed(path, `Kanidm ${version.text} has not been supported since ${release.supportedUntil}`, fix);
      return passed(`Kanidm ${version.text} is supported until ${release.supportedUntil}`);
    }),
};

export const versionChecks: readonly LiveCheck[] = [rendered, supported];
