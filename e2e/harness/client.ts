import { Agent, request } from 'node:https';
import type { Apiserver } from './apiserver';

/** The credentials of requests, a token or a certificate, and possibly the user to impersonate. */
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

/** Sends requests to an API server as one identity. */
export class Client {
  private readonly agent: Agent;

  constructor(
    readonly apiserver: Apiserver,
    private readonly credentials: Credentials,
  ) {
    const { cert, key } = credentials;
    this.agent = new Agent({ keepAlive: true, ca: apiserver.authority.cert, cert, key });
  }

  /** Returns a client that impersonates somebody with the same credentials. */
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

  /** Returns the body of an answer. Rejects with {@link Refused} unless the request succeeds. */
  async must(method: string, path: string, body?: object, type?: string): Promise<Answer['body']> {
    const answer = await this.send(method, path, body, type);
    if (answer.status >= 300) throw new Refused(answer);
    return answer.body;
  }

  merge(path: string, body: object): Promise<Answer['body']> {
    return this.must('PATCH', path, body, 'application/merge-patch+json');
  }

  /** Whether the API server says that this identity has a right, such as `* *` or `delete secrets`, in a namespace. */
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
