import { authenticators } from '../lib/identity/authenticator';
import { groupNamesFrom, userNameFrom } from '../lib/identity/subject';
import { type Apiserver, upToDate } from './harness';
import { claimsOf } from './login/claims';
import { Desk, explainLog } from './login/desk';
import { namespaceOf, type Prepared, plainFlags, prepare, together } from './login/prepared';
import { type Method, rowsOf } from './login/rows';
import { attemptsOn, tokenOf } from './login/tokens';
import type { TokenOptions } from './oidc/issuer';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open('login');
});
afterAll(() => desk?.close());

/**
 * The rows for flags that are also tried on the newer version of Kubernetes. There, the flags are the same, and only
 * the server differs.
 */
const again = ['required-claims', 'groups-scope'];

/** Another person, who is in no group. */
const somebody = {
  sub: '0d9d6a52-7f6b-5c1b-9d4a-3d0f1c6c8a10',
  email: 'jane@example.com',
  preferred_username: 'jane@sso.kammel.dev',
};

describe.each<[Method, '1.34' | '1.37', (readonly string[])?]>([
  ['flags', '1.34'],
  ['structured', '1.34'],
  ['flags', '1.37', again],
  ['structured', '1.37'],
])('with %s, Kubernetes %s', (method, version, names) => {
  const rows = rowsOf(method).filter(({ name }) => names?.includes(name) ?? true);
  let prepared: ReadonlyMap<string, Prepared>;

  /** Returns the API server of a row. Rows with an AuthenticationConfiguration share one. */
  const serverOf = ({ flags, files }: Prepared): Promise<Apiserver> =>
    desk.apiserver(
      version,
      flags,
      method === 'flags' ? files : { 'authentication-config.yaml': together([...prepared.values()]) },
    );

  beforeAll(async () => {
    prepared = new Map(rows.map((row) => [row.name, prepare(row, method, version, desk.ca)]));
    const [first] = prepared.values();
    const apiserver = await serverOf(first as Prepared);
    const items = [...prepared.values()].flatMap(({ objects }) => objects);
    await apiserver.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await upToDate(apiserver);
  });

  describe.each(rows.map((row) => [row.name, row] as const))('%s:', (name, row) => {
    let apiserver: Apiserver;
    let one: Prepared;

    beforeAll(async () => {
      one = prepared.get(name) as Prepared;
      apiserver = await serverOf(one);
    });

    /** Returns what the person's token for a client contains, and the user that it leads to. */
    const signIn = (client = one.cluster.client) => {
      const { config, cluster } = one;
      const own = authenticators(config, cluster).find(({ audience }) => audience === client);
      if (!own) throw new Error(`the cluster does not trust ${client}`);
      const claims = claimsOf(row, config, own);
      const issuer = desk.issuer(config.kanidm.origin);
      const options: TokenOptions = own.signingAlgorithm === 'RS256' ? issuer.legacy : {};
      const good = { user: row.user.replace('ISS', own.issuer), groups: row.groups };
      return { own, claims, issuer, options, good };
    };

    test.each(['its client', ...(row.trust ?? [])])('a token of %s makes the foretold user', async (client) => {
      const { own, claims, issuer, options, good } = signIn(client === 'its client' ? undefined : client);
      expect({ user: userNameFrom(own, claims as never), groups: groupNamesFrom(own, claims as never) }).toEqual(good);
      const token = issuer.token(claims, options);
      expect(await desk.admits(apiserver, token)).toEqual(good);
      expect(await desk.explains(one, token)).toEqual(good);

      const [mine, group] = [namespaceOf(one, 'own'), namespaceOf(one, 'group')];
      expect(await desk.may(apiserver, token, `get configmaps -n ${mine}`)).toBe(true);
      expect(await desk.may(apiserver, token, `get secrets -n ${mine}`)).toBe(false);
      expect(await desk.may(apiserver, token, `get configmaps -n ${group}`)).toBe('groups' in row.authentication);

      const stranger = issuer.token({ ...claims, ...somebody, [own.groups?.claim ?? '']: undefined }, options);
      expect(await desk.may(apiserver, stranger, `get configmaps -n ${mine}`)).toBe(false);
      expect(await desk.may(apiserver, stranger, `get configmaps -n ${group}`)).toBe(false);
    });

    const attempts = attemptsOn(name, method);
    if (attempts.length === 0) return;
    test.each(attempts.map((attempt) => [attempt.name, attempt] as const))('%s', async (_name, attempt) => {
      const { claims, issuer, options, good } = signIn();
      const token = tokenOf(attempt, issuer, claims, options);
      const expected = attempt.answer(good, method);
      const before = (await apiserver.process.output()).length;
      expect(await desk.says(apiserver, token)).toEqual(expected);
      expect(await desk.explains(one, token)).toEqual(expected);
      if (attempt.log) expect(await explainLog((await apiserver.process.output()).slice(before))).toMatch(attempt.log);
    });
  });
});

test('the arguments are the same, whatever starts kube-apiserver', () => {
  for (const row of rowsOf('flags')) {
    const one = prepare(row, 'flags', '1.34', desk.ca);
    expect(plainFlags(one, desk.ca)).toEqual(one.flags);
  }
});
