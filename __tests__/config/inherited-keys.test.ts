import { check } from '../../lib/checks/review/run-review';
import { entry } from '../../lib/config/config';
import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { explainPerson, personLines } from '../../lib/explain/person';
import { judge } from '../../lib/explain/token';
import { render } from '../../lib/render';
import { configOf, homeLab, load } from '../config';

/**
 * Names that every object inherits from Object.prototype, so that a simple lookup in an object always finds a value.
 */
const inherited = ['constructor', 'toString', 'hasOwnProperty', '__proto__'];

/** Returns an object with one key, which may be `__proto__`. */
const under = (key: string, value: unknown): Record<string, unknown> => Object.fromEntries([[key, value]]);

const scopes = { k8s_users: ['openid', 'email', 'groups'] };
const grant = { name: 'extra', clusterRole: 'view', clusters: '*' };
const sshKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIu3Z1oVuFyVsSMPzHI6mqs8sJcgvbJ3iFW/O2mbOlIO x';
const ingress = (annotations: Record<string, unknown>) => ({
  kanidm: { helm: null, version: '1.11.1', manifests: { ingress: { className: 'haproxy', annotations } } },
});
const chart = (values: Record<string, unknown>) => ({
  kanidm: {
    version: '1.11.1',
    helm: { repository: 'https://charts.example.com', values: { ingress: null, ...values } },
  },
});
const claimOf = (claims: Record<string, unknown>, authentication = {}) => ({
  clients: { k8s: { scopes, claims } },
  clusters: { homelab: { authentication } },
});

/** Returns changes to the home lab with a key in several places: each change is rendered, checked and compared. */
const places: Record<string, (key: string) => Record<string, unknown>> = {
  'a claim, a grant and a user of a kubeconfig': (key) => ({
    clients: { k8s: { scopes, claims: under(key, { values: { k8s_users: ['v'] } }) } },
    clusters: { homelab: { kubeconfig: { user: key } } },
    grants: [{ ...grant, name: key, people: ['datosh'] }],
  }),
  'the claim of groups and an SSH key': (key) => ({
    ...claimOf(under(key, { values: { k8s_users: ['v'] } }), { groups: { claim: key } }),
    people: { datosh: { sshKeys: under(key, sshKey) } },
    grants: [{ ...grant, groups: ['k8s_users'] }],
  }),
  'a required claim and a role': (key) => ({
    ...claimOf(under(key, { join: 'csv', values: { k8s_users: ['v'] } }), { requiredClaims: under(key, 'v') }),
    roles: under(key, { rules: [{ resources: ['pods'], verbs: ['get'] }] }),
    grants: [{ ...grant, clusterRole: key, people: ['datosh'] }],
  }),
};

const before = rendered(configOf());

/** Renders, checks and prints everything from a config. */
function use(change: Record<string, unknown>): string {
  const { config, findings, sources } = load(homeLab(change));
  if (!config) throw new Error(findings.map(({ message }) => message).join('\n'));
  const after = rendered(config);
  const { findings: reported } = check({ config, sources, warnings: findings });
  return [
    ...[...render(config)].map(({ text }) => text),
    asText(reviewDiff({ before, after })),
    asText(reviewDiff({ before: after, after: before })),
    ...reported.map(({ message, fix }) => message + fix),
    ...personLines('datosh', explainPerson(config, 'datosh', ['homelab'])),
  ].join('\n');
}

describe.each(Object.entries(places))('%s', (_place, change) => {
  let expected: number;
  beforeAll(() => {
    expected = use(change('ordinary')).split('ordinary').length;
  });

  test.each(inherited)('can be named %s', (key) => {
    const text = use(change(key));
    expect(text).not.toMatch(/\[native code\]|\[object |function /);
    expect(expected).toBeGreaterThan(3);
    expect(text.split(key).length).toBe(expected);
  });
});

describe('a group', () => {
  const groups = { constructor: { members: ['datosh'] } };
  const granted = { groups, grants: [{ ...grant, groups: ['constructor'] }] };

  test('can have the name constructor', () => {
    const text = use({ ...granted, ...claimOf({}) });
    expect(text).not.toMatch(/\[native code\]|\[object /);
    expect(text).toContain('kanidm:constructor@sso.kammel.dev');
  });

  test('of that name has no claim value if the claim map has none', () => {
    const claims = { teams: { values: { k8s_users: ['v'] } } };
    const { findings } = load(homeLab({ ...granted, ...claimOf(claims, { groups: { claim: 'teams' } }) }));
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([{ code: 'group-not-in-claim' }]);
  });

  test('that is not in the config is unknown', () => {
    const { findings } = load(homeLab({ grants: [{ ...grant, groups: ['constructor'] }] }));
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([{ code: 'unknown-reference' }]);
  });
});

test.each(inherited)('a token without the claim %s has no such claim', (claim) => {
  const map = under(claim, { join: 'csv', values: { k8s_users: ['v'] } });
  const config = configOf(claimOf(map, { claim: 'sub', requiredClaims: under(claim, 'v') }));
  const token = { header: { alg: 'ES256' }, claims: { iss: 'https://sso.kammel.dev/oauth2/openid/k8s' }, signed: '' };
  const { refused } = judge(config, entry(config.clusters, 'homelab'), {
    token: { ...token, signature: Buffer.alloc(0) } as never,
    now: 0,
  });
  expect(refused).toContain(`the value of the claim ${claim} has to be v`);
});

describe('what cdk8s cannot render is refused', () => {
  const errors = (change: Record<string, unknown>) =>
    load(homeLab(change))
      .findings.filter(({ severity }) => severity === 'error')
      .map(({ code, path }) => [code, path?.join('.')]);

  test.each(['constructor', '__proto__'])('an annotation %s', (key) => {
    expect(errors(ingress(under(key, 'v')))).toEqual([['bad-name', `kanidm.manifests.ingress.annotations.${key}`]]);
    expect(errors(ingress(under('example.com/constructor', 'v')))).toEqual([]);
  });

  test.each(['constructor', '__proto__'])('a chart value %s', (key) => {
    expect(errors(chart({ a: [under(key, 'v')] }))).toEqual([['bad-name', `kanidm.helm.values.a.0.${key}`]]);
  });

  test.each(['toString', 'hasOwnProperty'])('and not %s', (key) => {
    expect(use(ingress(under(key, 'v')))).toMatch(new RegExp(`^ +${key}: v$`, 'm'));
    expect(use(chart(under(key, 'v')))).toMatch(new RegExp(`^ +${key}: v$`, 'm'));
  });
});

test('the chart of the home lab has no value of an inherited name', () => {
  const { findings } = load(homeLab({ kanidm: { helm: { values: { toString: 'v' } } } }));
  expect(findings.map(({ code }) => code)).toContain('chart-value');
});
