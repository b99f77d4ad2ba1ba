import { stringify } from 'yaml';

/** A generator of numbers below a limit: the same for the same seed (mulberry32). */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

export interface RandomCluster {
  readonly client: string;
  readonly method: 'flags' | 'structured';
  /** Flags of the API server, or its AuthenticationConfiguration. */
  readonly flags: readonly string[];
  readonly jwt?: object;
  /** Files as adopt reads them, in a random carrier. */
  readonly files: Readonly<Record<string, string>>;
  readonly bindings: readonly { readonly namespace: string; readonly object: object }[];
  /** The claims of each person's token. */
  readonly tokens: readonly Readonly<Record<string, unknown>>[];
}

const origin = 'https://sso.kammel.dev';
const domain = 'sso.kammel.dev';
const apiGroup = 'rbac.authorization.k8s.io';

/** A cluster whose people sign in with Kanidm, as somebody may have set it up by hand. */
export function randomCluster(seed: number, method: 'flags' | 'structured'): RandomCluster {
  const below = random(seed);
  const pick = <T>(...values: readonly T[]): T => values[below(values.length)] as T;
  const client = method === 'flags' ? 'k8s' : `k8s-${seed}`;
  const issuer = `${origin}/oauth2/openid/${client}`;
  const isShort = pick(true, false);
  const claim = pick('sub', 'email', 'preferred_username');
  const prefix = pick('k:', `oidc-${seed}:`, method === 'flags' ? undefined : `${issuer}#`);
  const readsGroups = pick(true, true, false);
  const groupsPrefix = pick('g:', `oidc-${seed}:`);
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
  const tokens = people.map(({ name, id, mail, groups }) => ({
    iss: issuer,
    aud: client,
    sub: id,
    preferred_username: preferred(name),
    email: mail,
    email_verified: true,
    groups: groups.flatMap((group) => [groupIds.get(group), `${group}@${domain}`]),
  }));

  const before = prefix ?? (claim === 'email' ? '' : `${issuer}#`);
  const [jane, sam] = tokens.map((token) => before + String(token[claim as 'sub']));
  const subjects = [
    `User ${jane}`,
    `User ${sam}`,
    `Group ${groupsPrefix}ops@${domain}`,
    `Group ${groupsPrefix}dev@${domain}`,
    `Group ${groupsPrefix}ops`,
    `Group ${groupsPrefix}${groupIds.get('dev')}`,
    `User ${before}${isShort ? `jane@${domain}` : 'jane'}`,
    'User kubernetes-admin',
  ];
  const bindings = subjects.map((subject, i) => {
    const [kind, name] = [subject.slice(0, subject.indexOf(' ')), subject.slice(subject.indexOf(' ') + 1)];
    const namespace = `n-${method}-${seed}-${i}`;
    const more = below(4) === 0 ? [{ apiGroup, kind: 'Group', name: `${groupsPrefix}dev@${domain}` }] : [];
    return {
      namespace,
      object: {
        apiVersion: `${apiGroup}/v1`,
        kind: 'RoleBinding',
        metadata: { name: `b-${i}`, namespace },
        roleRef: { apiGroup, kind: 'ClusterRole', name: 'configmap-reader' },
        subjects: [{ apiGroup, kind, name }, ...more],
      },
    };
  });

  const args = Object.entries({
    'oidc-issuer-url': issuer,
    'oidc-client-id': client,
    'oidc-signing-algs': 'ES256',
    ...(claim === 'sub' ? {} : { 'oidc-username-claim': claim }),
    ...(prefix === undefined ? {} : { 'oidc-username-prefix': prefix }),
    ...(readsGroups ? { 'oidc-groups-claim': 'groups', 'oidc-groups-prefix': groupsPrefix } : {}),
  });
  const byExpression = pick(true, false);
  const jwt = {
    issuer: { url: issuer, audiences: [client] },
    claimMappings: {
      // The expression of a mail address has to look at `email_verified` as well.
      username:
        byExpression && claim !== 'email' ? { expression: `"${before}" + claims.${claim}` } : { claim, prefix: before },
      ...(readsGroups ? { groups: { claim: 'groups', prefix: groupsPrefix } } : {}),
    },
  };
  const bare = args.map(([name, value]) => `${name}=${value}`);
  const carrier =
    method === 'structured'
      ? stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthenticationConfiguration', jwt: [jwt] })
      : pick(
          stringify({ 'flannel-backend': 'none', 'kube-apiserver-arg': bare }),
          `[Service]\nExecStart=/usr/bin/kube-apiserver \\\n  ${bare.map((one) => `--${one}`).join(' \\\n  ')}\n`,
          stringify({
            apiVersion: 'kubeadm.k8s.io/v1beta3',
            kind: 'ClusterConfiguration',
            apiServer: { extraArgs: Object.fromEntries(args) },
          }),
          stringify({ cluster: { apiServer: { extraArgs: Object.fromEntries(args) } } }),
        );
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
    {
      class: ['account', 'oauth2_resource_server', 'oauth2_resource_server_public'],
      name: [client],
      uuid: ['c39bd23b-9919-4ae2-b299-fc6223227c5b'],
      oauth2_rs_origin_landing: ['http://localhost:8000/'],
      oauth2_rs_origin: ['http://localhost:8000/'],
      oauth2_rs_scope_map: ['ops', 'dev'].map(
        (group) => `${group}@${domain}: {"email", "groups", "openid", "profile"}`,
      ),
      oauth2_prefer_short_username: [String(isShort)],
    },
  ];
  const knowsKanidm = pick(true, false);
  return {
    client,
    method,
    flags: args.map(([name, value]) => `--${name}=${value}`),
    ...(method === 'structured' ? { jwt } : {}),
    files: {
      carrier,
      'rbac.yaml': bindings.map(({ object }) => stringify(object)).join('---\n'),
      ...(knowsKanidm ? { 'kanidm.json': JSON.stringify(entries.map((attrs) => ({ attrs }))) } : {}),
    },
    bindings,
    tokens,
  };
}
