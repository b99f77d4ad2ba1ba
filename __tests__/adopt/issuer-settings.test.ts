import { isRs256ByDefault, takeClient, takeLiteral, takeOther } from '../../lib/adopt/issuer-settings';
import { Treatments } from '../../lib/adopt/treatments';
import type { Issuer, Setting, SettingName } from '../../lib/existing/api-server-issuers';
import { claim, issuer } from './worlds';

const setting = (name: SettingName, place: string, value = 'x', without?: string): Setting => ({
  name,
  place,
  value,
  ...(without === undefined ? {} : { without }),
});
const rules = [setting('own rule', 'rule[0]', 'rule a'), setting('own rule', 'rule[1]', 'rule b')];
const prefixes = [setting('username', 'u.prefix'), setting('groups', 'g.prefix')];
const complete = issuer(claim('sub', 'k:'), claim('groups', 'k:'));
const client = { landingUrl: 'http://localhost:8000' };

/** Returns the treatment of the issuer and of each setting, as `treatment: text`. */
function treated(one: Issuer, take: (treatments: Treatments, items: readonly string[]) => void): string[] {
  const items = ['issuer', ...one.settings.map(({ place }) => place)];
  const treatments = new Treatments(items.map((id) => ({ id, source: 's', what: id })));
  take(treatments, items);
  return treatments.all.map(({ id, treatment, text }) => `${id} ${treatment}${text === undefined ? '' : `: ${text}`}`);
}
const ofClient = (more: Partial<Issuer>, { isOwn = true, entry }: { isOwn?: boolean; entry?: object } = {}) => {
  const one = { ...complete, ...more };
  return treated(one, (treatments, items) =>
    takeClient(
      treatments,
      { issuer: one, items, origin: 'https://idm.example.org', client: 'k8s' },
      { isOwn, entry: entry ? { ...client, ...entry } : undefined },
    ),
  );
};
const ofOther = (more: Partial<Issuer>) => {
  const one = { ...complete, ...more };
  return treated(one, (treatments, items) => takeOther(treatments, { issuer: one, items }));
};

const addedRules = 'Kaniflux also renders rules that reject names beginning with `system:`';
const onlyExpression =
  'an API server rejects a file that has `claim` or `prefix` beside `expression`; the config has only the expression';
const noPrefix = 'a claim has no `prefix`, so an API server rejects the file; Kaniflux renders a prefix';

describe('an issuer of others', () => {
  test('is taken if it has a prefix for each claim and both rules', () => {
    expect(ofOther({ settings: [...rules, ...prefixes] })).toEqual([
      'issuer taken',
      'rule[0] different: Kaniflux renders this rule, and replaces its `message` by its own',
      'rule[1] different: Kaniflux renders this rule, and replaces its `message` by its own',
      'u.prefix taken',
      'g.prefix taken',
    ]);
  });

  test('differs without the rules or a prefix', () => {
    expect(ofOther({ settings: [...rules.slice(1), ...prefixes] })[0]).toBe(`issuer different: ${addedRules}`);
    expect(ofOther({ settings: [...rules, ...prefixes.slice(1)] })[0]).toBe(`issuer different: ${noPrefix}`);
    expect(ofOther({ settings: [] })).toEqual([`issuer different: ${addedRules}; ${noPrefix}`]);
  });

  test('needs no prefix for an expression, or for groups that it does not have', () => {
    const byExpression = { username: { expression: 'claims.sub' }, settings: [...rules, ...prefixes.slice(1)] };
    expect(ofOther(byExpression)[0]).toBe('issuer taken');
    const { groups: _, ...noGroups } = complete;
    const one = { ...noGroups, settings: [...rules, ...prefixes.slice(0, 1)] };
    expect(treated(one, (treatments, items) => takeOther(treatments, { issuer: one, items }))[0]).toBe('issuer taken');
  });

  test('needs a policy for several audiences, and none for one', () => {
    const policy = setting('audience', 'jwt[0].issuer.audienceMatchPolicy', 'MatchAny');
    const audience = setting('audience', 'jwt[0].issuer.audiences[0]', 'k8s');
    const settings = [...rules, ...prefixes];
    expect(ofOther({ audiences: ['a', 'b'], settings })[0]).toBe(
      'issuer different: several audiences need `audienceMatchPolicy: MatchAny`, without which an API server rejects the file; Kaniflux renders this policy',
    );
    expect(ofOther({ audiences: ['a', 'b'], settings: [...settings, policy] })).toEqual([
      'issuer taken',
      'rule[0] different: Kaniflux renders this rule, and replaces its `message` by its own',
      'rule[1] different: Kaniflux renders this rule, and replaces its `message` by its own',
      'u.prefix taken',
      'g.prefix taken',
      'jwt[0].issuer.audienceMatchPolicy taken',
    ]);
    expect(ofOther({ settings: [audience, policy] }).slice(1)).toEqual([
      'jwt[0].issuer.audiences[0] taken',
      'jwt[0].issuer.audienceMatchPolicy different: Kaniflux renders the policy only for several audiences, since a single audience needs no policy',
    ]);
  });

  test('loses a claim or prefix beside an expression', () => {
    const expression = setting('username', 'u.expression');
    const one = { username: { expression: 'claims.sub' }, settings: [...rules, expression, ...prefixes] };
    expect(ofOther(one).slice(3)).toEqual([
      'u.expression taken',
      `u.prefix different: ${onlyExpression}`,
      'g.prefix taken',
    ]);
  });

  test('that is rendered unchanged is taken with all settings', () => {
    const one = { ...complete, settings: [...rules.slice(1), setting('other', 'x')] };
    expect(treated(one, (treatments, items) => takeLiteral(treatments, { issuer: one, items }))).toEqual([
      'issuer taken',
      'rule[1] taken',
      'x taken',
    ]);
  });
});

describe('a client of Kanidm in a file', () => {
  const entry = {};

  test('is taken if it has everything, and its rules have a message of their own', () => {
    expect(ofClient({ entry, settings: [...rules, ...prefixes] })).toEqual([
      'issuer taken',
      'rule[0] different: Kaniflux renders the rule rule a, and replaces its `message` by its own',
      'rule[1] different: Kaniflux renders the rule rule b, and replaces its `message` by its own',
      'u.prefix taken',
      'g.prefix taken',
    ]);
  });

  test('loses a claim or prefix beside an expression', () => {
    const username = { claim: 'sub', prefix: '', expression: 'claims.sub' };
    const settings = [...rules, setting('username', 'u.expression'), ...prefixes];
    expect(ofClient({ entry, username, settings }).slice(3)).toEqual([
      'u.expression taken',
      `u.prefix different: ${onlyExpression}`,
      'g.prefix taken',
    ]);
  });

  test('differs without the rules, a prefix or an audience', () => {
    expect(ofClient({ entry, settings: [] })).toEqual([`issuer different: ${addedRules}; ${noPrefix}`]);
    for (const audiences of [[], ['']])
      expect(ofClient({ entry, audiences, settings: [...rules, ...prefixes] })[0]).toBe(
        'issuer different: the client id is missing, and an API server does not start without one',
      );
  });

  test('is not taken with a setting for which there is no field', () => {
    const settings = [
      setting('other', 'x', 'a: 1', 'nobody knows'),
      setting('connection', 'y', 'cluster', 'it connects directly'),
    ];
    expect(ofClient({ entry, settings }).slice(1)).toEqual([
      'x not taken: for a client of Kanidm, a config has no field for this setting (`a: 1`), so the rendered file lacks the setting, and nobody knows',
      'y not taken: for a client of Kanidm, a config has no field for this setting (`cluster`), so the rendered file lacks the setting, and it connects directly',
    ]);
  });
});

describe('the setting', () => {
  const of = (one: Setting, more: Partial<Issuer> = {}, how: Parameters<typeof ofClient>[1] = {}) =>
    ofClient({ settings: [one], ...more }, how)[1]?.slice(one.place.length + 1);

  test('issuer differs if the URL ends in a slash', () => {
    expect(of(setting('issuer', '--oidc-issuer-url'))).toBe('taken');
    expect(of(setting('issuer', '--oidc-issuer-url'), { url: `${complete.url}/` })).toBe(
      'different: the URL ends in a slash, but the issuer of Kanidm does not, so nobody can sign in today; Kaniflux renders it without the slash',
    );
  });

  test('audience differs if it is not the client, or is a policy', () => {
    expect(of(setting('audience', 'a[0]', 'k8s'))).toBe('taken');
    expect(of(setting('audience', 'a[0]', 'web'))).toBe(
      'different: the audience web is not the client id in the issuer URL, so no token of this issuer has this audience; Kaniflux renders k8s',
    );
    expect(of(setting('audience', 'a[0]', ''))).toBe(
      'different: an empty audience is not the client id in the issuer URL, so no token of this issuer has this audience; Kaniflux renders k8s',
    );
    expect(of(setting('audience', 'jwt[0].issuer.audienceMatchPolicy', 'MatchAny'))).toBe(
      'different: Kaniflux renders a single audience, which needs no policy',
    );
  });

  test('ca differs for all clients except the first', () => {
    expect(of(setting('ca', 'ca'))).toBe('taken');
    expect(of(setting('ca', 'ca'), {}, { isOwn: false })).toBe(
      "different: Kaniflux renders the same CA for all clients of Kanidm on a cluster: the CA of the cluster's own client",
    );
  });

  test('algorithms differs if it is not that of the client alone', () => {
    const algorithms = (value: string) => setting('algorithms', 'alg', value);
    expect(of(algorithms('ES256'), {}, { entry: {} })).toBe('taken');
    expect(of(algorithms('ES256'))).toBe('taken');
    expect(of(algorithms('RS256'), {}, { entry: { legacyCrypto: true } })).toBe('taken');
    expect(of(algorithms('RS256,ES256'), {}, { entry: {} })).toBe(
      'different: the setting allows RS256,ES256; Kaniflux renders ES256',
    );
    expect(of(algorithms('RS256'), {}, { entry: {} })).toBe(
      'different: the setting allows RS256, but the client uses ES256, so nobody can sign in today; Kaniflux renders ES256',
    );
    expect(of(algorithms('ES256'), {}, { entry: { legacyCrypto: true } })).toBe(
      'different: the setting allows ES256, but the client uses RS256, so nobody can sign in today; Kaniflux renders RS256',
    );
    expect(of(algorithms('RS256,ES256'))).toBe(
      'different: the setting allows RS256,ES256; adopt did not read the client, so it does not know the algorithm of the tokens: Kaniflux renders ES256, or RS256 if the client has `legacyCrypto` in the config',
    );
    expect(of(algorithms('PS256'))).toBe(
      'different: the setting allows PS256, but neither ES256 nor RS256, so nobody can sign in today; adopt did not read the client, so it does not know the algorithm of the tokens: Kaniflux renders ES256, or RS256 if the client has `legacyCrypto` in the config',
    );
    expect(of(algorithms('RS256'))).toBe(
      'different: the setting allows RS256, but not ES256, so people can sign in today only if the client has `legacyCrypto`; adopt did not read the client, so it does not know the algorithm of the tokens: Kaniflux renders ES256, or RS256 if the client has `legacyCrypto` in the config',
    );
  });

  test('an algorithm in a variable is not known', () => {
    const value = '$' + '{algs}';
    const unknown = `different: the value ${value} contains a variable, so adopt does not know which algorithms are allowed; Kaniflux renders`;
    expect(of(setting('algorithms', 'alg', value))).toBe(`${unknown} ES256`);
    expect(of(setting('algorithms', 'alg', value), {}, { entry: { legacyCrypto: true } })).toBe(`${unknown} RS256`);
  });

  test('required and mapping are taken', () => {
    expect(of(setting('required', 'r'))).toBe('taken');
    expect(of(setting('mapping', 'm'))).toBe('taken');
  });

  test('username differs if the claim identifies nobody', () => {
    const username = setting('username', 'u');
    for (const name of ['sub', 'email', 'preferred_username'])
      expect(of(username, { username: claim(name) })).toBe('taken');
    const rendered = '`claim: sub` is rendered, so that users are named by their UUID';
    expect(of(username, { username: claim('name') })).toBe(
      `different: \`name\` is the display name: two people can have the same one, and people can change theirs; ${rendered}`,
    );
    expect(of(username, { username: claim('azp') })).toBe(`different: \`azp\` does not identify a person; ${rendered}`);
    expect(of(username, { username: claim('team') })).toBe(
      `different: the value of the claim \`team\` depends on the groups of a person, so the claim does not identify a person; ${rendered}`,
    );
  });

  test('username is taken with an expression', () => {
    const username = setting('username', 'u.expression');
    expect(of(username, { username: { expression: 'claims.name' } })).toBe('taken');
    expect(of(username, { username: { claim: 'name', prefix: '', expression: 'claims.name' } })).toBe('taken');
  });

  test('groups is taken with every claim, and not without one', () => {
    const groups = (place: string) => setting('groups', place);
    expect(of(groups('g'), { groups: claim('team') })).toBe('taken');
    const without = { ...complete };
    delete (without as { groups?: unknown }).groups;
    const not = (place: string) => {
      const one = { ...without, settings: [groups(place)] };
      const take = { issuer: one, items: ['issuer', place], origin: 'https://idm.example.org', client: 'k8s' };
      return treated(one, (treatments) => takeClient(treatments, take, { isOwn: true, entry: undefined }))[1];
    };
    expect(not('--oidc-groups-prefix')).toBe(
      '--oidc-groups-prefix not taken: without --oidc-groups-claim this flag has no effect',
    );
    expect(not('g')).toBe(
      'g not taken: without `claim` or `expression`, the API server reads no groups, so this setting has no effect',
    );
  });
});

describe('flags without an algorithm', () => {
  const flags = { algorithms: ['RS256'] };
  const fails =
    'issuer different: without --oidc-signing-algs the API server accepts only RS256, which this client does not use, so nobody can sign in today; Kaniflux renders the algorithm of the client';

  test('fail for a client that was read and does not use RS256', () => {
    expect(ofClient(flags, { entry: {} })).toEqual([fails]);
    expect(ofClient(flags, { entry: { legacyCrypto: true } })).toEqual(['issuer taken']);
    expect(ofClient(flags)).toEqual(['issuer taken']);
  });

  test('are no flags with the algorithm, and no file', () => {
    expect(isRs256ByDefault({ ...complete, ...flags })).toBe(true);
    expect(isRs256ByDefault({ ...complete, ...flags, settings: [setting('ca', 'ca')] })).toBe(true);
    expect(isRs256ByDefault({ ...complete, ...flags, settings: [setting('algorithms', 'alg')] })).toBe(false);
    expect(isRs256ByDefault({ ...complete, ...flags, entry: {} })).toBe(false);
    expect(isRs256ByDefault({ ...complete, algorithms: ['ES256'] })).toBe(false);
    expect(isRs256ByDefault({ ...complete, algorithms: ['RS256', 'ES256'] })).toBe(false);
    expect(isRs256ByDefault(complete)).toBe(false);
  });
});
