import { issuerProblems } from '../checks/config/issuer-problems';
import { parseVersion } from '../config/version';
import { issuerAuthenticators } from '../identity/authenticator';
import { apiServerSettings, type NodeFile, type Settings } from '../node-files/api-server-settings';
import {
  type ApiServer,
  authenticationConfigurationObject,
  type Trusted,
} from '../node-files/authentication-configuration';
import { type ApiServerPart, apiServerPart } from '../node-files/kubeadm-config';
import { kubeadmMerge, type MergeOptions, programWords } from '../node-files/merge-kubeadm-config';
import { type Argument, changedPart, toFlag } from '../node-files/oidc-flags';
import { has } from '../upstream/kubernetes';
import { type IssuerProps, resolveIssuers } from './issuer-props';
import type { KanidmClient } from './kanidm-client';
import { certificatesOf } from './props-check';
import { checkProps, type Shape } from './props-shape';
import { checkSignIn } from './sign-in-check';

/** Props of {@link ApiServerSignIn}. */
export interface ApiServerSignInProps {
  /**
   * The clients whose tokens the API server accepts. All of them belong to one Kanidm. The method `flags` allows
   * exactly one.
   */
  readonly clients: readonly [KanidmClient, ...KanidmClient[]];
  /** Version of Kubernetes, such as `1.34`. */
  readonly kubernetes: string;
  /**
   * How the API server is configured: with `--oidc-*` flags, or with an AuthenticationConfiguration. @default 'flags'
   */
  readonly method?: 'flags' | 'structured';
  /** The CA of Kanidm's certificate, as PEM or as a file on the nodes. @default - the CAs that the nodes trust */
  readonly ca?: { readonly pem?: string; readonly nodePath?: string };
  /**
   * Issuers other than Kanidm, such as a CI system, by a key of your choice (a DNS label). Only with
   * `structured`. In bindings, write the names of their users and groups with the prefix of the issuer. @default - none
   */
  readonly issuers?: Readonly<Record<string, IssuerProps>>;
  /**
   * Further entries of `jwt` in the AuthenticationConfiguration, rendered unchanged after the others. Kaniflux does not
   * check whether an entry can give a user the name of another user. Only with `structured`. @default - none
   */
  readonly jwt?: readonly Readonly<Record<string, unknown>>[];
  /**
   * Whether the API server accepts anonymous requests, and for which paths. Only with `structured`. @default - the API
   * server's default
   */
  readonly anonymous?: { readonly enabled: boolean; readonly paths?: string[] };
  /** Folder of the files on a node. @default '/etc/kubernetes/kaniflux' */
  readonly folder?: string;
}

const shape = {
  clients: 'clients',
  kubernetes: 'text',
  method: ['flags', 'structured'],
  ca: { pem: 'text', nodePath: 'text' },
  issuers: 'map',
  jwt: 'list',
  anonymous: { enabled: 'flag', paths: 'texts' },
  folder: 'text',
} as const satisfies Shape<ApiServerSignInProps>;

/** A part of a kubeadm ClusterConfiguration, to be merged into the cluster's own. */
export interface KubeadmPart {
  /** `kubeadm.k8s.io/v1beta4`, or `v1beta3` before Kubernetes 1.31. */
  readonly apiVersion: string;
  /** The kind of the object. */
  readonly kind: 'ClusterConfiguration';
  /** Arguments of kube-apiserver, and volumes for its files. */
  readonly apiServer: ApiServerPart;
}

/**
 * The settings that a kube-apiserver needs for people to sign in. This class is not a construct, because it renders no
 * API objects.
 * @throws Error for settings that kube-apiserver would refuse or misinterpret
 */
export class ApiServerSignIn {
  /** Files that each control-plane node needs. */
  readonly files: readonly NodeFile[];
  /** Arguments of kube-apiserver. */
  readonly args: readonly Argument[];
  /** The AuthenticationConfiguration. Set only with `structured`. */
  readonly authenticationConfiguration?: object;
  private readonly settings: Settings;
  private readonly server: ApiServer;

  constructor(props: ApiServerSignInProps) {
    checkProps('ApiServerSignIn', props, shape);
    checkSignIn(props);
    const { method = 'flags', anonymous, folder = '/etc/kubernetes/kaniflux' } = props;
    const ca = props.ca?.pem === undefined ? props.ca : { ...props.ca, pem: certificatesOf(props.ca.pem) };
    if (method === 'flags') checkFlags(props);
    this.server = { kubernetes: parseVersion(props.kubernetes), authentication: { method, ca, anonymous } };
    if (method === 'structured') checkStructured(this.server, props);
    const trusted = trustedWith(this.server, props);
    this.settings = apiServerSettings(this.server, trusted, folder);
    this.files = this.settings.files;
    this.args = this.settings.args;
    checkValues(this.args, false);
    if (method === 'structured')
      this.authenticationConfiguration = authenticationConfigurationObject(this.server, trusted);
  }

  /** The arguments as on the command line. */
  get flags(): string[] {
    return this.args.map(toFlag);
  }

  /** The part of kubeadm's ClusterConfiguration, in the API version of the cluster's Kubernetes. */
  get kubeadm(): KubeadmPart {
    checkValues(this.args, true);
    const version = has(this.server.kubernetes, 'kubeadmV1beta4') ? 'v1beta4' : 'v1beta3';
    return {
      apiVersion: `kubeadm.k8s.io/${version}`,
      kind: 'ClusterConfiguration',
      apiServer: apiServerPart(version, this.settings),
    };
  }

  /**
   * Merges these settings into the cluster's own kubeadm configuration. Merging again changes nothing.
   * @param text a configuration for `kubeadm init --config`
   * @returns the merged configuration
   * @throws MergeError if kubeadm would not read `text`, or if `text` has conflicting settings
   */
  mergeInto(text: string, options?: MergeOptions): string {
    checkValues(this.args, true);
    return kubeadmMerge(text, this.settings, options, programWords);
  }
}

/** Returns the issuers that the API server trusts. */
function trustedWith(
  { kubernetes, authentication: { method } }: ApiServer,
  { clients, issuers: others = {}, jwt = [] }: ApiServerSignInProps,
): Trusted {
  const own = clients.map(({ authenticator }) => authenticator);
  const { issuers, problems } = resolveIssuers(others);
  const server = { path: [], kubernetes, issuers, jwt: [...jwt], authentication: { method, clients: {} } };
  const faults = [...problems, ...(method === 'flags' ? [] : issuerProblems(server, own))]
    .filter(({ severity }) => severity === 'error')
    .map(({ place: { path }, message }) =>
      path[0] === 'issuers' || path[0] === 'jwt' ? `${path.join('.')}: ${message}` : message,
    );
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return { clients: own, issuers: issuerAuthenticators(server), jwt };
}

function checkFlags({ clients, issuers = {}, jwt = [], anonymous }: ApiServerSignInProps): void {
  if (Object.keys(issuers).length + jwt.length > 0) {
    throw new Error(
      'flags support only one issuer, that of the client of Kanidm; use `method: "structured"` for `issuers` and `jwt`',
    );
  }
  if (clients.length > 1) throw new Error('flags support one client; use `method: "structured"` for several');
  if (anonymous) throw new Error('flags cannot restrict anonymous requests; use `method: "structured"`');
  if (clients[0].authenticator.groups?.prefix === '') {
    throw new Error('flags without a groups prefix let a token claim the group `system:masters`; set a prefix');
  }
}

/** @throws Error if kube-apiserver would not get the value of an argument unchanged */
function checkValues(args: readonly Argument[], inPod: boolean): void {
  for (const { name, value } of args) {
    const part = changedPart(value, inPod);
    if (part !== undefined) throw new Error(`the value of \`--${name}\` contains ${part}`);
  }
}

function checkStructured({ kubernetes }: ApiServer, { anonymous }: ApiServerSignInProps): void {
  if (!has(kubernetes, 'structuredV1beta1')) {
    throw new Error(
      `Kubernetes ${kubernetes.text} does not accept an AuthenticationConfiguration by default; use flags, or Kubernetes 1.30 or later`,
    );
  }
  if (anonymous && !has(kubernetes, 'structuredAnonymous')) {
    throw new Error(`\`anonymous\` needs Kubernetes 1.32 or later, and this version is ${kubernetes.text}`);
  }
}
