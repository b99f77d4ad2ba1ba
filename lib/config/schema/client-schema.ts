import { type Static, Type } from '@sinclair/typebox';
import { description, history, unlessAbsent } from './entry-fields';
import { claimWord, kanidmName, plainUrl, scopeWord } from './field-patterns';
import { closed, flag, listOf, mapOf, oneOf, text, withDefault } from './field-types';

const scopes = (what: string, attribute: string) =>
  mapOf(
    listOf(text({ description: 'A scope.', pattern: scopeWord, examples: ['openid'] }), {
      description: 'Scopes.',
      minItems: 1,
    }),
    { description: what, pattern: kanidmName, 'x-kanidm': attribute },
  );

const landingUrl = text({
  description: 'The address that the portal of Kanidm links to. It is also accepted as a redirect URL.',
  examples: ['http://localhost:8000'],
  'x-kanidm': 'oauth2_rs_origin_landing',
});

const image = Type.Unsafe<string | { url: string; sha256: string }>({
  type: ['string', 'object'],
  minLength: 1,
  properties: {
    url: text({
      description: 'An https address from which the runbook downloads the logo image.',
      pattern: plainUrl,
      examples: ['https://www.example.com/logo.svg'],
    }),
    sha256: text({
      description: 'The SHA-256 of the logo image, in hexadecimal. The runbook refuses a download that differs.',
      pattern: '^[0-9a-f]{64}$',
    }),
  },
  required: ['url', 'sha256'],
  additionalProperties: false,
  description:
    'Logo image that the portal of Kanidm shows: the path of a file, relative to this config, or an address with the SHA-256 of the image.',
  examples: ['kubernetes-logo.svg'],
});

export const ClientSchema = closed(
  {
    displayName: Type.Optional(
      text({ description: 'The name that people see. Unless set, the key.', 'x-kanidm': 'displayname' }),
    ),
    description,
    type: withDefault(
      'public',
      oneOf(['public', 'basic'], {
        description:
          'A `public` client has no secret and uses PKCE. Sign-in with kubectl needs this type. A `basic` client has a secret.',
      }),
    ),
    landingUrl: Type.Optional(landingUrl),
    redirectUrls: Type.Optional(
      listOf(text({ description: 'A redirect URL. The URL in the request must match it exactly.' }), {
        description: 'Redirect URLs. kubelogin listens on the ports of the URLs with a loopback address.',
        examples: [['http://localhost:8000', 'http://localhost:18000']],
        'x-kanidm': 'oauth2_rs_origin',
      }),
    ),
    localhostRedirects: Type.Optional(
      flag({
        description:
          'Accept redirects to any port and path on loopback addresses. Public clients only. Unless set, Kaniflux does not change the setting in Kanidm, which is off in a new client.',
        'x-kanidm': 'oauth2_allow_localhost_redirect',
      }),
    ),
    image: Type.Optional(image),
    scopes: Type.Optional(
      scopes(
        'The groups that may use the client, by key, each with the scopes that its members get.',
        'oauth2_rs_scope_map',
      ),
    ),
    supplementaryScopes: Type.Optional(
      scopes(
        'Scopes that members of a group get even if the program does not request them.',
        'oauth2_rs_sup_scope_map',
      ),
    ),
    claims: Type.Optional(
      mapOf(
        closed(
          {
            join: withDefault(
              'array',
              oneOf(['array', 'csv', 'ssv'], {
                description:
                  'How several values become one claim: `array` is a JSON array, `csv` a string joined by `,`, and `ssv` a string joined by spaces.',
              }),
            ),
            values: mapOf(
              listOf(text({ description: 'A value.', pattern: claimWord }), { description: 'Values.', minItems: 1 }),
              {
                description:
                  'The values that the members of each group get. The keys of this map are the keys of groups.',
                pattern: kanidmName,
              },
            ),
          },
          { description: 'A custom claim in the token.' },
        ),
        {
          description: 'Custom claims by name.',
          pattern: claimWord,
          'x-kanidm': 'oauth2_rs_claim_map',
        },
      ),
    ),
    preferShortUsername: Type.Optional(
      flag({
        description: 'The claim `preferred_username` is `name` instead of `name@domain`. Off unless set.',
        'x-kanidm': 'oauth2_prefer_short_username',
      }),
    ),
    consentPrompt: Type.Optional(
      flag({
        description:
          'Ask people for consent. If the client is public, Kanidm always asks. Unless set, Kaniflux does not change the setting in Kanidm, which is on in a new client.',
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
    disablePkce: Type.Optional(
      flag({
        description:
          'Also accept sign-ins without PKCE. Only for applications that do not support PKCE: anybody who sees an authorization code can then use it. Basic clients only. Off unless set.',
        'x-kanidm': 'oauth2_allow_insecure_client_disable_pkce',
      }),
    ),
    ...history,
  },
  { description: 'An OAuth2 client. Kanidm calls it a resource server.', ...unlessAbsent('landingUrl', landingUrl) },
);

export type ClientInput = Static<typeof ClientSchema>;
