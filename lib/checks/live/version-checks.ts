import { parseVersion } from '../../config/version';
import { kanidmVersion } from '../../existing/kanidm-rest';
import { serverVersion } from '../../identity/server-version';
import { imageTag, releaseOf, stable, tableDate, vulnerabilities } from '../../upstream/kanidm-versions';
import { type Check, reasonOf, seen, unknown, well, wrong } from './live-check';
import type { LiveSystem } from './live-system';

const running = (system: LiveSystem) =>
  system.once('version', async () => {
    const answer = await system.anyAnswer();
    if (!answer.value) throw new Error(reasonOf(answer));
    const text = /^\d+\.\d+\.\d+/.exec(kanidmVersion(answer.value) ?? '')?.[0];
    if (text === undefined) throw new Error('its answers name no version, which a proxy may have taken out');
    return parseVersion(text);
  });

const rendered: Check = {
  code: 'KFD121',
  title: 'Another version of Kanidm runs than is rendered',
  severity: 'warning',
  parts: ['kanidm'],
  run: (system) =>
    seen('the version of Kanidm', running(system), ({ text, minor }) => {
      const wanted = serverVersion(system.config.kanidm);
      if (!wanted) return unknown(`Kanidm ${text} runs; the config says no version, since it is deployed elsewhere`);
      const exact = wanted.patch !== undefined || system.config.kanidm.cluster !== undefined;
      const tag = exact ? imageTag(wanted) : wanted.text;
      if (exact ? tag === text : wanted.minor === minor) return well(`Kanidm ${text} runs, as rendered`);
      const deployed = system.config.kanidm.cluster !== undefined;
      return wrong(
        ['kanidm', 'version'],
        `Kanidm ${text} runs, and ${tag} is rendered`,
        deployed
          ? 'see why Flux has not brought it: `kubectl -n kanidm get helmrelease,pods`'
          : `write \`version: "${text}"\`, or upgrade it, one minor version at a time`,
      );
    }),
};

const supported: Check = {
  code: 'KFD122',
  title: 'The version of Kanidm that runs has known holes, or is not supported',
  severity: 'warning',
  parts: ['kanidm'],
  run: (system) =>
    seen('the version of Kanidm', running(system), (version) => {
      const path = ['kanidm', 'version'];
      const fix = `upgrade to ${stable.text}, one minor version at a time; \`kaniflux check --base\` watches over it`;
      const hole = vulnerabilities.find(({ before }) => version.major === 1 && version.minor < before);
      if (hole) return wrong(path, `Kanidm ${version.text}: ${hole.what}`, fix);
      const release = releaseOf(version);
      if (!release)
        return unknown(`Kanidm ${version.text} is newer than this Kaniflux, which knows those of ${tableDate}`);
      const today = new Date(system.tools.now()).toISOString().slice(0, 10);
      if (today > release.supportedUntil)
        return wrong(path, `Kanidm ${version.text} has been without support since ${release.supportedUntil}`, fix);
      return well(`Kanidm ${version.text} is supported until ${release.supportedUntil}`);
    }),
};

export const versionChecks: readonly Check[] = [rendered, supported];
