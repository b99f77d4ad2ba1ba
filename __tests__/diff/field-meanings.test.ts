import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

interface Change {
  readonly grant?: object;
  readonly groups?: object;
  readonly issuers?: object;
  readonly trust?: readonly string[];
  readonly kubernetes?: string;
  readonly scopes?: object;
}

const config = ({
  grant,
  groups,
  issuers,
  trust,
  kubernetes = '1.34',
  scopes = { ops: ['openid', 'groups'] },
}: Change) =>
  configOf(
    JSON.stringify({
      kanidm: { domain: 'idm.example.com', version: '1.11.1' },
      people: { jane: { displayName: 'Jane' }, ann: { displayName: 'Ann' } },
      groups: { ops: { members: ['jane'] }, idle: { members: ['jane'] }, lead: { members: [] }, ...groups },
      clients: Object.fromEntries(
        ['k8s', 'dash'].map((name) => [
          name,
          {
            displayName: name,
            landingUrl: 'http://localhost:8000',
            redirectUrls: ['http://localhost:8000'],
            scopes,
          },
        ]),
      ),
      clusters: {
        lab: {
          server: 'https://lab.example.com:6443',
          kubernetes,
          controlPlane: 'kubeadm',
          client: 'k8s',
          ...(trust ? { trust } : {}),
          ...(issuers ? { issuers } : {}),
          authentication: { method: 'structured', groups: { prefix: 'kanidm:' } },
          grants: [{ name: 'ops', clusterRole: 'view', groups: ['ops'], ...grant }],
        },
      },
    }),
  );

const text = (before: Change, after: Change) =>
  asText(reviewDiff({ before: rendered(config(before)), after: rendered(config(after)) }));

describe('another role of a grant', () => {
  const again = 'Flux deletes the binding and creates it again';
  test.each<[string, object, object]>([
    ['the whole cluster', {}, { clusterRole: 'edit' }],
    ['one namespace of several', { namespaces: ['web', 'db'] }, { namespaces: ['web'], clusterRole: 'edit' }],
  ])('binds again: %s', (_, before, after) => expect(text({ grant: before }, { grant: after })).toContain(again));

  test.each<[string, object, object]>([
    ['from the whole cluster to a namespace', {}, { namespaces: ['web'], clusterRole: 'edit' }],
    ['from a namespace to another', { namespaces: ['db'] }, { namespaces: ['web'], clusterRole: 'edit' }],
  ])('is another binding: %s', (_, before, after) =>
    expect(text({ grant: before }, { grant: after })).not.toContain(again),
  );
});

test('a grant that moves to namespaces says where it applied before', () => {
  expect(text({}, { grant: { namespaces: ['web', 'db'] } })).toContain(
    'lab: the grant ops applies to namespaces db and web instead of the whole cluster\n',
  );
});

describe('the last day', () => {
  const ends =
    'the access does not end by itself: after that day, `kaniflux check` fails, and `kaniflux expire` removes the entry';
  test('of a grant and of a membership ends nothing by itself', () => {
    const members = [{ name: 'jane', until: '2027-01-31' }];
    expect(text({}, { grant: { until: '2027-01-31' } })).toContain(`changed from not set to 2027-01-31: ${ends}`);
    expect(text({}, { groups: { ops: { members } } })).toContain(`changed from not set to 2027-01-31: ${ends}`);
  });
  test('that is taken back ends nothing at all', () => {
    expect(text({ grant: { until: '2027-01-31' } }, {})).not.toContain(ends);
  });
});

describe('a group without a grant', () => {
  const nothing = 'no grant on a cluster names the group, or a group that it is in';
  const gains = (name: string, members: readonly string[]) => ({ groups: { [name]: { members } } });
  test('gives its new members nothing, and its manager', () => {
    expect(text({}, gains('idle', ['jane', 'ann']))).toContain(
      `the members of group idle changed (added ann): ${nothing}`,
    );
    expect(text({}, { groups: { idle: { members: ['jane'], managedBy: 'ops' } } })).toContain(
      `the manager can add members, including themselves; ${nothing}`,
    );
  });
  test('is not one with a grant, or one in such a group', () => {
    expect(text({}, gains('ops', ['jane', 'ann']))).not.toContain(nothing);
    const named = { grant: { subjects: { groups: ['kanidm:idle@idm.example.com'] } } };
    expect(text(named, { ...named, ...gains('idle', ['jane', 'ann']) })).not.toContain(nothing);
    const nested = { ops: { members: ['jane', 'lead'] } };
    expect(text({ groups: nested }, { groups: { ...nested, lead: { members: ['ann'] } } })).not.toContain(nothing);
  });
});

test('a new issuer and a new client say who decides, and who gets tokens', () => {
  const ci = { url: 'https://ci.example.com', audiences: ['lab'], prefix: 'ci:' };
  expect(text({}, { issuers: { ci } })).toContain(
    'the issuer ci, whose tokens the API server accepts, is new: whoever runs the issuer decides who its users are',
  );
  expect(text({}, { trust: ['dash'] })).toContain(
    'the API server now accepts tokens of client dash too: jane may use dash and can sign in to the cluster with it, and whoever runs dash gets their tokens and can act as them',
  );
  expect(text({ trust: ['dash'] }, {})).toContain('lab: the API server no longer accepts tokens of client dash\n');
});

test('a group that only loses members is not said to be in no grant', () => {
  expect(text({ groups: { idle: { members: ['jane', 'ann'] } } }, {})).toContain(
    'the members of group idle changed (removed ann)\n',
  );
});

test('a user of another issuer gets a role because the grant names it', () => {
  const issuers = { ci: { url: 'https://ci.example.com', audiences: ['lab'] } };
  expect(text({ issuers }, { issuers, grant: { subjects: { users: ['ci:build'] } } })).toContain(
    'user ci:build may read bindings, configmaps, controllerrevisions.apps and 62 more on lab (view): the grant ops now names user ci:build\n',
  );
});

test('another version of Kubernetes is the reason for what its roles allow', () => {
  const edit = { grant: { clusterRole: 'edit' } };
  expect(text({ ...edit, kubernetes: '1.34' }, { ...edit, kubernetes: '1.35' })).toContain(
    'the role edit allows more in Kubernetes 1.35\n',
  );
  expect(text({ ...edit, kubernetes: '1.35' }, { ...edit, kubernetes: '1.34' })).toContain(
    'the role edit allows less in Kubernetes 1.34\n',
  );
});

test('who has no scope map any more may still use the client if everybody may', () => {
  const everybody = { scopes: { idm_all_persons: ['openid', 'groups'] } };
  expect(text({}, everybody)).toContain('members of ops can still use k8s by another group');
  expect(text({ scopes: { ops: ['openid', 'groups'], idle: ['openid'] } }, {})).toContain(
    'members of idle can no longer use k8s, unless',
  );
});
