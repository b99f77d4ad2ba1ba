import { connect } from 'node:http2';
import { type AccessRequest, isPathRequest, type Requester } from '../../lib/access/objects';
import type { Apiserver } from '../harness';

export interface Asker {
  /** Returns the answers of the server, in the order of the questions. Rejects if it answers with an error. */
  ask(questions: readonly { readonly who: Requester; readonly request: AccessRequest }[]): Promise<boolean[]>;
  close(): void;
}

/**
 * Asks a real API server by SubjectAccessReviews over one connection. kubectl would take minutes for thousands of them.
 */
export async function asker(apiserver: Apiserver): Promise<Asker> {
  const { cert, key } = await apiserver.authority.issue({ commonName: 'asker', organizations: ['system:masters'] });
  const session = connect(apiserver.url, { ca: apiserver.authority.cert, cert, key });
  session.on('error', () => {}); // each question rejects on its own
  const one = (body: object) =>
    new Promise<boolean>((resolve, reject) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': '/apis/authorization.k8s.io/v1/subjectaccessreviews',
        'content-type': 'application/json',
      });
      let text = '';
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      stream.setTimeout(60_000, () => stream.destroy(new Error('no answer in 60 s')));
      stream.on('error', reject).on('end', () => {
        try {
          const { status } = JSON.parse(text) as { status?: { allowed?: boolean } };
          if (typeof status !== 'object') throw new Error(text);
          resolve(status.allowed === true);
        } catch (error) {
          reject(error);
        }
      });
      stream.end(JSON.stringify(body));
    });
  return {
    async ask(questions) {
      const answers: boolean[] = [];
      for (let at = 0; at < questions.length; at += 50) {
        const part = questions.slice(at, at + 50);
        answers.push(...(await Promise.all(part.map(({ who, request }) => one(review(who, request))))));
      }
      return answers;
    },
    close: () => session.close(),
  };
}

function review({ user = 'somebody-unnamed', groups }: Requester, what: AccessRequest): object {
  const attributes = isPathRequest(what) ? { nonResourceAttributes: what } : { resourceAttributes: what };
  // A review must contain the group that authentication adds.
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user, groups: [...groups, 'system:authenticated'], ...attributes },
  };
}
