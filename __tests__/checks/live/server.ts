import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { LiveSystem, type Tools } from '../../../lib/checks/live/live-system';
import { liveChecks } from '../../../lib/checks/live/live-table';
import { type DoctorResults, type LocatedResult, runLiveChecks } from '../../../lib/checks/live/run-live';
import { homeLab, load } from '../../config';

const fixture = (name: string): unknown => JSON.parse(readFileSync(join(__dirname, '../../fixtures', name), 'utf8'));

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The answers of a real Kanidm 1.11.1, with changes for a test, served over HTTPS on this machine. */
export class RecordedKanidm {
  /** Answers that replace the recorded ones, by path. `discovery` is merged into the discovery document. */
  answers: Record<string, Answer> = {};
  discovery: Record<string, unknown> = {};
  /** Headers that are added to every answer. */
  headers: Record<string, string> = {};
  /** Whether it closes each connection instead of answering. */
  hangsUp = false;
  /** The folder of recorded lists of entries, below `fixtures/`. */
  entries = 'adopt';
  /** The groups of the account to which the token belongs. */
  memberOf = ['idm_all_accounts@localhost', 'idm_admins@localhost'];
  readonly token = 'token-of-a-service-account';
  readonly asked: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly origin: string,
    readonly ca: string,
  ) {}

  static async start(hosts = ['localhost', '127.0.0.1'], issuer = 'a private CA'): Promise<RecordedKanidm> {
    // Loaded only here, because most tests of the checks need neither a server nor the library for certificates.
    const { Authority } = await import('../../../e2e/harness/certs');
    const authority = await Authority.create(issuer);
    const server = createServer(await authority.issue({ commonName: 'kanidm', hosts }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
    const kanidm = new RecordedKanidm(server, origin, authority.cert);
    server.on('request', ({ url = '', headers, socket }, answer) => {
      if (kanidm.hangsUp) return void socket.destroy();
      kanidm.asked.push(`${url} ${headers.authorization ?? ''}`.trim());
      const { status = 200, headers: more, body } = kanidm.answer(url, headers.authorization);
      answer.writeHead(status, {
        'content-type': 'application/json',
        'x-kanidm-version': '1.11.1',
        ...kanidm.headers,
        ...more,
      });
      answer.end(typeof body === 'string' ? body : JSON.stringify(body ?? null));
    });
    return kanidm;
  }

  private answer(path: string, authorization: string | undefined): Answer {
    const list = /^\/v1\/(person|group|oauth2|service_account|self)$/.exec(path)?.[1];
    if (this.answers[path]) return this.answers[path];
    if (list && authorization !== `Bearer ${this.token}`) return { status: 401, body: 'notauthenticated' };
    if (list === 'self') return { body: { youare: { attrs: { memberof: this.memberOf } } } };
    if (list) return { body: fixture(`${this.entries}/${list}.json`) };
    if (path === '/oauth2/openid/k8s/public_key.jwk') return { body: fixture('kanidm/jwks.json') };
    if (path !== '/oauth2/openid/k8s/.well-known/openid-configuration') return { status: 404 };
    const recorded = JSON.stringify(fixture('kanidm/openid-configuration.json'));
    return { body: { ...JSON.parse(recorded.replaceAll('https://localhost:8461', this.origin)), ...this.discovery } };
  }

  /** Loads a config for this server that does not deploy Kanidm. */
  load(change: Record<string, unknown> = {}, files: Record<string, string> = {}) {
    const base = { domain: 'localhost', origin: this.origin, cluster: null, helm: null, version: '1.11.1' };
    const { kanidm, clusters, ...rest } = change as { kanidm?: object; clusters?: { homelab?: object } };
    const ca = { authentication: { ca: { file: 'kanidm-ca.crt' } } };
    const input = homeLab({ clients: { k8s: { image: null } }, ...rest, kanidm: { ...base, ...kanidm } });
    const homelab = { ...(input.clusters as { homelab: object }).homelab, ...ca, ...clusters?.homelab };
    const loaded = load({ ...input, clusters: { ...clusters, homelab } } as never, {
      'kanidm-ca.crt': this.ca,
      ...files,
    });
    if (!loaded.config) throw new Error(JSON.stringify(loaded.findings));
    return { config: loaded.config, sources: loaded.sources };
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => void this.server.close(() => resolve()));
  }
}

const noCluster = () => {
  throw new Error('kubectl is not installed, or not on PATH');
};

/** Returns the results of doctor for a config, from the checks with these codes. */
export async function diagnose(
  { config, sources }: ReturnType<RecordedKanidm['load']>,
  codes: readonly string[],
  tools: Partial<Tools> = {},
): Promise<DoctorResults> {
  const clusters = [...config.clusters.values()];
  const all: Tools = {
    timeout: 60_000,
    now: Date.now,
    kubectl: noCluster,
    read: () => '',
    apiServerLog: () => {
      throw new Error('this machine has no log of kube-apiserver');
    },
    installed: () => true,
    ...tools,
  };
  const chosen = liveChecks.filter(({ code }) => codes.includes(code));
  return runLiveChecks({ system: new LiveSystem(config, clusters, all), sources }, chosen);
}

/** Returns each result as a line: `ok`, `skipped` or the severity, then the code, and the text or the message. */
export const shown = ({ results }: DoctorResults): string[] =>
  results.map((line: LocatedResult) =>
    line.state === 'failed'
      ? `${line.finding.severity} ${line.code} ${line.finding.message}`
      : `${line.state === 'passed' ? 'ok' : 'skipped'} ${line.code} ${line.text}`,
  );
