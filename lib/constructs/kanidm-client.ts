import { kanidmName } from '../config/schema/field-types';
import { type Authenticator, defaultPrefix } from '../identity/authenticator';
import type { GroupScope } from '../identity/claims';
import { issuerOf, spn } from '../identity/issuer';

export interface KanidmClientProps {
  /** Address of Kanidm, such as `https://idm.example.com`: scheme and host, no path and no slash at the end. */
  readonly origin: string;
  /** Name of the OAuth2 client in Kanidm: the audience of its tokens. */
  readonly clientId: string;
  /** Kanidm's domain, the part after `@` in the names of groups. @default - the host of the origin */
  readonly domain?: string;
  /** The claim that names the user. @default 'sub', the UUID of the person, which a rename does not change */
  readonly usernameClaim?: string;
  /** What stands before a user name; `''` for nothing. @default - `<issuer>#`, nothing for the claim `email`: as the API server */
  readonly usernamePrefix?: string;
  /** What stands before a group name; `''` for nothing. @default 'kanidm:' */
  readonly groupsPrefix?: string;
  /** The scope of the client that puts groups into the token, and so their form. @default 'groups' */
  readonly groupsScope?: GroupScope;
  /** Where the browser comes back to at sign-in. @default ['http://localhost:8000'], where kubelogin listens first */
  readonly redirectUrls?: readonly string[];
  /** Whether the client signs with RS256 (`warning-enable-legacy-crypto`) and not with ES256. @default false */
  readonly legacyCrypto?: boolean;
  /** Claims that a token must have, with their values. @default - none */
  readonly requiredClaims?: Readonly<Record<string, string>>;
}

/**
 * An OAuth2 client of Kanidm, and what an API server that trusts it calls people and groups. Bindings, the API server's
 * settings and kubeconfigs that are made of one value can't disagree.
 * @throws Error for props that no API server or Kanidm would take
 */
export class KanidmClient {
  /** What Kanidm announces, and an API server compares byte for byte. */
  readonly issuer: string;
  /** What an API server does with the client's tokens. */
  readonly authenticator: Authenticator;
  private readonly domain: string;
  private readonly groupsScope: GroupScope;

  constructor(props: KanidmClientProps) {
    const { origin, clientId, usernameClaim: claim = 'sub', groupsPrefix = 'kanidm:', legacyCrypto = false } = props;
    const { redirectUrls = ['http://localhost:8000'] } = props;
    const host = hostOf(origin);
    if (!new RegExp(kanidmName).test(clientId)) {
      throw new Error(`clientId: expected a name of Kanidm, in lower case, found \`${clientId}\``);
    }
    this.domain = props.domain ?? host;
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
      requiredClaims: props.requiredClaims ?? {},
    };
  }

  /**
   * What the API server calls a person.
   * @param value the value of the claim: with the default claim the person's UUID
   * @throws Error where the claim is `sub` and it is no UUID as Kanidm writes it
   */
  user(value: string): string {
    const { claim, prefix } = this.authenticator.username;
    if (claim === 'sub') uuid(value);
    return prefix + value;
  }

  /**
   * What the API server calls a group.
   * @param group its name without the domain; its UUID where the scope is `groups_uuid`
   * @throws Error for what is no such name or UUID
   */
  group(group: string): string {
    const { prefix = '' } = this.authenticator.groups ?? {};
    if (this.groupsScope === 'groups_uuid') return prefix + uuid(group);
    if (!new RegExp(kanidmName).test(group)) {
      throw new Error(`expected the name of a group, without the domain, found \`${group}\``);
    }
    return prefix + (this.groupsScope === 'groups_name' ? group : spn({ domain: this.domain }, group));
  }
}

function hostOf(origin: string): string {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url?.protocol !== 'https:' || url.origin !== origin) {
    throw new Error(`origin: expected an address such as \`https://idm.example.com\`, found \`${origin}\``);
  }
  return url.hostname;
}

/** `-` means "none" to the flag for user names alone; everywhere else it would stand before each name. */
function prefix(prop: string, text: string): string {
  if (text === '-') throw new Error(`${prop}: expected a prefix, found \`-\`; write '' for none`);
  if (text.startsWith('system:')) throw new Error(`${prop}: \`${text}\` would pass for a part of Kubernetes itself`);
  return text;
}

function uuid(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) {
    throw new Error(`expected a UUID in lower case, found \`${text}\``);
  }
  return text;
}
