import {
  dnsLabel,
  domainName,
  kanidmName,
  patternWords,
  plainVersion,
  printedVersion,
} from '../config/schema/field-patterns';
import { isOneOf } from '../guards';
import { hostOfOrigin } from '../identity/issuer';
import { supportedKinds, unsupportedBecause } from '../node-files/kinds/kinds';
import { isHttps } from '../node-files/kubeconfig';
import { adminKubeconfigs, certificateAuthorities } from '../upstream/control-planes';
import { controlPlaneOf, type Flag, kindInVersion, startOf, type Values } from './settings';
import { deploysKanidm, isStart, type Start, starts, startWords } from './starts';

/** A setting, given by an option or as the answer to a question. */
export interface Field {
  readonly flag: Flag;
  readonly question: string | ((values: Values) => string);
  /** The question for a second cluster or person. */
  readonly another?: string;
  readonly description: string;
  /** Name of the value in the help. */
  readonly value: string;
  /** Returns the answer of a person who presses Enter. @default no answer */
  suggestion?(values: Values): string | undefined;
  /** The effect of an empty answer, as the prompt shows it. @default 'leave it empty' */
  readonly unset?: string;
  readonly choices?: readonly string[];
  /** Whether one value of the option holds for all clusters. */
  readonly isShared?: boolean;
  /** Whether the value is a file with certificates. */
  readonly isCertificate?: boolean;
  /** Whether the question makes sense after the previous answers. @default true */
  isAsked?(values: Values): boolean;
  /** Describes the expected value if `value` is invalid; returns `undefined` if it is valid. */
  fault(value: string): string | undefined;
}

const matches = (pattern: string, words = patternWords[pattern] ?? '') => {
  const expression = new RegExp(pattern, 'u');
  return (value: string) => (expression.test(value) ? undefined : words);
};

const aLine = matches('^[^\\p{C}]*[^\\p{C}\\s][^\\p{C}]*$', 'a line of text');
const fluxSource = '^(GitRepository|OCIRepository)(/[a-z0-9]([a-z0-9.-]*[a-z0-9])?){1,2}$';

const only =
  (...among: readonly Start[]) =>
  (values: Values) =>
    among.includes(startOf(values));
const kindList = supportedKinds.join(', ');
const isVersion = matches(printedVersion);

/** Lists the supported kinds of control planes, and says why the given kind is not supported. */
function notSupported(kind: string): string {
  const reason = unsupportedBecause(kind);
  return reason === undefined ? `one of ${kindList}` : `one of ${kindList}: ${reason.unsupported} (${reason.fix})`;
}

/** Skips a question if the start is `existing-sign-in`, because `adopt` writes the config of such a setup. */
const unlessAdopted = only('new-cluster', 'new-kanidm', 'existing-kanidm');

const startLines = starts.map((start, index) => `  ${index + 1}  ${start.padEnd(16)}  ${startWords[start]}\n`).join('');

/** The settings of Kanidm, in the order of the questions. */
export const kanidmFields: readonly Field[] = [
  {
    flag: 'start',
    question: `What do you have?\n${startLines}A number or a name`,
    description: 'What you have already',
    value: 'START',
    suggestion: () => 'new-kanidm',
    choices: starts,
    fault: (value) => (isStart(value) ? undefined : `one of ${starts.join(', ')}, or its number`),
  },
  {
    flag: 'domain',
    question: 'Domain of Kanidm, for example idm.example.com',
    description: 'Domain of Kanidm, the part after @ in names such as jane@idm.example.com',
    value: 'NAME',
    isAsked: unlessAdopted,
    fault: matches(domainName),
  },
  {
    flag: 'origin',
    question: 'Address of Kanidm',
    description: 'Address of Kanidm, if it is not https://DOMAIN',
    value: 'URL',
    suggestion: ({ domain }) => domain && `https://${domain}`,
    isAsked: only('existing-kanidm'),
    fault: (value) =>
      hostOfOrigin(value.replace(/\/$/, '')) === undefined
        ? 'an https address without a path, for example https://idm.example.com:8443'
        : undefined,
  },
  {
    flag: 'kanidm-version',
    question: 'Version of Kanidm, for example 1.11.1',
    description: 'Version of a Kanidm that runs already',
    value: 'VERSION',
    unset: 'unknown',
    isAsked: only('existing-kanidm'),
    fault: matches(plainVersion),
  },
  {
    flag: 'kanidm-ca',
    question: (values) =>
      deploysKanidm(startOf(values))
        ? "CA certificate of Kanidm, if its CA is private; press Enter if you don't have the certificate yet. Path of the file"
        : 'CA certificate of Kanidm, if its CA is private. Path of the file',
    description: 'PEM file with the CA of Kanidm, if the CA is private',
    value: 'FILE',
    unset: 'none',
    isCertificate: true,
    isAsked: unlessAdopted,
    fault: aLine,
  },
];

/** The settings of a cluster. The first is its name. */
export const clusterFields: readonly Field[] = [
  {
    flag: 'cluster',
    question: 'Name of the cluster, for example homelab',
    another: 'Name of another cluster',
    description: 'Name of a cluster; give it several times for several clusters',
    value: 'NAME',
    fault: matches(dnsLabel),
  },
  {
    flag: 'server',
    question: 'Address of its API server, for example https://192.0.2.10:6443',
    description: 'Address of the API server of a cluster',
    value: 'URL',
    isAsked: unlessAdopted,
    fault: (value) =>
      isHttps(value) && /^https:\/\/[^\s/]+\/?$/.test(value)
        ? undefined
        : 'an https address, for example https://192.0.2.10:6443',
  },
  {
    flag: 'kubernetes',
    question: 'Its version of Kubernetes, for example 1.34',
    description: 'Version of Kubernetes of a cluster; one value is enough for all clusters',
    value: 'VERSION',
    isShared: true,
    isAsked: unlessAdopted,
    fault: (value) => {
      const reason = unsupportedBecause(kindInVersion(value) ?? '');
      return reason === undefined
        ? isVersion(value)
        : `the Kubernetes version of a control plane that Kaniflux supports; this one is not supported: ${reason.unsupported} (${reason.fix})`;
    },
  },
  {
    flag: 'control-plane',
    question: `What runs its control plane?\n  ${kindList}\n  (type flags for any other control plane that takes flags of kube-apiserver)\n  GKE and AKS are not supported: type gke or aks to see what to do\nOne of these`,
    description: 'What runs the control plane of a cluster; one value is enough for all clusters',
    value: 'KIND',
    suggestion: controlPlaneOf,
    choices: supportedKinds,
    isShared: true,
    isAsked: unlessAdopted,
    fault: (value) => (isOneOf(supportedKinds, value.toLowerCase()) ? undefined : notSupported(value.toLowerCase())),
  },
  {
    flag: 'server-ca',
    question: (values) =>
      `CA certificate of the API server: ${certificateAuthorities[controlPlaneOf(values)]}.\nPath of the file`,
    description: 'PEM file with the CA of the API server of a cluster, for the kubeconfig',
    value: 'FILE',
    unset: 'add it later',
    isCertificate: true,
    // A new cluster has no CA yet.
    isAsked: (values) =>
      only('new-kanidm', 'existing-kanidm')(values) && certificateAuthorities[controlPlaneOf(values)] !== undefined,
    fault: aLine,
  },
  {
    flag: 'break-glass',
    question: 'How do you get into the cluster while Kanidm is down? In your words',
    description: 'How you get into a cluster while Kanidm is down, in your words; one value is enough for all clusters',
    value: 'TEXT',
    suggestion: (values) => adminKubeconfigs[controlPlaneOf(values)],
    isShared: true,
    isAsked: unlessAdopted,
    fault: aLine,
  },
];

/** The settings of a person. The first is the name. */
export const personFields: readonly Field[] = [
  {
    flag: 'person',
    question: 'Name in Kanidm of a person who gets cluster-admin, for example jane',
    another: 'Name in Kanidm of another administrator',
    description: 'Name in Kanidm of a person who gets cluster-admin; give it several times for several people',
    value: 'NAME',
    isAsked: unlessAdopted,
    fault: matches(kanidmName),
  },
  {
    flag: 'display-name',
    question: (values) =>
      deploysKanidm(startOf(values))
        ? 'Name that people see, for example Jane Doe'
        : 'Name that people see, for example Jane Doe. The runbook writes it into Kanidm, even if the account already exists.\nName',
    description: 'Name that people see, one for each --person',
    value: 'TEXT',
    suggestion: (values) => (deploysKanidm(startOf(values)) ? values.person : undefined),
    fault: aLine,
  },
];

export const fluxFields: readonly Field[] = [
  {
    flag: 'flux-source',
    question: 'Flux source that holds this repository: KIND/NAME',
    description: 'Flux source that holds this repository, KIND/NAME or KIND/NAMESPACE/NAME',
    value: 'SOURCE',
    suggestion: () => 'GitRepository/flux-system',
    isAsked: unlessAdopted,
    fault: matches(fluxSource, 'KIND/NAME or KIND/NAMESPACE/NAME, where KIND is GitRepository or OCIRepository'),
  },
];

export const fields: readonly Field[] = [...kanidmFields, ...clusterFields, ...personFields, ...fluxFields];
