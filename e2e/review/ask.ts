import { Agent, request } from 'node:https';
import { type AccessRequest, isPathRequest, type Requester } from '../../lib/access';
import type { Apiserver } from '../harness';

export type Ask = (who: Requester, what: AccessRequest) => Promise<boolean>;

/**
 * Asks a real API server what it would answer, by SubjectAccessReviews over a few open connections: kubectl makes one
 * at a time. Rejects where the server answers with an error.
 */
export async function asker(apiserver: Apiserver): Promise<Ask> {
  const { cert, key } = await apiserver.authority.issue({ commonName: 'asker', organizations: ['system:masters'] });
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const url = `${apiserver.url}/apis/authorization.k8s.io/v1/subjectaccessreviews`;
  return (who, what) =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      const call = request(url, { method: 'POST', ca: apiserver.authority.cert, cert, key, agent, headers });
      call.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => {
          if (response.statusCode === 201) resolve(JSON.parse(text).status.allowed === true);
          else reject(new Error(`${response.statusCode}: ${text}`));
        });
      });
      call.on('error', reject).end(JSON.stringify(review(who, what)));
    });
}

function review({ user = 'somebody-unnamed', groups }: Requester, what: AccessRequest): object {
  const attributes = isPathRequest(what) ? { nonResourceAttributes: what } : { resourceAttributes: what };
  // The group that authentication adds is not added to a review.
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user, groups: [...groups, 'system:authenticated'], ...attributes },
  };
}
