import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

const ids = ['5c1a8e0e-3f5b-4d3c-9a57-0a3a3a9b7c01', '5c1a8e0e-3f5b-4d3c-9a57-0a3a3a9b7c02'];
const people = (jane: string | undefined, ann: string | undefined) =>
  rendered(
    configOf({
      people: {
        ...(jane === undefined ? {} : { jane: { displayName: 'Jane', id: jane } }),
        ...(ann === undefined ? {} : { ann: { displayName: 'Jane', id: ann } }),
      },
    }),
  );

const review = (...[before, after]: ReturnType<typeof people>[]) =>
  before && after ? asText(reviewDiff({ before, after })) : '';

const renamed = 'person jane is renamed to ann: the same account, with its credentials and its UUID';
const gone =
  'person ann is gone from the config: Kanidm keeps the account and its credentials until somebody deletes the entry';

test('an entry whose name another one took is gone', () => {
  const text = review(people(ids[0], ids[1]), people(undefined, ids[0]));
  expect(text).toContain(renamed);
  expect(text).toContain(gone);
});

test('a rename to a free name removes nobody', () => {
  const text = review(people(ids[0], undefined), people(undefined, ids[0]));
  expect(text).toContain(renamed);
  expect(text).not.toContain('is gone from the config');
});

test('an account whose UUID only Kanidm knows is another one if somebody else takes its name', () => {
  const side = (uuids: { readonly jane?: string; readonly ann?: string }) =>
    rendered(
      configOf({
        people: Object.fromEntries(
          (['jane', 'ann'] as const).map((name) => [
            name,
            { displayName: name, ...(uuids[name] ? { id: uuids[name] } : {}) },
          ]),
        ),
        groups: { devs: { members: ['ann'] }, k8s_users: { members: ['datosh', 'jane', 'ann'] } },
        clusters: { homelab: { grants: [{ name: 'look', clusterRole: 'view', groups: ['devs'] }] } },
      }),
    );
  const text = review(side({ jane: ids[0] }), side({ ann: ids[0] }));
  expect(text).toMatch(/- ann may no longer read .*: ann is another account from now on\n/);
  expect(text).not.toContain('sign in to this cluster');
  expect(review(side({ ann: ids[0] }), side({ ann: ids[0] }))).toBe('No differences.\n');
});

test('the former name of a group in a hand-written binding neither gains nor loses what the grant gives', () => {
  const id = '5c1a8e0e-3f5b-4d3c-9a57-0a3a3a9b7c03';
  const side = (name: string) => {
    const config = configOf({
      people: { jane: { displayName: 'Jane', id: ids[0] } },
      groups: { [name]: { id, members: ['jane'] }, k8s_users: { members: ['datosh', 'jane'] } },
      clusters: { homelab: { grants: [{ name: 'grant', clusterRole: 'edit', namespaces: ['web'], groups: [name] }] } },
    });
    const subjects = [{ kind: 'Group', name: `kanidm:devs@${config.kanidm.domain}` }];
    const roleRef = { kind: 'ClusterRole', name: 'view' };
    const hand = { kind: 'ClusterRoleBinding', metadata: { name: 'hand' }, roleRef, subjects };
    return rendered(config, () => [{ apiVersion: 'rbac.authorization.k8s.io/v1', ...hand }]);
  };
  const gone = review(side('devs'), side('crew'));
  expect(gone).toContain('- jane may no longer');
  expect(gone).not.toContain('group kanidm:devs@sso.kammel.dev may');
  const back = review(side('crew'), side('devs'));
  expect(back).toContain('+ jane may');
  expect(back).not.toContain('group kanidm:devs@sso.kammel.dev may');
});
