import { itemsIn, Treatments } from '../../lib/adopt/treatments';
import { nothing } from '../../lib/existing/facts';
import { issuer } from './worlds';

const items = [
  { id: 'a', source: 'x', what: 'one' },
  { id: 'b', source: 'y', what: 'two' },
];
const decided = (decide: (treatments: Treatments) => void) => {
  const treatments = new Treatments(items);
  decide(treatments);
  return treatments.all[0];
};
const a = { id: 'a', source: 'x', what: 'one' };

describe('a decision', () => {
  test('is recorded with its text', () => {
    expect(decided((one) => one.taken('a'))).toEqual({ ...a, treatment: 'taken' });
    expect(decided((one) => one.different('a', 'why'))).toEqual({ ...a, treatment: 'different', text: 'why' });
    expect(decided((one) => one.not('a', 'why'))).toEqual({ ...a, treatment: 'not taken', text: 'why' });
    expect(decided((one) => one.leave('a', 'why'))).toEqual({
      ...a,
      treatment: 'not taken',
      text: 'why',
      isUnrelated: true,
    });
  });

  test('is replaced by a worse one, and not by a better one', () => {
    const worse = decided((one) => {
      one.taken('a');
      one.different('a', 'changed');
      one.not('a', 'gone');
    });
    expect(worse).toEqual({ ...a, treatment: 'not taken', text: 'gone' });
    const better = decided((one) => {
      one.not('a', 'gone');
      one.different('a', 'changed');
      one.taken('a');
    });
    expect(better).toEqual({ ...a, treatment: 'not taken', text: 'gone' });
    const middle = decided((one) => {
      one.different('a', 'changed');
      one.taken('a');
    });
    expect(middle).toEqual({ ...a, treatment: 'different', text: 'changed' });
  });

  test('of the same kind adds its text, once', () => {
    const both = decided((one) => {
      one.different('a', 'one');
      one.different('a', 'two');
    });
    expect(both).toEqual({ ...a, treatment: 'different', text: 'one; two' });
    const twice = decided((one) => {
      one.different('a', 'one');
      one.different('a', 'one');
    });
    expect(twice).toEqual({ ...a, treatment: 'different', text: 'one' });
    const taken = decided((one) => {
      one.taken('a');
      one.taken('a');
    });
    expect(taken).toEqual({ ...a, treatment: 'taken' });
  });

  test('is missing for an item that nobody looked at', () => {
    const treatments = new Treatments(items);
    treatments.taken('a');
    expect(treatments.all).toEqual([
      { ...a, treatment: 'taken' },
      {
        id: 'b',
        source: 'y',
        what: 'two',
        treatment: 'not taken',
        text: 'internal error: adopt made no decision about this item',
      },
    ]);
  });

  test('about something that was not read is an error', () => {
    expect(() => new Treatments(items).taken('c')).toThrow('internal error: c was not read');
  });
});

test('every fact is an item', () => {
  const setting = { name: 'issuer', place: 'jwt[0].issuer.url', value: 'x' } as const;
  const claim = { ...setting, place: 'jwt[0].claimMappings.username.claim' };
  const ref = { kind: 'ClusterRole', name: 'view' };
  const found = itemsIn({
    ...nothing,
    bindings: [
      {
        source: 'b.yaml',
        object: {
          kind: 'RoleBinding',
          metadata: { name: 'dev', namespace: 'web' },
          roleRef: ref,
          subjects: [{ kind: 'User', name: 'jane' }],
        },
      },
      {
        source: 'b.yaml',
        object: {
          kind: 'ClusterRoleBinding',
          metadata: { name: 'all' },
          roleRef: ref,
        },
      },
    ],
    apiServers: [
      { source: 'nothing', carrier: 'x', issuers: [] },
      {
        source: 'flags',
        carrier: 'K3s',
        controlPlane: 'k3s',
        controlPlaneVersion: '1.2',
        kubernetes: '1.34',
        server: 'https://192.0.2.1',
        anonymous: { enabled: true },
        args: new Map([
          ['v', ['2']],
          ['oidc-client-id', ['k8s']],
        ]),
        method: 'flags',
        issuers: [{ ...issuer(), settings: [setting] }],
      },
      { source: 'auth', carrier: 'x', method: 'structured', issuers: [{ ...issuer(), settings: [setting, claim] }] },
    ],
    servers: [
      { source: 'k', ca: 'pem' },
      { source: 'k', resource: { name: 'idm' } },
      { source: 'k', resource: { name: 'idm', namespace: 'prod' }, domain: 'idm.example.org', ca: 'pem' },
    ],
    entries: [
      { source: 'e', kind: 'group', name: 'ops', unread: ['mail', 'x'], fields: {} },
      { source: 'e', kind: 'other', name: 'radius', unread: [], why: 'x' },
    ],
    logins: [{ source: 'l', user: 'me', client: 'k8s' }, { source: 'l' }],
    releases: [{ source: 'r', name: 'kanidm', helm: { chart: 'kanidm' } }],
    passedOver: [{ source: 'p', what: 'Pod web', why: 'not understood' }],
  });
  expect(found.map(({ id, source, what }) => `${id} | ${source} | ${what}`)).toEqual([
    'binding 0 | b.yaml | RoleBinding web/dev',
    'binding 0 subject 0 | b.yaml | User jane in RoleBinding web/dev',
    'binding 1 | b.yaml | ClusterRoleBinding all',
    'server 1 controlPlane | flags | K3s: k3s',
    'server 1 controlPlaneVersion | flags | version of K3s: 1.2',
    'server 1 kubernetes | flags | Kubernetes 1.34',
    'server 1 server | flags | address https://192.0.2.1',
    'server 1 anonymous | flags | anonymous',
    'server 1 --v | flags | --v',
    'server 1 --oidc-client-id | flags | --oidc-client-id',
    'server 1 issuer 0 | flags | issuer https://idm.example.org/oauth2/openid/k8s',
    'server 2 issuer 0 | auth | issuer https://idm.example.org/oauth2/openid/k8s',
    'server 2 issuer 0 setting 0 | auth | jwt[0].issuer.url',
    'server 2 issuer 0 setting 1 | auth | jwt[0].claimMappings.username.claim',
    'kanidm 0 ca | k | CA of Kanidm',
    'kanidm 1 | k | Kanidm idm (no domain)',
    'kanidm 2 ca | k | CA of Kanidm',
    'kanidm 2 | k | Kanidm prod/idm (idm.example.org)',
    'entry 0 | e | group ops',
    'entry 0 mail | e | ops: mail',
    'entry 0 x | e | ops: x',
    'entry 1 | e | entry radius',
    'login 0 | l | user me (client k8s)',
    'login 1 | l | user  (client unnamed)',
    'release 0 | r | HelmRelease of the chart kanidm',
    'passed over 0 | p | Pod web',
  ]);
});
