import { type Held, heldAllows, isPersonal } from '../access/authorizer';
import type { AccessRequest } from '../access/objects';
import { roleOf } from '../access/rights-in-words';
import { type Client, type Cluster, type Config, entry } from '../config/config';
import { accessOn, rendered } from '../diff/side';
import { own } from '../guards';
import { authenticators, issuerAuthenticators } from '../identity/authenticator';
import { oidcFlags, toFlag } from '../node-files/oidc-flags';
import { certificateUser } from './answers/kubectl-answers';
import type { Comparison, Facts } from './explanation';
import { issuersOf } from './token';

type Compare = (facts: Facts, cluster: Cluster, config: Config) => string[];

/**
 * Compares the values in a log line with what Kaniflux renders for each cluster. Returns one sentence for each
 * difference or match.
 */
export function compareConfig(kind: Comparison, facts: Facts, config: Config, clusters: readonly string[]): string[] {
  const lines = clusters.flatMap((name) => comparisons[kind](facts, entry(config.clusters, name), config));
  return [...new Set(lines)];
}

const notApplied = (name: string) =>
  `either the settings of ${name} were not applied, or the line is from another cluster`;

/** Returns how the API server reads tokens: those of the trusted clients, then those of issuers that are not Kanidm. */
const mappings = (config: Config, cluster: Cluster) => [
  ...authenticators(config, cluster).map((one) => ({ ...one, from: `the client ${one.client.name}` })),
  ...issuerAuthenticators(cluster).map((one) => ({ ...one, from: `the issuer ${one.issuer}` })),
];

const comparisons: Readonly<Record<Comparison, Compare>> = {
  algorithm({ expected = '', got = '', alg = '' }, cluster, config) {
    if (cluster.authentication.method === 'structured') {
      return [
        `Your config renders an AuthenticationConfiguration for ${cluster.name}, which accepts ES256 and RS256${expected.includes('S') || alg !== '' ? `, so ${notApplied(cluster.name)}` : ''}.`,
      ];
    }
    return authenticators(config, cluster)
      .slice(0, 1)
      .map(({ signingAlgorithm, client }) => {
        if (cluster.controlPlane === 'eks')
          return `${cluster.name} runs on EKS, which accepts only RS256.${got === '' || got.includes('RS256') ? '' : ` With your config, Kanidm signs tokens of the client ${client.name} with RS256. Either Kanidm does not have this setting yet, or the token was issued for another client.`}`;
        const ours = `Your config renders --oidc-signing-algs=${signingAlgorithm} for ${cluster.name}`;
        if (got.includes(signingAlgorithm))
          return `${ours}, which would accept this token, so ${notApplied(cluster.name)}.`;
        if (got !== '')
          return `${ours}, because Kanidm signs tokens of the client ${client.name} with this algorithm. The token in the line is signed with another algorithm.`;
        return `${ours}.`;
      });
  },

  audience({ expected = '', got = '', client = '', other = '' }, cluster, config) {
    const sent = texts(got);
    const named = client || other;
    const issuers = issuersOf(config, cluster);
    const trusted = issuers.flatMap(({ audiences }) => audiences);
    if (named !== '') {
      if (config.clients.has(named))
        return [`Your config has the client ${named}, but the client was not created in Kanidm yet.`];
      return [
        `Your config has no client ${named}; the clients in your config are: ${[...config.clients.keys()].join(', ')}.`,
      ];
    }
    const want = texts(expected);
    const source = issuers.find((one) => !one.client && want.some((audience) => one.audiences.includes(audience)));
    if (source && !want.some((one) => config.clients.has(one)))
      return [
        `With your config, ${cluster.name} accepts tokens of the issuer ${source.issuer} with the audience ${source.audiences.join(' or ')}.`,
      ];
    const ours = `With your config, ${cluster.name} accepts tokens with the audience ${trusted.join(' or ')}`;
    const inTrust = sent.filter((one) => trusted.includes(one));
    if (inTrust.length > 0)
      return [`${ours}, and the token has the audience ${inTrust.join(', ')}, so ${notApplied(cluster.name)}.`];
    const clients = sent.filter((one) => config.clients.has(one));
    const differs =
      want.length > 0 && !want.some((one) => trusted.includes(one))
        ? `, but the API server that wrote the line accepts the audience ${want.join(' or ')}`
        : '';
    if (clients.length > 0)
      return [
        `${ours}${differs}. ${clients.join(', ')} is a client in your config. If ${cluster.name} should accept tokens of this client, set \`trust: [${[...cluster.trust, ...clients].join(', ')}]\` of ${cluster.name}.`,
      ];
    return [`${ours}${differs}.${sent.length === 0 ? '' : ` Your config has no client ${sent.join(', ')}.`}`];
  },

  issuer(facts, cluster, config) {
    const found = [facts.issuer, facts.other, facts.third, facts.expected, issuerIn(facts.reason ?? '')].find(
      (one) => one !== undefined && /^https?:/.test(one),
    );
    const ours = issuersOf(config, cluster).map(({ issuer }) => issuer);
    if (found === undefined) return [`With your config, ${cluster.name} trusts ${ours.join(' and ')}.`];
    if (ours.includes(found))
      return [`The line has the issuer ${found}, which your config renders for ${cluster.name}.`];
    const third =
      hostOf(found) === hostOf(config.kanidm.origin)
        ? ''
        : ', or its API server also trusts an issuer that is not in your config';
    return [
      `Your config renders the issuer ${ours.join(' and ')} for ${cluster.name}, but the line has the issuer ${found}, so ${notApplied(cluster.name)}${third}.`,
    ];
  },

  ca(facts, cluster, config) {
    const { reason = '' } = facts;
    const named = issuerIn(reason);
    const other = cluster.issuers.find(({ url }) => url === named);
    const { ca } = other ?? cluster.authentication;
    const how =
      ca === undefined
        ? 'sets no CA, so the API server trusts the CAs of its machine'
        : `sets a CA (\`${other ? `issuers.${other.name}.ca` : 'authentication.ca'}\`)`;
    const address = /\bGet "(https?:[^"]{1,300})"/.exec(reason)?.[1];
    // Any other server is the issuer of an entry under `jwt`. Kaniflux renders such an entry unchanged, so it does not
    // know the CA.
    const isKnown = other || address === undefined || hostOf(address) === hostOf(config.kanidm.origin);
    const trusted = issuersOf(config, cluster).map(({ issuer }) => issuer);
    if (named === undefined && address === undefined && trusted.length > 1)
      return [`The line does not name the issuer. With your config, ${cluster.name} trusts ${trusted.join(' and ')}.`];
    const x509 = /x509/.test(reason) && isKnown ? [`For ${other ? named : cluster.name}, your config ${how}.`] : [];
    return [...(named === undefined ? [] : comparisons.issuer(facts, cluster, config)), ...x509];
  },

  claim({ claim = 'email' }, cluster, config) {
    const all = mappings(config, cluster);
    const using = all.filter(({ username }) => username.claim === claim);
    if (using.length === 0) {
      // Kaniflux renders these entries unchanged, and does not know which claims they use.
      if (cluster.jwt.length > 0) return [];
      const ours = new Set(
        all.map(({ username }) => (username.claim === undefined ? 'an expression' : `the claim \`${username.claim}\``)),
      );
      return [
        `Your config uses ${[...ours].join(' or ')} for user names on ${cluster.name}, but the line has \`${claim}\`, so ${notApplied(cluster.name)}.`,
      ];
    }
    const scope = { email: 'email', preferred_username: 'profile' }[claim];
    return using.map((one) => {
      if (!('client' in one) || scope === undefined)
        return `Your config uses the claim \`${claim}\` for user names on ${cluster.name}${all.length > 1 ? `, in tokens of ${one.from}` : ''}.`;
      const groups = Object.entries(one.client.scopes ?? {})
        .filter(([, scopes]) => scopes.includes(scope))
        .map(([group]) => group);
      return groups.length === 0
        ? `Your config gives nobody the scope \`${scope}\` for ${one.client.name}.`
        : `Your config gives the scope \`${scope}\` for ${one.client.name} to ${groups.join(', ')}.`;
    });
  },

  'required-claim'({ claim = '', other = '' }, cluster, config) {
    const name = claim || other;
    const all = mappings(config, cluster);
    const wanted = all.flatMap(({ requiredClaims, from }) => {
      const value = own(requiredClaims, name);
      const tokens = all.length > 1 ? `, in tokens of ${from}` : '';
      return value === undefined
        ? []
        : [`For ${cluster.name}, your config requires the value “${value}” for the claim \`${name}\`${tokens}.`];
    });
    return wanted.length > 0 || cluster.jwt.length > 0
      ? wanted
      : [`Your config requires no claim \`${name}\` for ${cluster.name}, so ${notApplied(cluster.name)}.`];
  },

  user(facts, cluster, config) {
    const { user = '' } = facts;
    if (certificateUser.test(user)) return [];
    const access = accessOn(rendered(config), cluster.name);
    if (!access) return [];
    // A person can have the same user name through several clients, each with different groups.
    const seen = access.principals.filter((one) => one.user === user);
    const [owner] = seen;
    // A grant can also name a user as the API server sees it, such as a user of another issuer.
    const all = owner
      ? seen.flatMap((one) => access.authorizer.held(one))
      : access.authorizer.held({ user, groups: [] });
    const roles = all
      .filter(isPersonal)
      .map((one) => `${roleOf(one)}${one.namespace === undefined ? '' : ` in ${one.namespace}`}`);
    const held = [...new Set(roles)];
    const other = issuerAuthenticators(cluster).find(
      ({ username: { prefix = '' } }) => prefix !== '' && user.startsWith(prefix),
    );
    if (owner || held.length > 0) {
      const who = owner ? `this user is ${owner.name} and has` : 'this user has';
      const what = held.length === 0 ? 'no role at all' : `${held.slice(0, 5).join(', ')}`;
      const isWhole = owner !== undefined || other?.groups === undefined;
      const decision = facts.verb === undefined ? '' : decided(all, facts, cluster, isWhole);
      return [
        `In your config, ${who} ${what} on ${cluster.name}.${decision}${isWhole ? '' : ' The groups of the user are not known.'}`,
      ];
    }
    if (other)
      return [
        `On ${cluster.name}, the user names of the issuer ${other.issuer} begin with “${other.username.prefix}”. No grant of your config names this user.${other.groups ? ' The groups of the user are not known.' : ''}`,
      ];
    const example = access.principals.find((one) => one.user !== undefined);
    return example?.user === undefined
      ? []
      : [
          `With your config, nobody has this user name on ${cluster.name}. For example, the user name of ${example.name} is “${example.user}”. The user name in the line comes from another claim or has another prefix, or the user is not in your config.`,
        ];
  },

  redirect({ url: unregistered = '', insecure = '' }, cluster, config) {
    const url = unregistered || insecure;
    if (url === '') return [];
    const plain = url.replace(/[.,;)]+$/, '');
    const local = /^https?:\/\/(?:localhost|127\.|\[::1\])/.test(plain);
    const clients = local
      ? [config.clients.get(cluster.client)]
      : [...config.clients.values()].filter((one) => urlsOf(one).some((its) => hostOf(its) === hostOf(plain)));
    const found = clients.filter((one) => one !== undefined);
    if (found.length === 0)
      return [`No client of your config has a redirect URL or landing URL on the host ${hostOf(plain) ?? plain}.`];
    // The line does not name the client.
    const why =
      insecure === ''
        ? ' Either the URL was not added in Kanidm yet, or the program sent the id of another client, or the line is from another Kanidm.'
        : '';
    return found.map((client) =>
      urlsOf(client).some((one) => parsed(one) === parsed(plain))
        ? `In your config, the client ${client.name} has this URL.${why}`
        : `In your config, the URLs of the client ${client.name} are: ${urlsOf(client).join(', ')}.`,
    );
  },

  secret(_, __, config) {
    const basic = [...config.clients.values()].filter(({ type }) => type === 'basic').map(({ name }) => name);
    return [
      basic.length === 0
        ? 'No client of your config has a secret: all clients are public.'
        : `Clients with a secret in your config: ${basic.join(', ')}.`,
    ];
  },

  flags(_, cluster, config) {
    const [first] = authenticators(config, cluster);
    if (cluster.controlPlane === 'eks')
      return [`Your config renders no --oidc-* flag for ${cluster.name}, because nobody can set flags on EKS.`];
    if (cluster.authentication.method === 'structured' || !first)
      return [`Your config renders --authentication-config for ${cluster.name}, and no --oidc-* flag.`];
    const flags = oidcFlags(first).map(toFlag);
    return [`Your config renders for ${cluster.name}: ${flags.join(' ')}.`];
  },
};

/** Returns the request in a line of the API server. A line without the name of an object is about all objects. */
function requestIn({ verb = '', what = '', group = '', namespace = '' }: Facts): AccessRequest {
  if (what.startsWith('/')) return { verb, path: what };
  const [resource = '', subresource] = what.split('/');
  return {
    verb,
    group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === '' ? {} : { namespace }),
  };
}

/**
 * Says whether the config allows a request that an API server refused; `''` if the config does not show this.
 * @param isWhole whether `all` are all roles of the user that the config knows
 */
function decided(all: readonly Held[], facts: Facts, { name }: Cluster, isWhole: boolean): string {
  // The line already says that the role of a binding does not exist.
  if (facts.missing !== undefined && facts.missing !== '') return '';
  const request = requestIn(facts);
  const held = all.filter(isPersonal);
  const through = held.find((one) => heldAllows(one, request));
  // Only a built-in binding for every signed-in user allows the request, and Kaniflux does not render that binding.
  if (!through && all.some((one) => heldAllows(one, request))) return '';
  if (through) {
    const { binding, subject } = through;
    const group = subject.kind === 'Group' ? `or the token did not have the group ${subject.name}, ` : '';
    return ` The binding ${binding.metadata.name} allows the request, so either the binding was not applied, ${group}or the line is from another cluster than ${name}.`;
  }
  // The config may lack the rules of a role, and the request has no object name to compare with `resourceNames`.
  const isOpen = held.some(
    ({ rules }) => rules.length === 0 || rules.some(({ resourceNames = [] }) => resourceNames.length > 0),
  );
  return isOpen || !isWhole || held.length === 0
    ? ''
    : ' As far as the config shows, no role of this user allows the request.';
}

const texts = (text: string): string[] => {
  const quoted = [...text.matchAll(/"([^"]*)"/g)].map(([, one = '']) => one);
  return quoted.length > 0 || /^(?:\[\])?$/.test(text) ? quoted : [text];
};

const issuerIn = (text: string): string | undefined =>
  /"(https?:\/\/[^"]{1,300})\/\.well-known\/openid-configuration"/.exec(text)?.[1] ??
  /expected "(https?:[^"]{1,300})"/.exec(text)?.[1];

const urlsOf = ({ redirectUrls, landingUrl }: Client): string[] => [...new Set([...(redirectUrls ?? []), landingUrl])];
/** The form in which Kanidm compares and logs a URL: `https://a.example.com` becomes `https://a.example.com/`. */
const parsed = (url: string): string => (URL.canParse(url) ? new URL(url).href : url);
const hostOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).host : undefined);
