import { type Static, Type } from '@sinclair/typebox';
import {
  claimWord,
  closed,
  flag,
  kanidmName,
  listOf,
  mailAddress,
  mapOf,
  nullable,
  oneOf,
  scopeWord,
  text,
  uuid,
  withDefault,
} from './parts';

/** What every entry that Kaniflux provisions can say about its own history. */
const history = {
  id: Type.Optional(
    text({
      description:
        "The entry's UUID in Kanidm, as `kanidm person get` and the like show it. With `provision: migrations` it is derived where it isn't given (version 5, from domain, kind and key): give it for an entry that exists already.",
      pattern: uuid,
      examples: ['7b89b6ea-1e8b-4aa8-98fb-a70cba498d16'],
      'x-kanidm': 'uuid',
    }),
  ),
  formerly: Type.Optional(
    text({ description: 'The key it had before a rename: keeps the derived UUID.', pattern: kanidmName }),
  ),
  incarnation: Type.Optional(
    Type.Integer({
      minimum: 2,
      description: 'For a key that comes back after `absent`: Kanidm refuses the old UUID, so the derived one changes.',
    }),
  ),
  absent: withDefault(false, flag({ description: 'Remove the entry from Kanidm, and keep saying so.' })),
};

const description = Type.Optional(
  nullable(text({ description: 'What it is for; `null` clears it.', 'x-kanidm': 'description' })),
);

const managedBy = Type.Optional(
  nullable(
    text({
      description:
        'Who may change it beside the administrators: a group, service account or person, by key, or a built-in group. `null` clears it.',
      'x-kanidm': 'entry_managed_by',
    }),
  ),
);

const gid = Type.Integer({
  minimum: 1000,
  maximum: 2147483647,
  description: 'POSIX gid number, unique over people and groups; derived from the UUID where unset.',
  'x-kanidm': 'gidnumber',
});

/** What Kanidm takes for a mail address: the rule of HTML's `input type=email`. */
const mail = text({
  description: 'A mail address.',
  pattern: mailAddress,
  examples: ['jane@example.com'],
});

export const PersonSchema = closed(
  {
    displayName: text({ description: 'Name shown to people.', examples: ['Jane Doe'], 'x-kanidm': 'displayname' }),
    legalName: Type.Optional(nullable(text({ description: 'Legal name; `null` clears it.', 'x-kanidm': 'legalname' }))),
    description,
    mail: Type.Optional(
      Type.Unsafe<string | string[]>({
        type: ['string', 'array'],
        ...{ pattern: mail.pattern, minLength: 1 },
        items: mail,
        uniqueItems: true,
        description: 'Mail address, or several, the primary one first. `[]` clears them.',
        examples: ['jane@example.com'],
        'x-kanidm': 'mail',
      }),
    ),
    sshKeys: Type.Optional(
      Type.Unsafe<Record<string, string>>({
        type: 'object',
        additionalProperties: { type: 'string', minLength: 1 },
        description: 'SSH public keys by label. `{}` clears them.',
        'x-kanidm': 'ssh_publickey',
      }),
    ),
    posix: Type.Optional(
      closed(
        {
          gid: Type.Optional(gid),
          shell: Type.Optional(
            text({ description: 'Login shell.', examples: ['/bin/bash'], 'x-kanidm': 'loginshell' }),
          ),
        },
        { description: 'Makes a POSIX account of it; without it, it is none.', 'x-kanidm': 'class: posixaccount' },
      ),
    ),
    ...history,
  },
  { description: 'A person account of Kanidm.' },
);

export const ServiceAccountSchema = closed(
  {
    displayName: text({ description: 'Name shown to people.', 'x-kanidm': 'displayname' }),
    description,
    managedBy,
    ...history,
  },
  { description: 'A service account of Kanidm.' },
);

export const GroupSchema = closed(
  {
    description,
    members: Type.Optional(
      listOf(text({ description: 'A person, group or service account, by key.' }), {
        description:
          'Members; groups nest, and Kanidm flattens them in tokens. Without it they are kept in Kanidm, and nothing here changes them; `[]` is a group of nobody.',
        'x-kanidm': 'member',
      }),
    ),
    managedBy,
    posix: Type.Optional(
      closed(
        { gid: Type.Optional(gid) },
        { description: 'Makes a POSIX group of it; without it, it is none.', 'x-kanidm': 'class: posixgroup' },
      ),
    ),
    policy: Type.Optional(
      closed(
        {
          credentialMinimum: Type.Optional(
            nullable(
              oneOf(['any', 'mfa', 'passkey', 'attested_passkey'], {
                description: 'The weakest credential that members may use.',
                'x-kanidm': 'credential_type_minimum',
              }),
            ),
          ),
          sessionExpiry: Type.Optional(
            nullable(
              Type.Integer({
                minimum: 0,
                maximum: 4294967295,
                description: 'Seconds after which a session ends.',
                'x-kanidm': 'authsession_expiry',
              }),
            ),
          ),
          privilegeExpiry: Type.Optional(
            nullable(
              Type.Integer({
                minimum: 0,
                maximum: 3600,
                description: 'Seconds for which a session stays privileged.',
                'x-kanidm': 'privilege_expiry',
              }),
            ),
          ),
          passwordMinimumLength: Type.Optional(
            nullable(
              Type.Integer({
                minimum: 1,
                maximum: 128,
                description: 'Shortest password, in characters.',
                'x-kanidm': 'auth_password_minimum_length',
              }),
            ),
          ),
        },
        {
          description: 'Account policy of the members; without it there is none. `null` clears a setting.',
          'x-kanidm': 'class: account_policy',
        },
      ),
    ),
    ...history,
  },
  { description: 'A group of Kanidm.' },
);

const scopes = (what: string, attribute: string) =>
  mapOf(
    listOf(text({ description: 'A scope.', pattern: scopeWord, examples: ['openid'] }), {
      description: 'Scopes.',
      minItems: 1,
    }),
    { description: what, pattern: kanidmName, 'x-kanidm': attribute },
  );

export const ClientSchema = closed(
  {
    displayName: Type.Optional(
      text({ description: 'Name shown to people; the key unless set.', 'x-kanidm': 'displayname' }),
    ),
    description,
    type: withDefault(
      'public',
      oneOf(['public', 'basic'], {
        description: 'Public (PKCE, no secret: what kubectl needs) or basic (with a secret).',
      }),
    ),
    landingUrl: text({
      description: 'Where the portal of Kanidm sends people. Counts as a redirect URL.',
      examples: ['http://localhost:8000'],
      'x-kanidm': 'oauth2_rs_origin_landing',
    }),
    redirectUrls: Type.Optional(
      listOf(text({ description: 'An address, matched exactly.' }), {
        description: 'Redirect URLs; the kubeconfig listens on the loopback ones.',
        examples: [['http://localhost:8000', 'http://localhost:18000']],
        'x-kanidm': 'oauth2_rs_origin',
      }),
    ),
    localhostRedirects: Type.Optional(
      flag({
        description:
          'Accept redirects to any port and path on loopback addresses. Public clients only. Left out, it stays as it is in Kanidm, which turns it off in a new client.',
        'x-kanidm': 'oauth2_allow_localhost_redirect',
      }),
    ),
    image: Type.Optional(
      text({ description: 'Image file for the portal, relative to this file.', examples: ['kubernetes-logo.svg'] }),
    ),
    scopes: Type.Optional(
      scopes('Who may use the client (groups, by key), and which scopes their tokens get.', 'oauth2_rs_scope_map'),
    ),
    supplementaryScopes: Type.Optional(
      scopes('Scopes that members of a group get on top, without being asked for.', 'oauth2_rs_sup_scope_map'),
    ),
    claims: Type.Optional(
      mapOf(
        closed(
          {
            join: withDefault(
              'array',
              oneOf(['array', 'csv', 'ssv'], {
                description: 'How several values become one claim: a JSON array, or a string joined by `,` or a space.',
              }),
            ),
            values: mapOf(
              listOf(text({ description: 'A value.', pattern: claimWord }), { description: 'Values.', minItems: 1 }),
              {
                description: 'What members of a group (by key) get.',
                pattern: kanidmName,
              },
            ),
          },
          { description: 'A claim of ours in the token.' },
        ),
        {
          description: 'Claims by name, with values by group.',
          pattern: claimWord,
          'x-kanidm': 'oauth2_rs_claim_map',
        },
      ),
    ),
    preferShortUsername: Type.Optional(
      flag({
        description: 'Make `preferred_username` `name` instead of `name@domain`. Off unless set.',
        'x-kanidm': 'oauth2_prefer_short_username',
      }),
    ),
    consentPrompt: Type.Optional(
      flag({
        description:
          'Ask people for consent. Kanidm always asks for a public client. Left out, it stays as it is in Kanidm, which turns it on in a new client.',
        'x-kanidm': 'oauth2_consent_prompt_enable',
        'x-since': 'Kanidm 1.9',
      }),
    ),
    legacyCrypto: Type.Optional(
      flag({
        description: 'Sign tokens with RS256 instead of ES256, for programs that do not support ES256. Off unless set.',
        'x-kanidm': 'oauth2_jwt_legacy_crypto_enable',
      }),
    ),
    ...history,
  },
  { description: "An OAuth2 client (Kanidm's resource server)." },
);

export type PersonInput = Static<typeof PersonSchema>;
export type ServiceAccountInput = Static<typeof ServiceAccountSchema>;
export type GroupInput = Static<typeof GroupSchema>;
export type ClientInput = Static<typeof ClientSchema>;
