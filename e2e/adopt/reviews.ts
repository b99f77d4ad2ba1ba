import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Apiserver } from '../harness';

/** The user that an API server derives from a token, as `kubectl auth whoami` prints it. */
export interface Who {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

interface Answer {
  readonly status: number;
  readonly body: { readonly status?: { readonly allowed?: boolean; readonly userInfo?: Partial<Who> } };
}

/** Posts a review with a token. kubectl does the same, but takes fifty times as long. */
function review(apiserver: Apiserver, token: string, path: string, body: object, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const options = { method: 'POST', ca: apiserver.authority.cert, agent, headers };
    const asked = request(`${apiserver.url}/apis/${path}`, options, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: JSON.parse(Buffer.concat(parts).toString('utf8')) }),
      );
    });
    asked.once('error', reject).end(JSON.stringify(body));
  });
}

/** Asks an API server who the bearer of a token is, and what they may do. */
export class Reviews {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 4 });
  constructor(private readonly apiserver: Apiserver) {}

  /**
   * Returns the user of a token. A refused token is tried again, since an API server reads the keys of an issuer only
   * after it is ready.
   */
  async who(token: string): Promise<Who | 'refused'> {
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    for (const deadline = Date.now() + 15_000; ; await sleep(200)) {
      const path = 'authentication.k8s.io/v1/selfsubjectreviews';
      const { status, body: answer } = await review(this.apiserver, token, path, body, this.agent);
      const info = answer.status?.userInfo;
      if (status === 201 && info) {
        const { 'authentication.kubernetes.io/credential-id': _, ...extra } = info.extra ?? {};
        const { username = '', uid, groups = [] } = info;
        return { username, ...(uid === undefined ? {} : { uid }), groups, extra };
      }
      if (status !== 401) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
      if (Date.now() > deadline) return 'refused';
    }
  }

  /** Whether the bearer of a token may get the ConfigMaps of a namespace. */
  async mayGet(token: string, namespace: string): Promise<boolean> {
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { namespace, verb: 'get', resource: 'configmaps' } },
    };
    const path = 'authorization.k8s.io/v1/selfsubjectaccessreviews';
    const { body: answer } = await review(this.apiserver, token, path, body, this.agent);
    return answer.status?.allowed === true;
  }

  close(): void {
    this.agent.destroy();
  }
}
