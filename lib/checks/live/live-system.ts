import { isAbsolute } from 'node:path';
import type { Cluster, Config } from '../../config/config';
import type { Facts } from '../../existing/facts';
import { type Answer, get, handshake, NoAnswer } from '../../existing/https';
import { fromKanidm } from '../../existing/kanidm-rest';
import type { Kubectl } from '../../existing/live-cluster';
import { type Authenticator, authenticators } from '../../identity/authenticator';
import { type Observation, unreadable } from './observation';
import { certificateOf, type Presented } from './presented';
import { Question } from './question';

/** What `doctor` needs in addition to the config. */
export interface Tools {
  /** The time to wait for each answer, in milliseconds. */
  readonly timeout: number;
  /** The CA of Kanidm, as PEM, if the config does not have it. */
  readonly kanidmCa?: string;
  /** The token for Kanidm's REST API. It is only sent to {@link tokenFor}. */
  readonly token?: string;
  /**
   * The origin that the token is for, as given by the user. It is not taken from the config, which may come from a
   * branch of somebody else who must not get the token.
   */
  readonly tokenFor?: string;
  /** Returns the current time, in milliseconds since 1970. */
  now(): number;
  /**
   * Returns kubectl for a cluster.
   * @throws Error with a message for the user if there is no context for the cluster
   */
  kubectl(cluster: Cluster): Kubectl;
  /**
   * Returns the text of a file that the config names.
   * @throws Error if the file can't be read
   */
  read(path: string): string;
  /**
   * Returns the end of the newest log of kube-apiserver, if this machine is a control-plane node on which it runs as a
   * pod.
   * @throws Error with the reason if there is no such log or it can't be read
   */
  apiServerLog(): string;
  /** Whether a command with this name is installed. */
  installed(command: string): boolean;
  /**
   * Signs in with a kubeconfig, and returns what `kubectl auth whoami -o json` prints. Set only if the user asked for
   * it.
   */
  readonly whoami?: (kubeconfig: string) => Promise<string>;
}

/** A client that at least one of the chosen clusters trusts, and the first of those clusters. */
export interface Trusted {
  readonly authenticator: Authenticator;
  readonly cluster: Cluster;
}

const certificates = new Question<Presented>();
const answersOfKanidm = new Question<Answer | NoAnswer>();
const allEntries = new Question<Facts>();
const apiServerCas = new Question<{ readonly ca?: string }>();
const answersOfApiServers = new Question<Answer>();
const texts = new Question<string>();
const objects = new Question<unknown>();

const discoveryPath = ({ authenticator }: Trusted) =>
  `${new URL(authenticator.issuer).pathname}/.well-known/openid-configuration`;

/** The live system that a config describes. Each request is made once, however many checks need its answer. */
export class LiveSystem {
  readonly origin: URL;

  constructor(
    readonly config: Config,
    readonly clusters: readonly Cluster[],
    readonly tools: Tools,
  ) {
    this.origin = new URL(config.kanidm.origin);
  }

  /** The trusted clients, without duplicates. */
  get clients(): Trusted[] {
    const found = new Map<string, Trusted>();
    for (const cluster of this.clusters) {
      for (const authenticator of authenticators(this.config, cluster)) {
        if (!found.has(authenticator.audience)) found.set(authenticator.audience, { authenticator, cluster });
      }
    }
    return [...found.values()];
  }

  /** Returns the CA of Kanidm that the config has for a cluster, otherwise the CA of `--kanidm-ca`, as PEM. */
  caFor(cluster?: Cluster): string | undefined {
    return cluster?.authentication.ca?.pem ?? this.tools.kanidmCa;
  }

  /** Returns the certificate that Kanidm presents, after verifying it with a CA. */
  certificate(ca: string | undefined): Promise<Observation<Presented>> {
    return certificates.ask(this, ca ?? '', async () =>
      certificateOf(await handshake(this.origin, { ca, timeout: this.tools.timeout })),
    );
  }

  /**
   * Returns an answer of Kanidm over a trusted connection. If the certificate is not trusted, the reason is short,
   * because the checks of the certificate have the details.
   */
  async kanidm(path: string, cluster?: Cluster): Promise<Observation<Answer>> {
    const asked = await this.asked(path, cluster);
    const { value } = asked;
    if (value === undefined) return unreadable(asked);
    if (!(value instanceof NoAnswer)) return { value };
    if (value.isCertificate) return { reason: 'no trusted connection to Kanidm (see the line about its certificate)' };
    return { reason: `no answer from Kanidm: ${value.message}` };
  }

  /** Returns why Kanidm does not answer a request; `undefined` if it answers, or if its certificate is the reason. */
  async silence(): Promise<string | undefined> {
    const { value } = await this.asked(this.anyPath(), this.clients[0]?.cluster);
    return value instanceof NoAnswer && !value.isCertificate ? value.message : undefined;
  }

  private asked(path: string, cluster = this.clusters[0]): Promise<Observation<Answer | NoAnswer>> {
    const { timeout } = this.tools;
    const ca = this.caFor(cluster);
    return answersOfKanidm.ask(this, `${path} ${ca ?? ''}`, () =>
      get(new URL(path, this.origin), { ca, timeout }).catch((error: unknown) => {
        if (error instanceof NoAnswer) return error;
        throw error;
      }),
    );
  }

  /**
   * Returns an answer of Kanidm that needs no token. `/status` is not requested, because its answer lacks the version
   * in Kanidm 1.11.1.
   */
  anyAnswer(): Promise<Observation<Answer>> {
    return this.kanidm(this.anyPath(), this.clients[0]?.cluster);
  }

  private anyPath(): string {
    const [client] = this.clients;
    return client ? discoveryPath(client) : '/robots.txt';
  }

  /** Returns the discovery document of a client, as Kanidm serves it. */
  discovery(client: Trusted): Promise<Observation<Answer>> {
    return this.kanidm(discoveryPath(client), client.cluster);
  }

  /**
   * Returns all entries of Kanidm, which requires a token. The CA never comes from the config: with a CA from somebody
   * else's branch, another server could pass for Kanidm and get the token.
   */
  entries(): Promise<Observation<Facts>> {
    const { token, tokenFor, timeout, kanidmCa } = this.tools;
    const { origin } = this.origin;
    return allEntries.ask(this, '', async () => {
      if (!token) throw new Error('no token in KANIDM_TOKEN');
      if (tokenFor === undefined)
        throw new Error(
          `KANIDM_TOKEN is not sent to ${origin}, because neither --kanidm nor KANIDM_URL names the server that it is for`,
        );
      if (tokenFor !== origin)
        throw new Error(`KANIDM_TOKEN is for ${tokenFor}, so it is not sent to ${origin}, which the config names`);
      const options = { origin, token, timeout, ...(kanidmCa === undefined ? {} : { ca: kanidmCa }) };
      const facts = await fromKanidm(options);
      if (facts.isPartial)
        throw new Error(
          'the account of the token is not in idm_admins, so entries that it cannot read would seem to be missing',
        );
      return facts;
    });
  }

  /** Returns the CA of an API server, as PEM, unless the config names none. */
  apiServerCa({ name, kubeconfig }: Cluster): Promise<Observation<{ readonly ca?: string }>> {
    const { certificateAuthority: authority } = kubeconfig;
    return apiServerCas.ask(this, name, () => {
      if (!authority) return {};
      if ('pem' in authority) return { ca: authority.pem };
      // kubectl resolves the path from the folder of the kubeconfig, and each person stores the kubeconfig elsewhere.
      if (!isAbsolute(authority.path))
        throw new Error(`${authority.path} is relative to the folder of the kubeconfig, which doctor does not know`);
      return { ca: this.tools.read(authority.path) };
    });
  }

  /** Returns the answer of an API server to a request without credentials. */
  async apiServer(cluster: Cluster): Promise<Observation<Answer>> {
    const found = await this.apiServerCa(cluster);
    if (found.value === undefined) return unreadable(found);
    const { ca } = found.value;
    return answersOfApiServers.ask(this, cluster.name, () =>
      get(`${cluster.server.replace(/\/+$/, '')}/version`, { ca, timeout: this.tools.timeout }),
    );
  }

  /** Returns what kubectl prints as text. */
  kubectlText(cluster: Cluster, ...args: readonly string[]): Promise<Observation<string>> {
    return texts.ask(this, `${cluster.name} ${args.join(' ')}`, () => this.tools.kubectl(cluster)(args));
  }

  /** Returns what kubectl prints as JSON; an empty map if it prints nothing. The fields are not checked. */
  kubectl(cluster: Cluster, ...args: readonly string[]): Promise<Observation<unknown>> {
    return objects.ask(this, `${cluster.name} ${args.join(' ')}`, (): unknown =>
      JSON.parse(this.tools.kubectl(cluster)([...args, '--output=json']) || '{}'),
    );
  }
}
