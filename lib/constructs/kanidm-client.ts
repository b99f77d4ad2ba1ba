import { kanidmName, patternWords, requiredClaim } from '../config/schema/field-patterns';
import { type Authenticator, defaultPrefix } from '../identity/authenticator';
import { type GroupScope, groupScopes } from '../identity/claims';
import { hostOfOrigin, issuerOf, isWithin, spn } from '../identity/issuer';
import { kanidmClaims } from '../upstream/kanidm-claims';
import { checkDomain, notAnOrigin } from './props-check';
import { checkProps, type Shape } from './props-shape';

/** Props of {@link KanidmClient}. */
export interface KanidmClientProps {
  /** Address of Kanidm, such as `https://idm.example.com`: scheme and host, without a path or trailing slash. */
  readonly origin: string;
  /** Name of the OAuth2 client in Kanidm: the audience of its tokens. */
  readonly clientId: string;
  /** Kanidm's domain, which follows `@` in the names of groups. @default - the host of the origin */
  readonly domain?: string;
  /**
   * The claim with the user name. People can change `preferred_username` themselves. When a name becomes free, the next
   * person with this name gets the access of its former owner.
   * @default 'sub', the UUID of the person, which a rename does not change
   */
  readonly usernameClaim?: 'sub' | 'email' | 'preferred_username';
  /**
   * Prefix of user names; `''` for none.
   * @default - that of kube-apiserver: `<issuer>#`, or none for the claim `email`
   */
  readonly usernamePrefix?: string;
  /** Prefix of group names; `''` for none. @default 'kanidm:' */
  readonly groupsPrefix?: string;
  /**
   * The scope that puts groups into the token. The scope determines whether the token has the name of a group, its UUID
   * or both. @default 'groups'
   */
  readonly groupsScope?: GroupScope;
  /** Redirect URLs of sign-in. @default ['http://localhost:8000'], where kubelogin listens by default */
  readonly redirectUrls?: readonly string[];
  /**
   * Whether Kanidm signs the client's tokens with RS256 (`warning-enable-legacy-crypto`) instead of ES256.
   * @default false
   */
  readonly legacyCrypto?: boolean;
  /** Claims that a token must have, with the required values. @default - none */
  readonly requiredClaims?: Readonly<Record<string, string>>;
}

const shape = {
  origin: 'text',
  clientId: 'text',
  domain: 'text',
  usernameClaim: ['sub', 'email', 'preferred_username'],
  usernamePrefix: 'text',
  groupsPrefix: 'text',
  groupsScope: groupScopes,
  redirectUrls: 'texts',
  legacyCrypto: 'flag',
  requiredClaims: 'map',
} as const satisfies Shape<KanidmClientProps>;

/**
 * An OAuth2 client of Kanidm. Its methods return user and group names as an API server that trusts the client sees
 * them. Bindings, API server settings and kubeconfigs made from the same KanidmClient always match.
 * @throws Error for props that Kanidm or API servers do not accept
 */
export class KanidmClient {
  /** The issuer URL. API servers compare it byte for byte. */
  readonly issuer: string;
  /** What an API server does with the client's tokens. */
  readonly authenticator: Authenticator;
  /** Kanidm's domain. */
  readonly domain: string;
  private readonly groupsScope: GroupScope;

  constructor(props: KanidmClientProps) {
    checkProps('KanidmClient', props, shape);
    const { origin, clientId, usernameClaim: claim = 'sub', groupsPrefix = 'kanidm:', legacyCrypto = false } = props;
    const { redirectUrls = ['http://localhost:8000'] } = props;
    const host = hostOf(origin);
    if (!isName(clientId)) {
      throw new Error(`clientId: expected a name that Kanidm accepts (in lower case), found \`${clientId}\``);
    }
    this.domain = props.domain ?? host;
    const domainProblem = checkDomain('domain', this.domain);
    if (domainProblem !== undefined) throw new Error(domainProblem);
    if (!isWithin(host, this.domain)) {
      throw new Error(
        `domain: expected \`${host}\`, the host of the origin, or a domain above it, found \`${this.domain}\``,
      );
    }
    this.groupsScope = props.groupsScope ?? 'groups';
    this.issuer = issuerOf({ origin }, clientId);
    this.authenticator = {
      client: {
        name: clientId,
        path: ['clients', clientId],
        type: 'public',
        displayName: clientId,
        landingUrl: redirectUrls[0] ?? origin,
        redirectUrls: [...redirectUrls],
        scopes: { idm_all_persons: ['openid', 'email', 'profile', this.groupsScope] },
        legacyCrypto,
        absent: false,
      },
      issuer: this.issuer,
      audience: clientId,
      signingAlgorithm: legacyCrypto ? 'RS256' : 'ES256',
      username: {
        claim,
        prefix: prefix('usernamePrefix', props.usernamePrefix ?? defaultPrefix(claim, this.issuer)),
      },
      groups: { claim: 'groups', prefix: prefix('groupsPrefix', groupsPrefix) },
      requiredClaims: required(props.requiredClaims ?? {}),
    };
  }

  /**
   * The user name of a person on the API server.
   * @param value the value of the claim; with the default claim, the person's UUID
   * @throws Error if the value is empty, or if the claim is `sub` and the value is not a UUID in lower case
   */
  user(value: string): string {
    const { claim, prefix = '' } = this.authenticator.username;
    if (claim === 'sub') uuid(value);
    if (!value) throw new Error(`expected the value of the claim \`${claim}\`, found nothing`);
    return prefix + value;
  }

  /**
   * The name of a group on the API server.
   * @param group its name without the domain; with the scope `groups_uuid`, its UUID
   * @throws Error if `group` is not such a name or UUID
   */
  group(group: string): string {
    const { prefix = '' } = this.authenticator.groups ?? {};
    if (this.groupsScope === 'groups_uuid') return prefix + uuid(group);
    if (!isName(group)) {
      throw new Error(`expected the name of a group, without the domain, found \`${group}\``);
    }
    return prefix + (this.groupsScope === 'groups_name' ? group : spn({ domain: this.domain }, group));
  }
}

/**
 * In JavaScript, the value can be missing. Without the check of its type, the pattern would match the text `undefined`.
 */
const isName = (value: unknown): boolean => typeof value === 'string' && new RegExp(kanidmName).test(value);

function hostOf(origin: string): string {
  const host = hostOfOrigin(origin);
  if (host === undefined) throw new Error(notAnOrigin('origin', origin));
  return host;
}

/** Checks the claims that a token must have. kube-apiserver compares the value of each with a text. */
function required(claims: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).map(([claim, value]): [string, string] => {
      if (!new RegExp(requiredClaim).test(claim)) {
        throw new Error(`requiredClaims: expected ${patternWords[requiredClaim]}, found \`${claim}\``);
      }
      if (typeof value !== 'string') {
        throw new Error(`requiredClaims.${claim}: expected a text, found \`${String(value)}\``);
      }
      if (claim === 'groups' || (kanidmClaims.get(claim) ?? 'text') !== 'text') {
        throw new Error(
          `requiredClaims: expected a claim whose value is a text, found \`${claim}\`; the API server would refuse every token`,
        );
      }
      return [claim, value];
    }),
  );
}

/** `-` means "none" only to `--oidc-username-prefix`; everywhere else it is a literal prefix. */
function prefix(prop: string, text: string): string {
  if (/\p{Cc}/u.test(text)) throw new Error(`${prop}: expected a text without control characters`);
  if (text === '-') throw new Error(`${prop}: expected a prefix, found \`-\`; write '' for none`);
  if (text.startsWith('system:'))
    throw new Error(`${prop}: \`${text}\` is reserved for Kubernetes; choose another prefix`);
  return text;
}

function uuid(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) {
    throw new Error(`expected a UUID in lower case, found \`${text}\``);
  }
  return text;
}
