import { type Static, Type } from '@sinclair/typebox';
import { closed, flag, mapOf, oneOf, text, withDefault } from './field-types';

export const TokenGroupsSchema = closed(
  {
    claim: withDefault('groups', text({ description: 'Claim that lists the groups.' })),
    prefix: withDefault(
      'kanidm:',
      Type.String({
        description: 'Put before each group name; `""` for none.',
        examples: ['oidc:'],
      }),
    ),
  },
  { description: 'Read groups from the token. Turned on by itself where a group has a grant.' },
);

export const AuthenticationSchema = closed(
  {
    method: withDefault(
      'flags',
      oneOf(['flags', 'structured'], {
        description:
          'How the API server is told: `--oidc-*` flags, or an AuthenticationConfiguration (from Kubernetes 1.30).',
      }),
    ),
    claim: withDefault(
      'sub',
      text({
        description:
          'Claim that names the user: `sub` (the UUID, which lasts), `email`, or `preferred_username` (which people can change).',
        examples: ['sub', 'email'],
      }),
    ),
    prefix: Type.Optional(
      Type.String({
        description:
          'Put before the user name; `""` for none. Unset: `<issuer>#`, and none for `email`, as the API server does.',
        examples: ['kanidm:'],
      }),
    ),
    groups: Type.Optional(TokenGroupsSchema),
    ca: Type.Optional(
      closed(
        {
          file: Type.Optional(
            text({
              description: 'PEM file, relative to this file, with the CA of the origin.',
              examples: ['kanidm-ca.crt'],
            }),
          ),
          nodePath: Type.Optional(
            text({
              description:
                'Where the file lies on the control-plane nodes (flags only); unset: in the folder of the control plane.',
              pattern: '^(/(?!\\.\\.?/)[^\\s/]+)+$',
              examples: ['/etc/kubernetes/pki/oidc-ca.crt'],
            }),
          ),
        },
        { description: 'The CA of the origin, where the nodes do not trust it already.' },
      ),
    ),
    requiredClaims: withDefault(
      {},
      mapOf(text({ description: 'The value it must have.' }), {
        description: 'Claims that a token must carry, each a text of this value: a list is never equal.',
        pattern: '^[^=\\s]+$',
      }),
    ),
    anonymous: Type.Optional(
      closed(
        {
          enabled: flag({ description: 'Whether requests without credentials are let through to authorization.' }),
          paths: Type.Optional(
            Type.Array(text({ description: 'A path.', pattern: '^/' }), {
              description: 'Only for these paths.',
              examples: [['/livez', '/readyz', '/healthz']],
            }),
          ),
        },
        { description: 'Anonymous requests (structured only).', 'x-since': 'Kubernetes 1.32' },
      ),
    ),
  },
  { description: 'How the API server makes a user of a token.' },
);

export type AuthenticationInput = Static<typeof AuthenticationSchema>;
