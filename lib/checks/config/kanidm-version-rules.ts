import type { Config, Version } from '../../config/config';
import type { Finding, Path } from '../../findings/finding';
import { groupScopes } from '../../identity/claims';
import { serverVersion } from '../../identity/server-version';
import { chartFacts } from '../../upstream/kanidm-chart';
import {
  type Feature,
  has,
  releaseOf,
  releases,
  since,
  stable,
  tableDate,
  vulnerabilitiesOf,
} from '../../upstream/kanidm-versions';
import { configFinding } from './config-codes';

/** Checks that the version of Kanidm is supported and has the features that the config uses. */
export function versionRules(config: Config): Finding[] {
  const version = serverVersion(config.kanidm);
  const migrating = migrations(config, version);
  return version ? [...known(config, version), ...migrating, ...features(config, version)] : migrating;
}

const newest = releases.at(-1)?.minor ?? 0;
const oldest = releases[0]?.minor ?? 0;

function known({ kanidm }: Config, version: Version): Finding[] {
  const path: Path = kanidm.version ? ['kanidm', 'version'] : ['kanidm', kanidm.helm ? 'helm' : 'manifests'];
  const named = `Kanidm ${version.text}`;
  const fix = `start from the version that is running, and upgrade Kanidm one minor version at a time, until you reach \`kanidm.version: "${stable.text}"\``;
  if (version.major !== 1 || version.minor < oldest) {
    return [
      configFinding(
        'kanidm-version',
        path,
        `${named} is not a version that Kaniflux supports`,
        `write a version from 1.${oldest} to ${stable.text}`,
      ),
    ];
  }
  if (version.minor > newest) {
    const message = `${named} is newer than the releases that this version of Kaniflux knows, so Kaniflux does not know what has changed`;
    return [configFinding('kanidm-version-newer', path, message, 'use a newer Kaniflux')];
  }
  if (kanidm.manifests && !has(version, 'server.toml version 2')) {
    const message = `the manifests contain a configuration file for Kanidm ${since('server.toml version 2')} and later, which Kanidm ${version.text} cannot read`;
    return [configFinding('manifests-version', path, message, fix)];
  }
  const faults = [
    ...vulnerabilitiesOf(version),
    ...((releaseOf(version)?.supportedUntil ?? '') < tableDate
      ? [`its support ended on ${releaseOf(version)?.supportedUntil}`]
      : []),
  ];
  if (faults.length === 0) return [];
  const chart = kanidm.version ? '' : ', the version that the chart deploys,';
  const lacks = kanidm.version ? '' : `; this version also lacks ${lacking(version).join(' and ')}`;
  return [
    configFinding(
      'kanidm-unsupported',
      path,
      `${named}${chart} should be upgraded: ${faults.join(', and ')}${lacks}`,
      fix,
    ),
  ];
}

const lacking = (version: Version): string[] =>
  (['migrations', 'the scopes groups_name, groups_spn and groups_uuid'] as const).filter(
    (feature) => !has(version, feature),
  );

function migrations({ kanidm }: Config, version: Version | undefined): Finding[] {
  if (kanidm.provision !== 'migrations') return [];
  const path = ['kanidm', 'provision'];
  if (kanidm.helm && !chartFacts(kanidm.helm)) {
    const message = 'Kaniflux does not know how to mount migrations into the pod of this chart';
    return [configFinding('migrations-chart', path, message, 'deploy with `manifests`, or write `provision: runbook`')];
  }
  if (!version) {
    const message = 'Kaniflux needs the version of Kanidm to check that it supports migrations';
    return [configFinding('migrations-version', path, message, 'add `kanidm.version`')];
  }
  if (has(version, 'migrations of people and clients')) return [];
  const message = has(version, 'migrations')
    ? `Kanidm ${version.text} supports migrations, but not for people and clients`
    : `Kanidm ${version.text} does not support migrations`;
  const fix = `upgrade to Kanidm ${since('migrations of people and clients')} or later and write \`kanidm.version: "${stable.text}"\`, or write \`provision: runbook\``;
  return [configFinding('migrations-version', path, message, fix)];
}

function features(config: Config, version: Version): Finding[] {
  const problems: Finding[] = [];
  const need = (feature: Feature, path: Path, what: string, removed = `the ${what}`) => {
    if (has(version, feature)) return;
    const message = `Kanidm ${version.text} does not support the ${what}, which came with ${since(feature)}`;
    problems.push(
      configFinding(
        'field-version',
        path,
        message,
        `remove ${removed}, or upgrade Kanidm and write \`kanidm.version: "${stable.text}"\``,
      ),
    );
  };
  for (const client of config.clients.values()) {
    const { path, absent, consentPrompt } = client;
    if (absent) continue;
    for (const field of ['scopes', 'supplementaryScopes'] as const) {
      for (const [group, list] of Object.entries(client[field] ?? {})) {
        for (const [i, scope] of list.entries()) {
          if (scope === 'groups' || !groupScopes.some((one) => one === scope)) continue;
          const at = [...path, field, group, i];
          need('the scopes groups_name, groups_spn and groups_uuid', at, `scope \`${scope}\``);
        }
      }
    }
    if (consentPrompt !== undefined) {
      need('the command that sets the consent prompt', [...path, 'consentPrompt'], 'setting for the consent prompt');
    }
  }
  for (const { path, absent, description } of config.groups.values()) {
    if (absent || description === undefined) continue;
    need('the command that sets the description of a group', [...path, 'description'], 'description of a group');
  }
  if (config.kanidm.manifests?.backup.restore) {
    need(
      'restoring to a new file',
      ['kanidm', 'backup', 'restore'],
      'restoring of a backup to a new file',
      '`restore`',
    );
  }
  return problems;
}
