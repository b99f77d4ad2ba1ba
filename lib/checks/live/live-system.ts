import type { Cluster, Config } from '../../config/config';
import type { Facts } from '../../existing/facts';
import { type Answer, get, handshake, type NoAnswer } from '../../existing/https';
import { fromKanidm } from '../../existing/kanidm-rest';
import type { Kubectl } from '../../existing/live-cluster';
import { type Authenticator, authenticators } from '../../identity/authenticator';
import type { Observation } from './observation';
import { certificateOf, type Presented } from './presented';

/** What the doctor is given beside the config. */
export interface Tools {
  /** Milliseconds for each answer. */
  readonly timeout: number;
  /** PEM of the CA of Kanidm, where the config doesn't hold it. */
  readonly kanidmCa?: string;
  /** For Kanidm's REST API. */
  readonly token?: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** kubectl for a cluster. @throws Error with a line for a person where no context is its */
  kubectl(cluster: Cluster): Kubectl;
  /** The text of a file that the config names. @throws where it can't be read */
  read(path: string): string;
  /** Whether there is a command of this name. */
  installed(command: string): boolean;
  /** Signs in with a kubeconfig and gives what `kubectl auth whoami -o json` prints. Set where that was asked for. */
  readonly whoami?: (kubeconfig: string) => Promise<string>;
}

/** A client that a chosen cluster trusts, with the first such cluster. */
export interface Trusted {
  readonly authenticator: Authenticator;
  readonly cluster: Cluster;
}

/** The live system behind a config. Everything is asked once, however many checks want to know. */
export class LiveSystem {
  private readonly asked = new Map<string, Promise<Observation<unknown>>>();
  readonly origin: URL;

  constructor(
    readonly config: Config,
    readonly clusters: readonly Cluster[],
    readonly tools: Tools,
  ) {
    this.origin = new URL(config.kanidm.origin);
  }

  /** Asks once; what is thrown becomes the reason. */
  once<T>(key: string, ask: () => Promise<T> | T): Promise<Observation<T>> {
    let known = this.asked.get(key) as Promise<Observation<T>> | undefined;
    if (!known) {
      known = (async () => ({ value: await ask() }))().catch((error: Error) => ({ reason: firstLine(error.message) }));
      this.asked.set(key, known);
    }
    return known;
  }

  /** Each client once. */
  get clients(): Trusted[] {
    const found = new Map<string, Trusted>();
    for (const cluster of this.clusters) {
      for (const authenticator of authenticators(this.config, cluster)) {
        if (!found.has(authenticator.audience)) found.set(authenticator.audience, { authenticator, cluster });
      }
    }
    return [...found.values()];
  }

  /** PEM of the CA that Kanidm's certificate is to come from, as a cluster has it. */
  caFor(cluster?: Cluster): string | undefined {
    return cluster?.authentication.ca?.pem ?? this.tools.kanidmCa;
  }

  /** The certificate that Kanidm's origin shows, judged with a CA. */
  certificate(ca: string | undefined): Promise<Observation<Presented>> {
    return this.once(`certificate ${ca ?? ''}`, async () =>
      certificateOf(await handshake(this.origin, { ca, timeout: this.tools.timeout })),
    );
  }

  /** An answer of Kanidm, over a connection that is trusted. The reason is short: the check of the origin says more. */
  kanidm(path: string, cluster?: Cluster): Promise<Observation<Answer>> {
    const { timeout, kanidmCa } = this.tools;
    const ca = kanidmCa ?? cluster?.authentication.ca?.pem ?? this.clusters[0]?.authentication.ca?.pem;
    return this.once(`GET ${path} ${ca ?? ''}`, () =>
      get(new URL(path, this.origin), { ca, timeout }).catch((error: NoAnswer) => {
        const known = 'no trusted connection to Kanidm (see kanidm-unreachable)';
        throw new Error(error.code === '' ? error.message : known);
      }),
    );
  }

  /** An answer that Kanidm gives to everybody. Not `/status`: that one of 1.11.1 is without a version. */
  anyAnswer(): Promise<Observation<Answer>> {
    const [client] = this.clients;
    return client ? this.discovery(client) : this.kanidm('/robots.txt');
  }

  /** A client's discovery document as Kanidm serves it. */
  async discovery({ authenticator, cluster }: Trusted): Promise<Observation<Answer>> {
    return this.kanidm(`${new URL(authenticator.issuer).pathname}/.well-known/openid-configuration`, cluster);
  }

  /** All entries of Kanidm, where there is a token. */
  entries(): Promise<Observation<Facts>> {
    const { token, timeout, kanidmCa } = this.tools;
    const ca = kanidmCa ?? this.clusters[0]?.authentication.ca?.pem;
    return this.once('entries', async () => {
      if (!token) throw new Error('no token in KANIDM_TOKEN');
      const options = { origin: this.origin.origin, token, timeout, ...(ca === undefined ? {} : { ca }) };
      const facts = await fromKanidm(options);
      if (facts.isPartial)
        throw new Error('the account of the token is not in idm_admins, and what it cannot read would look missing');
      return facts;
    });
  }

  /** An answer of a cluster's API server to somebody it doesn't know. */
  apiServer(cluster: Cluster): Promise<Observation<Answer>> {
    const { certificateAuthority: authority } = cluster.kubeconfig;
    return this.once(`API server of ${cluster.name}`, () => {
      const ca = authority && ('pem' in authority ? authority.pem : this.tools.read(authority.path));
      return get(new URL('/version', cluster.server), { ca, timeout: this.tools.timeout });
    });
  }

  /** What kubectl prints, as JSON where it is asked for that. */
  kubectl<T = unknown>(cluster: Cluster, ...args: readonly string[]): Promise<Observation<T>> {
    return this.once(`kubectl ${cluster.name} ${args.join(' ')}`, () => {
      const text = this.tools.kubectl(cluster)(args);
      return (args.includes('--output=json') ? JSON.parse(text || '{}') : text) as T;
    });
  }
}

export const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';
