import { type Static, Type } from '@sinclair/typebox';
import { closed, flag, mapOf, oneOf, text, withDefault } from './field-types';

export const TokenGroupsSchema = closed(
  {
    claim: withDefault('groups', text({ description: 'Claim that lists the groups.' })),
    prefix: withDefault(
      'kanidm:',
      Type.String({
        description: 'Prefix of each group name. `""` is no prefix.',
        examples: ['oidc:'],
      }),
    ),
  },
  {
    description:
      'How groups are read from the token. Groups are read if this section is here, or if a group has a grant on the cluster.',
  },
);

export const AuthenticationSchema = closed(
  {
    method: withDefault(
      'flags',
      oneOf(['flags', 'structured'], {
        description:
          'How the API server is configured: with `--oidc-*` flags, or with an AuthenticationConfiguration (from Kubernetes 1.30).',
      }),
    ),
    claim: withDefault(
      'sub',
      text({
        description:
          'The claim that becomes the user name: `sub` (the UUID, which never changes), `email`, or `preferred_username` (which people can change themselves).',
        examples: ['sub', 'email'],
      }),
    ),
    prefix: Type.Optional(
      Type.String({
        description:
          'Prefix of the user name. `""` is no prefix. Unless set, the API server uses `<issuer>#`, and no prefix for the claim `email`.',
        examples: ['kanidm:'],
      }),
    ),
    groups: Type.Optional(TokenGroupsSchema),
    ca: Type.Optional(
      closed(
        {
          file: Type.Optional(
            text({
              description: 'PEM file with the CA. The path is relative to this file.',
              examples: ['kanidm-ca.crt'],
            }),
          ),
          nodePath: Type.Optional(
            text({
              description:
                'Path of the CA file on the control-plane nodes. For `method: flags` only. Unless set, it is in the folder that the control plane uses.',
              pattern: '^(/(?!\\.\\.?/)[^\\s/]+)+$',
              examples: ['/etc/kubernetes/pki/oidc-ca.crt'],
            }),
          ),
        },
        { description: 'The CA that signed the certificate of Kanidm, if the nodes do not trust it already.' },
      ),
    ),
    requiredClaims: withDefault(
      {},
      mapOf(text({ description: 'The value that the claim must have.' }), {
        description:
          'Claims that a token must have, with the value of each. The claim must be a string: a list never matches.',
        pattern: '^[^=\\s]+$',
      }),
    ),
    anonymous: Type.Optional(
      closed(
        {
          enabled: flag({
            description: 'Whether requests without credentials are accepted. RBAC then decides what they may do.',
          }),
          paths: Type.Optional(
            Type.Array(text({ description: 'A path.', pattern: '^/' }), {
              description: 'Only for these paths.',
              examples: [['/livez', '/readyz', '/healthz']],
            }),
          ),
        },
        { description: 'Requests without credentials. For `method: structured` only.', 'x-since': 'Kubernetes 1.32' },
      ),
    ),
  },
  { description: 'How the API server turns a token into a user.' },
);

export type AuthenticationInput = Static<typeof AuthenticationSchema>;
