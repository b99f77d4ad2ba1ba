import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

const config = (change: {
  readonly kanidm?: object;
  readonly jane?: object;
  readonly authentication?: object;
  readonly grant?: object;
}) =>
  configOf(
    JSON.stringify({
      kanidm: { domain: 'idm.example.com', version: '1.11.1', ...change.kanidm },
      people: { jane: { displayName: 'Jane', mail: 'jane@example.com', ...change.jane } },
      groups: { ops: { members: ['jane'] } },
      clients: {
        k8s: {
          displayName: 'Kubernetes',
          landingUrl: 'http://localhost:8000',
          redirectUrls: ['http://localhost:8000'],
          scopes: { ops: ['openid', 'email', 'groups'] },
        },
      },
      clusters: {
        lab: {
          server: 'https://lab.example.com:6443',
          kubernetes: '1.34',
          controlPlane: 'kubeadm',
          client: 'k8s',
          authentication: { method: 'structured', groups: { prefix: 'kanidm:' }, ...change.authentication },
          grants: [{ name: 'ops', clusterRole: 'view', groups: ['ops'], ...change.grant }],
        },
      },
    }),
  );

type Change = Parameters<typeof config>[0];

const gaps = (before: Change, after: Change) =>
  asText(reviewDiff({ before: rendered(config(before)), after: rendered(config(after)) }))
    .split('\n')
    .filter((line) => line.includes('differently as soon as Flux applies'));

const migrations = { provision: 'migrations', cluster: 'lab', manifests: { tlsSecretName: 'kanidm-tls' } };
const byMail = { claim: 'email' };
const people = { groups: [], people: ['jane'] };

test.each<[string, Change, Change, string]>([
  ['the domain', {}, { kanidm: { domain: 'idm.example.net' } }, 'group ops'],
  [
    'the domain, with migrations',
    { kanidm: migrations },
    { kanidm: { ...migrations, domain: 'idm.example.net' } },
    'group ops',
  ],
  ['a prefix', {}, { authentication: { groups: { prefix: 'sso:' } } }, 'group ops'],
  [
    'a prefix, with migrations',
    { kanidm: migrations },
    { kanidm: migrations, authentication: { groups: { prefix: 'sso:' } } },
    'group ops',
  ],
  [
    'a mail',
    { authentication: byMail, grant: people },
    { authentication: byMail, grant: people, jane: { mail: 'j@example.com' } },
    'jane',
  ],
])('a change of %s leaves bindings without effect until somebody does the steps', (_, before, after, who) => {
  expect(gaps(before, after)).toEqual([
    `  🟠 ~ lab: bindings name ${who} differently as soon as Flux applies this change, but people sign in with the old names until somebody has done the manual steps: until then, these bindings give them nothing`,
  ]);
});

test.each<[string, Change, Change]>([
  [
    'a mail that migrations change',
    { kanidm: migrations, authentication: byMail, grant: people },
    { kanidm: migrations, authentication: byMail, grant: people, jane: { mail: 'j@example.com' } },
  ],
  ['a mail that names nobody', {}, { jane: { mail: 'j@example.com' } }],
  ['another role', {}, { grant: { clusterRole: 'edit' } }],
  ['a person who gets a binding', {}, { grant: { people: ['jane'] } }],
])('%s leaves none', (_, before, after) => {
  expect(gaps(before, after)).toEqual([]);
});
