import { request } from 'node:https';
import type { Apiserver } from '../harness';

/** A question to an API server: `get pods`, `create rolebindings.rbac.authorization.k8s.io -n team`. */
export type Question = string;

/** What the API server says of a question, asked by the bearer of a token. Rejects for a token that it refuses. */
export async function may(apiserver: Apiserver, token: string, question: Question): Promise<boolean> {
  const [, verb, resource, group = '', namespace] = /^(\w+) (\w+)(?:\.(\S+))?(?: -n (\S+))?$/.exec(question) ?? [];
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb, resource, group, namespace } },
  };
  const answer = await post(apiserver, token, '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review);
  return (answer as { status: { allowed: boolean } }).status.allowed;
}

/** The questions that get a yes, of those asked. */
export async function rightsOf(
  apiserver: Apiserver,
  token: string,
  questions: readonly Question[],
): Promise<readonly Question[]> {
  const answers = await Promise.all(questions.map((question) => may(apiserver, token, question)));
  return questions.filter((_, i) => answers[i]);
}

function post({ url, authority }: Apiserver, token: string, path: string, body: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const ask = request(`${url}${path}`, { method: 'POST', ca: authority.cert, agent: false, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.once('end', () => {
        if (answer.statusCode === 201) resolve(JSON.parse(text));
        else reject(new Error(`${path}: ${answer.statusCode} ${text}`));
      });
    });
    ask.once('error', reject).end(JSON.stringify(body));
  });
}
