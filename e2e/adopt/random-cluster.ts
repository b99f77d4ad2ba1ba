import { stringify } from 'yaml';
import { fileCarriers, flagCarriers } from './random-carrier';

/** Returns a function that gives random numbers below a limit, the same for the same seed (mulberry32). */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** The claims of a person's token, and who signs it. */
export interface RandomToken {
  readonly origin: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface RandomCluster {
  readonly method: 'flags' | 'structured';
  /** The flags of the API server, or the entries of its AuthenticationConfiguration. */
  readonly flags: readonly string[];
  readonly jwt: readonly object[];
  /** The files for adopt, in a random carrier. */
  readonly files: Readonly<Record<string, string>>;
  readonly bindings: readonly { readonly namespace: string; readonly object: object }[];
  readonly tokens: readonly RandomToken[];
}

/** The origin of Kanidm, and another origin with its own CA. */
export const origins = { kanidm: 'https://sso.kammel.dev', others: 'https://idm.localhost' } as const;
const domain = 'sso.kammel.dev';
const apiGroup = 'rbac.authorization.k8s.io';

interface Dice {
  readonly seed: number;
  readonly pick: <T>(...values: readonly T[]) => T;
}

/** How the tokens of a client of Kanidm name people and groups, with the function that computes the names. */
interface Naming {
  readonly claim: string;
  readonly prefix: string;
  /** Whether the prefix is set. If not, the default applies. */
  readonly isPrefixGiven: boolean;
  readonly groupsPrefix: string | undefined;
  readonly mappings: object;
  readonly rules: object;
  readonly userName: (claims: Readonly<Record<string, unknown>>) => string;
}

function naming({ seed, pick }: Dice, method: RandomCluster['method'], issuer: string): Naming {
  const claim = pick('sub', 'email', 'preferred_username');
  const given = pick<string | undefined>('k:', `oidc-${seed}:`, method === 'flags' ? undefined : `${issuer}#`);
  const prefix = given ?? (claim === 'email' ? '' : `${issuer}#`);
  const groupsPrefix = pick<string | undefined>('g:', `oidc-${seed}:`, 'g:', undefined);
  const byExpression = method === 'structured' && pick(true, false);
  const isShortened = byExpression && claim === 'preferred_username' && pick(true, false);
  const value = isShortened ? `claims.${claim}.split("@")[0]` : `claims.${claim}`;
  // If an expression reads the claim `email`, the configuration must also read the claim `email_verified`.
  const isVerified = (byExpression && claim === 'email') || pick(true, false, false);
  const groups =
    groupsPrefix === undefined
      ? undefined
      : pick<object>(
          { claim: 'groups', prefix: groupsPrefix },
          { expression: `dyn(claims.groups).map(g, "${groupsPrefix}" + g)` },
          { expression: `dyn(claims.groups).filter(g, g.contains("@")).map(g, "${groupsPrefix}" + g)` },
        );
  return {
    claim,
    prefix,
    isPrefixGiven: given !== undefined,
    groupsPrefix,
    mappings: {
      username: byExpression ? { expression: `"${prefix}" + ${value}` } : { claim, prefix },
      ...(groups ? { groups } : {}),
      ...pick<object>({}, {}, { uid: { claim: 'sub' } }, { uid: { expression: '"id-" + claims.sub' } }),
      ...pick<object>({}, {}, { extra: [{ key: 'example.org/name', valueExpression: 'claims.preferred_username' }] }),
    },
    rules: {
      ...(isVerified
        ? { claimValidationRules: [{ expression: 'claims.email_verified == true', message: 'verified' }] }
        : {}),
      ...pick<object>({}, {}, { userValidationRules: [{ expression: 'user.username.size() > 3' }] }),
    },
    userName: (claims) => {
      const text = String(claims[claim]);
      return prefix + (isShortened ? (text.split('@')[0] ?? '') : text);
    },
  };
}

/** Returns an issuer other than Kanidm, with a token and the names in the token. */
function other({ seed, pick }: Dice, ca: string, n: number) {
  const client = `ci-${seed}-${n}`;
  const url = `${origins.others}/oauth2/openid/${client}`;
  const prefix = `ci-${seed}-${n}:`;
  const claims = { iss: url, aud: client, sub: `repo:org/web-${n}`, groups: ['team'], owner: 'example-org' };
  const hasGroups = pick(true, false);
  const entry = {
    issuer: {
      url,
      audiences: pick<readonly string[]>([client], [client, 'more']),
      ...{ audienceMatchPolicy: 'MatchAny', certificateAuthority: ca },
    },
    claimMappings: {
      username: pick<object>({ claim: 'sub', prefix }, { expression: `"${prefix}" + claims.sub` }),
      ...(hasGroups ? { groups: pick<object>({ claim: 'groups', prefix }, { expression: `["${prefix}team"]` }) } : {}),
      ...pick<object>({}, { uid: { claim: 'sub' } }),
    },
    ...pick<object>({}, { claimValidationRules: [{ claim: 'owner', requiredValue: 'example-org' }] }),
  };
  return {
    entry,
    token: { origin: origins.others, claims },
    user: `${prefix}${claims.sub}`,
    group: `${prefix}team`,
  };
}

/**
 * Returns a cluster, as if set up by hand, whose people sign in with Kanidm.
 * @param ca the CA of the other issuers
 */
export function randomCluster(seed: number, method: RandomCluster['method'], ca: string): RandomCluster {
  const below = random(seed);
  const pick = <T>(...values: readonly T[]): T => values[below(values.length)] as T;
  const dice = { seed, pick };
  const client = method === 'flags' ? 'k8s' : `k8s-${seed}`;
  const isShort = pick(true, false);
  const second = method === 'structured' && pick(true, false, false) ? `web-${seed}` : undefined;
  const clients = [client, ...(second === undefined ? [] : [second])].map((name) => {
    const issuer = `${origins.kanidm}/oauth2/openid/${name}`;
    return { name, issuer, naming: naming(dice, method, issuer) };
  });
  const [own] = clients;
  if (!own) throw new Error('unreachable');
  const equal = clients.map((one, i) =>
    i > 0 && pick(true, false) && !own.naming.prefix.includes('#') ? { ...one, naming: own.naming } : one,
  );
  const others = method === 'structured' ? Array.from({ length: below(3) }, (_, n) => other(dice, ca, n)) : [];
  const people = ['jane', 'sam'].map((name, i) => ({
    name,
    id: `a39bd23b-9919-4ae2-b299-${String(seed).padStart(6, '0')}${String(i).padStart(6, '0')}`,
    mail: `${name}@${pick('a.example', 'b.example')}`,
    groups: pick<readonly string[]>(['ops'], ['dev'], ['ops', 'dev']),
  }));
  const groupIds = new Map(
    ['ops', 'dev'].map((name, i) => [
      name,
      `b39bd23b-9919-4ae2-b299-${String(seed).padStart(6, '0')}${String(i).padStart(6, '0')}`,
    ]),
  );
  const preferred = (name: string) => (isShort ? name : `${name}@${domain}`);
  const tokensOf = ({ issuer, name: aud }: { issuer: string; name: string }) =>
    people.map(({ name, id, mail, groups }) => ({
      origin: origins.kanidm,
      claims: {
        iss: issuer,
        aud,
        sub: id,
        preferred_username: preferred(name),
        email: mail,
        email_verified: true,
        groups: groups.flatMap((group) => [groupIds.get(group), `${group}@${domain}`]),
      },
    }));
  const subjects = [
    ...equal.flatMap((one) => {
      const { groupsPrefix: groups, prefix, userName } = one.naming;
      const [jane, sam] = tokensOf(one).map(({ claims }) => userName(claims));
      return [
        [`User ${jane}`],
        [`User ${sam}`],
        ...(groups === undefined
          ? [[`Group g:ops@${domain}`]]
          : [
              [`Group ${groups}ops@${domain}`],
              [`Group ${groups}dev@${domain}`, `User ${jane}`],
              [`Group ${groups}ops`],
              [`Group ${groups}${groupIds.get('dev')}`],
            ]),
        [`User ${prefix}${isShort ? `jane@${domain}` : 'jane'}`],
      ];
    }),
    ...others.flatMap(({ user, group }) => [
      [`User ${user}`],
      [`Group ${group}`, `Group ${own.naming.groupsPrefix ?? 'g:'}ops@${domain}`],
    ]),
    ['User kubernetes-admin'],
    ['User kubernetes-admin', `User ${own.naming.userName(tokensOf(own)[1]?.claims ?? {})}`],
  ];
  const bindings = subjects.map((names, i) => {
    const namespace = `n-${method}-${seed}-${i}`;
    return {
      namespace,
      object: {
        apiVersion: `${apiGroup}/v1`,
        kind: 'RoleBinding',
        metadata: { name: `b-${i}`, namespace },
        roleRef: { apiGroup, kind: 'ClusterRole', name: 'configmap-reader' },
        subjects: names.map((one) => ({
          apiGroup,
          kind: one.slice(0, one.indexOf(' ')),
          name: one.slice(one.indexOf(' ') + 1),
        })),
      },
    };
  });
  const { claim, prefix, isPrefixGiven, groupsPrefix } = own.naming;
  const args = Object.entries({
    'oidc-issuer-url': own.issuer,
    'oidc-client-id': client,
    'oidc-signing-algs': 'ES256',
    ...(claim === 'sub' ? {} : { 'oidc-username-claim': claim }),
    ...(isPrefixGiven ? { 'oidc-username-prefix': prefix } : {}),
    ...(groupsPrefix === undefined ? {} : { 'oidc-groups-claim': 'groups', 'oidc-groups-prefix': groupsPrefix }),
  });
  const jwt = [
    ...equal.map(({ name, issuer, naming: { mappings, rules } }) => ({
      issuer: { url: issuer, audiences: [name] },
      claimMappings: mappings,
      ...rules,
    })),
    ...others.map(({ entry }) => entry),
  ];
  const configuration = { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthenticationConfiguration', jwt };
  const entries = [
    ...people.map(({ name, id, mail }) => ({
      class: ['person', 'account'],
      name: [name],
      uuid: [id],
      spn: [`${name}@${domain}`],
      displayname: [name],
      mail: [mail],
    })),
    ...[...groupIds].map(([name, id]) => ({
      class: ['group'],
      name: [name],
      uuid: [id],
      spn: [`${name}@${domain}`],
      member: people.filter(({ groups }) => groups.includes(name)).map((person) => `${person.name}@${domain}`),
    })),
    ...equal.map(({ name }, i) => ({
      class: ['account', 'oauth2_resource_server', 'oauth2_resource_server_public'],
      name: [name],
      uuid: [`c39bd23b-9919-4ae2-b299-fc6223227c5${i}`],
      oauth2_rs_origin_landing: ['http://localhost:8000/'],
      oauth2_rs_origin: ['http://localhost:8000/'],
      oauth2_rs_scope_map: ['ops', 'dev'].map(
        (group) => `${group}@${domain}: {"email", "groups", "openid", "profile"}`,
      ),
      oauth2_prefer_short_username: [String(isShort)],
    })),
  ];
  const knowsKanidm = pick(true, false);
  return {
    method,
    flags: args.map(([name, value]) => `--${name}=${value}`),
    jwt,
    files: {
      ...(method === 'flags' ? pick(...flagCarriers)(args) : pick(...fileCarriers)(configuration)),
      'rbac.yaml': bindings.map(({ object }) => stringify(object)).join('---\n'),
      ...(knowsKanidm ? { 'kanidm.json': JSON.stringify(entries.map((attrs) => ({ attrs }))) } : {}),
    },
    bindings,
    tokens: [...equal.flatMap(tokensOf), ...others.map(({ token }) => token)],
  };
}
