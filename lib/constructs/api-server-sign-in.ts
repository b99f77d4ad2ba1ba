import { parseVersion } from '../config/version';
import { apiServerSettings, type NodeFile, type Settings } from '../node-files/api-server-settings';
import { type ApiServer, authenticationConfigurationObject } from '../node-files/authentication-configuration';
import { type ApiServerPart, apiServerPart } from '../node-files/kubeadm-config';
import { kubeadmMerge, type MergeOptions } from '../node-files/merge-kubeadm-config';
import { type Argument, toFlag } from '../node-files/oidc-flags';
import { has } from '../upstream/kubernetes';
import type { KanidmClient } from './kanidm-client';

export interface ApiServerSignInProps {
  /** The clients whose tokens are accepted; flags know one. */
  readonly clients: readonly [KanidmClient, ...KanidmClient[]];
  /** Version of Kubernetes, such as `1.34`. */
  readonly kubernetes: string;
  /** By `--oidc-*` flags, or by an AuthenticationConfiguration. @default 'flags' */
  readonly method?: 'flags' | 'structured';
  /** What Kanidm's certificate is signed by: as PEM, or as a file that is on the nodes. @default - what the nodes trust */
  readonly ca?: { readonly pem?: string; readonly nodePath?: string };
  /** Who may ask without signing in; with `structured`. @default - the API server's own */
  readonly anonymous?: { readonly enabled: boolean; readonly paths?: string[] };
  /** Where the files lie on a node. @default '/etc/kubernetes/kaniflux' */
  readonly folder?: string;
}

/** What kubeadm reads: a part of a cluster's own, never a whole one. */
export interface KubeadmPart {
  readonly apiVersion: string;
  readonly kind: 'ClusterConfiguration';
  readonly apiServer: ApiServerPart;
}

/**
 * What a kube-apiserver must be given for people to sign in, whatever starts it. A value: it needs no chart, since none
 * of it is an API object.
 * @throws Error for what kube-apiserver would not take, or would take for something else
 */
export class ApiServerSignIn {
  /** Files that have to be on each control-plane node. */
  readonly files: readonly NodeFile[];
  /** Arguments of kube-apiserver. */
  readonly args: readonly Argument[];
  /** Set with `structured`. */
  readonly authenticationConfiguration?: object;
  private readonly settings: Settings;
  private readonly server: ApiServer;

  constructor(props: ApiServerSignInProps) {
    const { clients, method = 'flags', ca, anonymous, folder = '/etc/kubernetes/kaniflux' } = props;
    const trusted = clients.map(({ authenticator }) => authenticator);
    if (method === 'flags') flagsCan(props);
    this.server = { kubernetes: parseVersion(props.kubernetes), authentication: { method, ca, anonymous } };
    if (method === 'structured') structuredCan(this.server, props);
    this.settings = apiServerSettings(this.server, trusted, folder);
    this.files = this.settings.files;
    this.args = this.settings.args;
    if (method === 'structured')
      this.authenticationConfiguration = authenticationConfigurationObject(this.server, trusted);
  }

  /** The arguments as on the command line. */
  get flags(): string[] {
    return this.args.map(toFlag);
  }

  /** The part of kubeadm's ClusterConfiguration, in the API version of the cluster's Kubernetes. */
  get kubeadm(): KubeadmPart {
    const version = has(this.server.kubernetes, 'kubeadmV1beta4') ? 'v1beta4' : 'v1beta3';
    return {
      apiVersion: `kubeadm.k8s.io/${version}`,
      kind: 'ClusterConfiguration',
      apiServer: apiServerPart(version, this.settings),
    };
  }

  /**
   * A cluster's own kubeadm configuration with the part merged in; merging again changes nothing.
   * @param text as `kubeadm init --config` reads it
   * @throws MergeError where kubeadm would not read it, or it says something else
   */
  mergeInto(text: string, options?: MergeOptions): string {
    return kubeadmMerge(text, this.settings, options);
  }
}

function flagsCan({ clients, anonymous }: ApiServerSignInProps): void {
  if (clients.length > 1) throw new Error('flags know one client: use `method: "structured"` for several');
  if (anonymous) throw new Error('flags say nothing of anonymous requests: use `method: "structured"`');
  if (clients[0].authenticator.groups?.prefix === '') {
    throw new Error('flags without a groups prefix let a claim put people into `system:masters`: use one');
  }
}

function structuredCan({ kubernetes }: ApiServer, { anonymous }: ApiServerSignInProps): void {
  if (!has(kubernetes, 'structuredV1beta1')) {
    throw new Error(
      `an AuthenticationConfiguration is on by default since Kubernetes 1.30, not in ${kubernetes.text}: use flags`,
    );
  }
  if (anonymous && !has(kubernetes, 'structuredAnonymous')) {
    throw new Error(`\`anonymous\` is read since Kubernetes 1.32, not in ${kubernetes.text}`);
  }
}
