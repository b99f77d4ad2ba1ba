import type { ControlPlaneKind } from '../config/config';
import { parseVersion } from '../config/version';
import { isOneOf } from '../guards';
import { supportedKinds } from '../node-files/kinds/kinds';
import { deploysKanidm, isStart, type Start } from './starts';

/** The settings of a new config. A field that is not set becomes a placeholder, which `check` reports. */
export interface Settings {
  readonly start: Start;
  readonly domain?: string;
  /** @default `https://<domain>` */
  readonly origin?: string;
  /** The version of a Kanidm that runs already. */
  readonly kanidmVersion?: string;
  /** Path of the CA certificate of Kanidm, if its CA is private. */
  readonly kanidmCa?: string;
  /** Empty if no cluster has a name: the config then has a placeholder with the settings of `unnamed`. */
  readonly clusters: readonly NamedCluster[];
  readonly unnamed: ClusterSettings;
  readonly people: readonly PersonSettings[];
  readonly fluxSource?: { readonly kind: string; readonly name: string; readonly namespace: string };
}

export interface ClusterSettings {
  readonly server?: string;
  readonly kubernetes?: string;
  readonly controlPlane: ControlPlaneKind;
  /** Path of the CA certificate of the API server. */
  readonly serverCa?: string;
  /** How administrators get access when Kanidm is down. */
  readonly breakGlass?: string;
}

export interface NamedCluster extends ClusterSettings {
  readonly name: string;
}

export interface PersonSettings {
  readonly name: string;
  readonly displayName?: string;
}

/** The options of `init` that are settings. Each is a question too. */
export const flags = [
  'start',
  'domain',
  'origin',
  'kanidm-version',
  'kanidm-ca',
  'cluster',
  'server',
  'kubernetes',
  'control-plane',
  'server-ca',
  'break-glass',
  'person',
  'display-name',
  'flux-source',
] as const;
export type Flag = (typeof flags)[number];

/** Valid values, by option. */
export type Values = Readonly<Partial<Record<Flag, string>>>;

export interface Answers {
  /** The values that belong to neither a cluster nor a person. */
  readonly general: Values;
  /** The values of each cluster. If no cluster has a name, there is at most one entry, without `cluster`. */
  readonly clusters: readonly Values[];
  readonly people: readonly Values[];
}

/** Converts valid answers to settings. */
export function settingsOf({ general, clusters, people }: Answers): Settings {
  const start = startOf(general);
  const origin = general.origin?.replace(/\/$/, '');
  const source = fluxSourceOf(general['flux-source']);
  const named = clusters.flatMap((values) => (values.cluster === undefined ? [] : [{ values, name: values.cluster }]));
  return {
    start,
    ...(general.domain === undefined ? {} : { domain: general.domain }),
    ...(origin === undefined ? {} : { origin }),
    ...(general['kanidm-version'] === undefined ? {} : { kanidmVersion: general['kanidm-version'] }),
    ...(general['kanidm-ca'] === undefined ? {} : { kanidmCa: general['kanidm-ca'] }),
    clusters: named.map(({ name, values }) => ({ name, ...clusterSettings(values) })),
    unnamed: clusterSettings(clusters.find(({ cluster }) => cluster === undefined) ?? {}),
    people: people.flatMap((values) => personSettings(values, start)),
    ...(source ? { fluxSource: source } : {}),
  };
}

function clusterSettings(values: Values): ClusterSettings {
  const { server, kubernetes } = values;
  const [serverCa, breakGlass] = [values['server-ca'], values['break-glass']?.trim()];
  return {
    controlPlane: controlPlaneOf(values),
    ...(server === undefined ? {} : { server: server.replace(/\/$/, '') }),
    ...(kubernetes === undefined ? {} : { kubernetes: parseVersion(kubernetes).text }),
    ...(serverCa === undefined ? {} : { serverCa }),
    ...(breakGlass === undefined ? {} : { breakGlass }),
  };
}

/**
 * Returns the given kind of control plane. If there is none, returns the kind that the version names, as `v1.34.4+k3s1`
 * and `v1.34.4-eks-1234567` do. If the version names none, returns `kubeadm`.
 */
export function controlPlaneOf(values: Values): ControlPlaneKind {
  const kind = values['control-plane']?.toLowerCase();
  const inVersion = kindInVersion(values.kubernetes ?? '');
  if (isOneOf(supportedKinds, kind)) return kind;
  return isOneOf(supportedKinds, inVersion) ? inVersion : 'kubeadm';
}

/** Returns the kind of control plane that a version names, such as `k3s` in `v1.34.4+k3s1`. */
export const kindInVersion = (version: string): string | undefined => /[+-](k3s|rke2|k0s|eks|gke)/.exec(version)?.[1];

/** If Kanidm runs already, no display name is guessed, because the runbook would write it to an account that exists. */
function personSettings({ person, 'display-name': displayName }: Values, start: Start): PersonSettings[] {
  if (person === undefined) return [];
  const shown = displayName?.trim() ?? (deploysKanidm(start) ? person : undefined);
  return [{ name: person, ...(shown === undefined ? {} : { displayName: shown }) }];
}

function fluxSourceOf(value: string | undefined): Settings['fluxSource'] {
  const parts = value?.split('/') ?? [];
  const [kind, name] = [parts[0], parts.at(-1)];
  const namespace = (parts.length === 3 ? parts[1] : undefined) ?? 'flux-system';
  return kind && name ? { kind, name, namespace } : undefined;
}

/** Returns what the user starts from; `new-kanidm` if `start` is not set or not known. */
export const startOf = ({ start = '' }: Values): Start => (isStart(start) ? start : 'new-kanidm');
