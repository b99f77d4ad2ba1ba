import { rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../__tests__/run';
import {
  type Apiserver,
  type ApiserverOptions,
  Authority,
  type Etcd,
  KubectlFailed,
  Lab,
  startApiserver,
  startEtcd,
} from '../harness';
import { Issuer } from '../oidc/issuer';
import { HttpsProxy } from '../oidc/proxy';
import { nodeFolder, type Prepared } from './prepared';

/** What an API server answers to a token: the user and the groups, or a refusal. */
export type Answer = { readonly user: string; readonly groups: readonly string[] } | 'refused';

type Version = NonNullable<ApiserverOptions['version']>;

/**
 * Real API servers, one at a time, and issuers that sign tokens. For the API servers, the origins of Kanidm lead to these
 * issuers on this machine.
 */
export class Desk {
  private serving?: { readonly key: string; readonly apiserver: Apiserver };
  private started = 0;

  private constructor(
    readonly lab: Lab,
    private readonly etcd: Readonly<Record<Version, Etcd>>,
    private readonly issuers: readonly Issuer[],
    private readonly proxy: HttpsProxy,
    /** The certificate authority of https://idm.localhost, which the nodes do not trust. */
    readonly ca: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async open(name: string): Promise<Desk> {
    const lab = await Lab.open(name);
    const [web, own] = [await Authority.create('the web'), await Authority.create('our own')];
    const issuers = [
      await Issuer.start(await web.issue({ commonName: 'web', hosts: ['sso.kammel.dev'] }), 'https://sso.kammel.dev'),
      await Issuer.start(await own.issue({ commonName: 'own', hosts: ['idm.localhost'] }), 'https://idm.localhost'),
    ];
    const proxy = await HttpsProxy.start(
      Object.fromEntries(issuers.map(({ origin, port }) => [new URL(origin).hostname, port])),
    );
    const env = { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: await lab.write('web.crt', web.cert) };
    const etcd = { '1.34': await startEtcd(lab), '1.37': await startEtcd(lab) };
    return new Desk(lab, etcd, issuers, proxy, own.cert, env);
  }

  issuer(origin: string): Issuer {
    const found = this.issuers.find((issuer) => issuer.origin === origin);
    if (!found) throw new Error(`nobody signs for ${origin}`);
    return found;
  }

  /**
   * Returns an API server with these arguments: the one that runs if it has the same arguments, otherwise a new one.
   * @param files the files in the folder of Kaniflux on the node, by name
   */
  async apiserver(
    version: Version,
    args: readonly string[],
    files: Readonly<Record<string, string>> = {},
  ): Promise<Apiserver> {
    const key = JSON.stringify([version, args, files]);
    if (this.serving?.key === key) return this.serving.apiserver;
    await this.serving?.apiserver.process.stop(0);
    this.serving = undefined;
    const extraArgs = await this.placed(args, files);
    const apiserver = await startApiserver(this.lab, { etcd: this.etcd[version], version, env: this.env, extraArgs });
    this.serving = { key, apiserver };
    return apiserver;
  }

  /**
   * Writes files into a folder of the lab, and returns the arguments with the paths in this folder instead of those on
   * a node.
   */
  private async placed(args: readonly string[], files: Readonly<Record<string, string>>): Promise<string[]> {
    const folder = `node-${++this.started}`;
    for (const [name, text] of Object.entries(files)) await this.lab.write(`${folder}/${name}`, text);
    return args.map((arg) => arg.replace(nodeFolder, `${this.lab.path(folder)}/`));
  }

  /**
   * Returns the user that the real API server derives from a token, as printed by `kubectl auth whoami`. The group of
   * every signed-in user is left out.
   */
  async says(apiserver: Apiserver, token: string): Promise<Answer> {
    try {
      const text = await this.kubectl(apiserver, token, ['auth', 'whoami', '-o=json']);
      const { username = '', groups } = JSON.parse(text).status.userInfo;
      expect(groups).toContain('system:authenticated');
      return { user: username, groups: groups.filter((group: string) => group !== 'system:authenticated') };
    } catch (error) {
      if (error instanceof KubectlFailed && /Unauthorized|must be logged in/.test(error.stderr)) return 'refused';
      throw error;
    }
  }

  /**
   * The same for a token that should be accepted. It is tried again, since an API server reads the issuer's keys only
   * after it is ready.
   */
  async admits(apiserver: Apiserver, token: string): Promise<Answer> {
    for (const deadline = Date.now() + 15_000; ; await sleep(200)) {
      const answer = await this.says(apiserver, token);
      if (answer !== 'refused' || Date.now() > deadline) return answer;
    }
  }

  /** Whether `kubectl auth can-i` answers yes for a request such as `get pods -n team`. */
  async may(apiserver: Apiserver, token: string, question: string): Promise<boolean> {
    try {
      return (await this.kubectl(apiserver, token, ['auth', 'can-i', ...question.split(' ')])).trim() === 'yes';
    } catch (error) {
      if (error instanceof KubectlFailed && error.code === 1 && error.stderr === '') return false;
      throw error;
    }
  }

  private async kubectl(apiserver: Apiserver, token: string, args: readonly string[]): Promise<string> {
    const kubeconfig = await apiserver.kubeconfigFor('bearer', { token });
    return apiserver.kubectl([`--kubeconfig=${kubeconfig}`, ...args]);
  }

  /** Returns the answer of `kaniflux explain --token -`, which gets the keys of the issuer. */
  async explains({ text, config, row, method }: Prepared, token: string): Promise<Answer> {
    const folder = `config-${method}-${row.name}`;
    await this.lab.write(`${folder}/ca.crt`, this.ca);
    await this.lab.write(`${folder}/kaniflux.yaml`, text);
    await this.lab.write(`${folder}/jwks.json`, JSON.stringify(this.issuer(config.kanidm.origin).jwks));
    const args = ['explain', '--token', '-', '--jwks', 'jwks.json', '--format', 'json'];
    const { code, stdout, stderr } = await run(args, { cwd: this.lab.path(folder), stdin: async () => token });
    if (code === 2) {
      expect(stderr).toMatch(/token/); // that it is none
      return 'refused';
    }
    const [{ refused, unchecked, user, groups }] = JSON.parse(stdout);
    expect({ unchecked, code }).toEqual({ unchecked: [], code: refused.length > 0 ? 1 : 0 });
    return refused.length > 0 ? 'refused' : { user, groups };
  }

  /** Replaces a file in the folder of Kaniflux by a rename, as tools on a node should do. */
  async replace(name: string, text: string): Promise<void> {
    const path = await this.lab.write(`node-${this.started}/${name}.new`, text);
    await rename(path, path.replace(/\.new$/, ''));
  }

  async close(): Promise<void> {
    await Promise.all([...this.issuers, this.proxy].map((part) => part.close()));
    await this.lab.close();
  }
}

/** Returns the output of `kaniflux explain --log -` for the lines of a log. */
export const explainLog = async (log: string): Promise<string> =>
  (await run(['explain', '--log', '-'], { stdin: async () => log })).stdout;
