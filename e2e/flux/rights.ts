import { type Apiserver, Client, upToDate } from '../harness';

/** A request to ask an API server about: `get pods`, `create rolebindings.rbac.authorization.k8s.io -n team`. */
export type Question = string;

/** Returns the requests that the bearer of a token may make. Rejects if the token is refused. */
export async function rightsOf(
  apiserver: Apiserver,
  token: string,
  questions: readonly Question[],
): Promise<readonly Question[]> {
  await upToDate(apiserver);
  const client = new Client(apiserver, { token });
  try {
    const answers = await Promise.all(questions.map((question) => client.may(...partsOf(question))));
    return questions.filter((_, i) => answers[i]);
  } finally {
    client.close();
  }
}

function partsOf(question: Question): [verb: string, group: string, resource: string, namespace?: string] {
  const [, verb = '', resource = '', group = '', namespace] =
    /^(\w+) (\w+)(?:\.(\S+))?(?: -n (\S+))?$/.exec(question) ?? [];
  return [verb, group, resource, namespace];
}
