import { Agent, request } from 'node:https';
import type { Apiserver } from './apiserver';

/** How requests are made: with a token or a certificate, and possibly as somebody else. */
export interface Credentials {
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly as?: { readonly user: string; readonly groups?: readonly string[] };
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the API server's own objects
  readonly body: any;
}

/** Talks to an API server as one identity. */
export class Client {
  private readonly agent: Agent;

  constructor(
    readonly apiserver: Apiserver,
    private readonly credentials: Credentials,
  ) {
    const { cert, key } = credentials;
    this.agent = new Agent({ keepAlive: true, ca: apiserver.authority.cert, cert, key });
  }

  /** The same identity in the place of somebody else. */
  as(user: string, groups: readonly string[] = []): Client {
    return new Client(this.apiserver, { ...this.credentials, as: { user, groups } });
  }

  send(method: string, path: string, body?: object, type = 'application/json'): Promise<Answer> {
    const { token, as } = this.credentials;
    const headers: Record<string, string | string[]> = { 'content-type': type };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (as) headers['impersonate-user'] = as.user;
    if (as?.groups?.length) headers['impersonate-group'] = [...as.groups];
    return new Promise((resolve, reject) => {
      const ask = request(`${this.apiserver.url}${path}`, { method, headers, agent: this.agent }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.once('end', () => {
          try {
            resolve({ status: answer.statusCode ?? 0, body: text === '' ? {} : JSON.parse(text) });
          } catch {
            resolve({ status: answer.statusCode ?? 0, body: text });
          }
        });
      });
      ask.once('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** The body of an answer. Rejects with {@link Refused} for anything but success. */
  async must(method: string, path: string, body?: object, type?: string): Promise<Answer['body']> {
    const answer = await this.send(method, path, body, type);
    if (answer.status >= 300) throw new Refused(answer);
    return answer.body;
  }

  merge(path: string, body: object): Promise<Answer['body']> {
    return this.must('PATCH', path, body, 'application/merge-patch+json');
  }

  /** What the API server says of a right of this identity: `* *`, `delete secrets`, in a namespace. */
  async may(verb: string, group: string, full: string, namespace?: string): Promise<boolean> {
    const [resource, subresource] = full.split('/');
    const spec = { resourceAttributes: { verb, group, resource, subresource, namespace } };
    const { status } = await this.must('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec });
    return status.allowed === true;
  }

  close(): void {
    this.agent.destroy();
  }
}

/** A request that the API server did not allow. */
export class Refused extends Error {
  constructor(readonly answer: Answer) {
    super(`${answer.status}: ${answer.body?.message ?? JSON.stringify(answer.body)}`);
  }
}
