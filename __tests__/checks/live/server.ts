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

/** What a real Kanidm 1.11.1 answered, served over HTTPS on this machine, and what a test makes of it. */
export class RecordedKanidm {
  /** Answers in place of the recorded ones, by path. `discovery` is merged into the discovery document. */
  answers: Record<string, Answer> = {};
  discovery: Record<string, unknown> = {};
  /** Headers over those of every answer. */
  headers: Record<string, string> = {};
  /** Folder of recorded lists of entries, below `fixtures/`. */
  entries = 'adopt';
  /** The groups of the account that the token is of. */
  memberOf = ['idm_all_accounts@localhost', 'idm_admins@localhost'];
  readonly token = 'token-of-a-service-account';
  readonly asked: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly origin: string,
    readonly ca: string,
  ) {}

  static async start(hosts = ['localhost', '127.0.0.1']): Promise<RecordedKanidm> {
    // Most tests of the checks need no server, and no library that makes certificates.
    const { Authority } = await import('../../../e2e/harness/certs');
    const authority = await Authority.create('a private CA');
    const server = createServer(await authority.issue({ commonName: 'kanidm', hosts }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
    const kanidm = new RecordedKanidm(server, origin, authority.cert);
    server.on('request', ({ url = '', headers }, answer) => {
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

  /** A config that is at home here, without anything that Kanidm is deployed by. */
  load(change: Record<string, unknown> = {}, files: Record<string, string> = {}) {
    const base = { domain: 'localhost', origin: this.origin, cluster: null, helm: null, version: '1.11.1' };
    const { kanidm, clusters, ...rest } = change as { kanidm?: object; clusters?: { homelab?: object } };
    const ca = { authentication: { ca: { file: 'kanidm-ca.crt' } } };
    const input = homeLab({ clients: { k8s: { image: null } }, ...rest, kanidm: { ...base, ...kanidm } });
    const homelab = { ...(input.clusters as { homelab: object }).homelab, ...ca, ...clusters?.homelab };
    const loaded = load({ ...input, clusters: { homelab } } as never, { 'kanidm-ca.crt': this.ca, ...files });
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

/** What the doctor says of a config, with the checks of these codes. */
export async function diagnose(
  { config, sources }: ReturnType<RecordedKanidm['load']>,
  codes: readonly string[],
  tools: Partial<Tools> = {},
): Promise<DoctorResults> {
  const clusters = [...config.clusters.values()];
  const all: Tools = {
    timeout: 2000,
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

/** A line as a test names it: `ok`, `skipped` or the severity, the code, and the text or the message. */
export const shown = ({ results }: DoctorResults): string[] =>
  results.map((line: LocatedResult) =>
    line.state === 'failed'
      ? `${line.finding.severity} ${line.code} ${line.finding.message}`
      : `${line.state === 'passed' ? 'ok' : 'skipped'} ${line.code} ${line.text}`,
  );
