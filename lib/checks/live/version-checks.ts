import { parseVersion } from '../../config/version';
import { kanidmVersion } from '../../existing/kanidm-rest';
import { serverVersion } from '../../identity/server-version';
import { imageTag, releaseOf, stable, tableDate, vulnerabilities } from '../../upstream/kanidm-versions';
import { failed, judged, type LiveCheck, passed, skipped } from './live-check';
import type { LiveSystem } from './live-system';
import { reasonOf } from './observation';

const running = (system: LiveSystem) =>
  system.once('version', async () => {
    const answer = await system.anyAnswer();
    if (!answer.value) throw new Error(reasonOf(answer));
    const text = /^\d+\.\d+\.\d+/.exec(kanidmVersion(answer.value) ?? '')?.[0];
    if (text === undefined) throw new Error('its answers name no version, which a proxy may have taken out');
    return parseVersion(text);
  });

const rendered: LiveCheck = {
  code: 'kanidm-version-differs',
  parts: ['kanidm'],
  run: (system) =>
    judged('the version of Kanidm', running(system), ({ text, minor }) => {
      const wanted = serverVersion(system.config.kanidm);
      if (!wanted) return skipped(`Kanidm ${text} runs; the config says no version, since it is deployed elsewhere`);
      const exact = wanted.patch !== undefined || system.config.kanidm.cluster !== undefined;
      const tag = exact ? imageTag(wanted) : wanted.text;
      if (exact ? tag === text : wanted.minor === minor) return passed(`Kanidm ${text} runs, as rendered`);
      const deployed = system.config.kanidm.cluster !== undefined;
      return failed(
        ['kanidm', 'version'],
        `Kanidm ${text} runs, and ${tag} is rendered`,
        deployed
          ? 'see why Flux has not brought it: `kubectl -n kanidm get helmrelease,pods`'
          : `write \`version: "${text}"\`, or upgrade it, one minor version at a time`,
      );
    }),
};

const supported: LiveCheck = {
  code: 'kanidm-unsupported',
  parts: ['kanidm'],
  run: (system) =>
    judged('the version of Kanidm', running(system), (version) => {
      const path = ['kanidm', 'version'];
      const fix = `upgrade to ${stable.text}, one minor version at a time; \`kaniflux check --base\` watches over it`;
      const hole = vulnerabilities.find(({ before }) => version.major === 1 && version.minor < before);
      if (hole) return failed(path, `Kanidm ${version.text}: ${hole.what}`, fix);
      const release = releaseOf(version);
      if (!release)
        return skipped(`Kanidm ${version.text} is newer than this Kaniflux, which knows those of ${tableDate}`);
      const today = new Date(system.tools.now()).toISOString().slice(0, 10);
      if (today > release.supportedUntil)
        return failed(path, `Kanidm ${version.text} has been without support since ${release.supportedUntil}`, fix);
      return passed(`Kanidm ${version.text} is supported until ${release.supportedUntil}`);
    }),
};

export const versionChecks: readonly LiveCheck[] = [rendered, supported];
