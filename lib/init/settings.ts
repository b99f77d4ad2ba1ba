import type { ControlPlaneKind } from '../config/config';
import { controlPlaneKinds } from '../config/schema/cluster-schema';
import { dnsLabel, dnsName, kanidmName, patternWords, printedVersion } from '../config/schema/field-types';
import { parseVersion } from '../config/version';
import { isOneOf } from '../guards';
import { hostOfOrigin } from '../identity/issuer';
import { isStart, type Start, starts, startWords } from './starts';

/** The settings of a new config. A field that is not set becomes a placeholder, which `check` reports. */
export interface Settings {
  readonly start: Start;
  readonly domain?: string;
  /** @default `https://<domain>` */
  readonly origin?: string;
  readonly cluster?: string;
  readonly server?: string;
  readonly kubernetes?: string;
  readonly controlPlane: ControlPlaneKind;
  /** How administrators get access when Kanidm is down. */
  readonly breakGlass?: string;
  readonly people: readonly string[];
  readonly fluxSource?: { readonly kind: string; readonly name: string; readonly namespace: string };
}

/** A setting, given by an option or as the answer to a question. */
export interface Field {
  readonly flag:
    | 'start'
    | 'domain'
    | 'origin'
    | 'cluster'
    | 'server'
    | 'kubernetes'
    | 'control-plane'
    | 'break-glass'
    | 'person'
    | 'flux-source';
  readonly question: string;
  readonly description: string;
  readonly value: string;
  /** The value if the answer is empty. @default a placeholder */
  readonly standard?: string;
  /** Returns the value if the answer is empty, from the answers before. @default `standard` */
  guess?(answers: Answers): string | undefined;
  /** What an empty answer means. @default a placeholder */
  readonly empty?: string;
  readonly choices?: readonly string[];
  /** Describes the expected value if `value` is invalid; returns `undefined` if it is valid. */
  fault(value: string): string | undefined;
}

const matches = (pattern: string, words: string) => (value: string) =>
  new RegExp(pattern, 'u').test(value) ? undefined : words;

/** Returns the kind of control plane that a printed version names, as `v1.34.4+k3s1` or `v1.34.4-eks-1234567` do. */
function kindOfVersion(version: string): ControlPlaneKind | undefined {
  const [, named = ''] = /[+-](k3s|rke2|k0s|eks|gke)/.exec(version) ?? [];
  return isOneOf(controlPlaneKinds, named) ? named : undefined;
}

const fluxSource = '^(GitRepository|OCIRepository)(/[a-z0-9]([a-z0-9.-]*[a-z0-9])?){1,2}$';

/** All settings, in the order of the questions. */
export const fields: readonly Field[] = [
  {
    flag: 'start',
    question: `What is there?\n${starts.map((start) => `  ${start}: ${startWords[start]}\n`).join('')}One of these`,
    description: 'What is there already',
    value: 'START',
    standard: 'new-kanidm',
    choices: starts,
    fault: (value) => (isStart(value) ? undefined : `one of ${starts.join(', ')}`),
  },
  {
    flag: 'domain',
    question: 'Domain of Kanidm, for example idm.example.com',
    description: "Kanidm's domain, the part after @ in its names",
    value: 'NAME',
    fault: matches(dnsName, patternWords[dnsName] ?? ''),
  },
  {
    flag: 'origin',
    question: 'Address of Kanidm, for example https://idm.example.com:8443',
    description: 'Address of Kanidm, if it is not https:// and the domain',
    value: 'URL',
    empty: 'https:// and the domain',
    fault: (value) =>
      hostOfOrigin(value.replace(/\/$/, '')) === undefined
        ? 'an https address without a path, for example https://idm.example.com:8443'
        : undefined,
  },
  {
    flag: 'cluster',
    question: 'Name of the cluster',
    description: 'Name of the cluster',
    value: 'NAME',
    fault: matches(dnsLabel, patternWords[dnsLabel] ?? ''),
  },
  {
    flag: 'server',
    question: 'Address of its API server, for example https://192.0.2.10:6443',
    description: 'Address of its API server',
    value: 'URL',
    fault: matches('^https://[^\\s/]+/?$', 'an https address, for example https://192.0.2.10:6443'),
  },
  {
    flag: 'kubernetes',
    question: 'Its version of Kubernetes, for example 1.34 (kubectl version)',
    description: 'Its version of Kubernetes',
    value: 'VERSION',
    fault: matches(printedVersion, patternWords[printedVersion] ?? ''),
  },
  {
    flag: 'control-plane',
    question: `What runs its control plane (flags: anything else that takes flags of kube-apiserver): ${controlPlaneKinds.join(', ')}`,
    description: 'What runs its control plane',
    value: 'KIND',
    standard: 'kubeadm',
    guess: ({ kubernetes }) => kindOfVersion(kubernetes?.[0] ?? ''),
    choices: controlPlaneKinds,
    fault: (value) =>
      isOneOf(controlPlaneKinds, value.toLowerCase()) ? undefined : `one of ${controlPlaneKinds.join(', ')}`,
  },
  {
    flag: 'break-glass',
    question: 'How do you get in when Kanidm is down, for example: the certificate kubeconfig in the safe',
    description: 'How you get in when Kanidm is down, in your words',
    value: 'TEXT',
    fault: matches('^[^\\p{C}]*[^\\p{C}\\s][^\\p{C}]*$', 'a line of text'),
  },
  {
    flag: 'person',
    question: "Who administers it: the person's name in Kanidm, without a domain",
    description: 'Name in Kanidm of a person who administers the cluster; may be given several times',
    value: 'NAME',
    fault: matches(kanidmName, patternWords[kanidmName] ?? ''),
  },
  {
    flag: 'flux-source',
    question: 'Flux source that holds this repository: KIND/NAME',
    description: 'Flux source that holds this repository, KIND/NAME or KIND/NAMESPACE/NAME',
    value: 'SOURCE',
    standard: 'GitRepository/flux-system',
    fault: matches(
      fluxSource,
      'GitRepository/NAME or OCIRepository/NAME, with a namespace between where it has another',
    ),
  },
];

export type Answers = Readonly<Partial<Record<Field['flag'], readonly string[]>>>;

/** Converts valid answers to settings. */
export function settingsOf(answers: Answers): Settings {
  const one = (flag: Field['flag']) => answers[flag]?.[0];
  const source = one('flux-source')?.split('/') ?? [];
  const [kind, name] = [source[0], source.at(-1)];
  const namespace = (source.length === 3 ? source[1] : undefined) ?? 'flux-system';
  const fluxSource = kind && name ? { kind, name, namespace } : undefined;
  const [domain, cluster, server, kubernetes] = [one('domain'), one('cluster'), one('server'), one('kubernetes')];
  const origin = one('origin')?.replace(/\/$/, '');
  const breakGlass = one('break-glass')?.trim();
  const controlPlane = one('control-plane')?.toLowerCase();
  const start = one('start') ?? '';
  return {
    start: isStart(start) ? start : 'new-kanidm',
    ...(domain === undefined ? {} : { domain }),
    ...(origin === undefined ? {} : { origin }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(server === undefined ? {} : { server: server.replace(/\/$/, '') }),
    ...(kubernetes === undefined ? {} : { kubernetes: parseVersion(kubernetes).text }),
    controlPlane: isOneOf(controlPlaneKinds, controlPlane) ? controlPlane : 'kubeadm',
    ...(breakGlass === undefined ? {} : { breakGlass }),
    people: [...new Set(answers.person ?? [])],
    ...(fluxSource ? { fluxSource } : {}),
  };
}
