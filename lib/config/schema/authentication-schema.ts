import { type Static, Type } from '@sinclair/typebox';
import { clientName } from './field-patterns';
import { closed, either, flag, mapOf, oneOf, text, withDefault } from './field-types';
import { pem } from './issuer-schema';
import { ClientMappingSchema, mappingFields, usernameOnce } from './mapping-schema';

export const AuthenticationSchema = closed(
  {
    method: withDefault(
      'flags',
      oneOf(['flags', 'structured'], {
        description:
          'How the API server is configured: with `--oidc-*` flags, or with an AuthenticationConfiguration (from Kubernetes 1.30).',
      }),
    ),
    ...mappingFields,
    ca: Type.Optional(
      closed(
        {
          file: Type.Optional(
            text({
              description: 'PEM file with the CA. The path is relative to the folder of `kaniflux.yaml`.',
              examples: ['kanidm-ca.crt'],
            }),
          ),
          pem,
          nodePath: Type.Optional(
            text({
              description:
                'Path of the CA file on the control-plane nodes, for `method: flags` only. The file must not be directly below `/`, because a pod of kube-apiserver mounts the whole folder of the file. Unless set, Kaniflux chooses a path in the folder that the control plane uses.',
              pattern: '^(/(?!\\.\\.?/)[^\\s/]+){2,}$',
              examples: ['/etc/kubernetes/pki/oidc-ca.crt'],
            }),
          ),
        },
        {
          description: 'The CA that signed the certificate of Kanidm, if the nodes do not trust it already.',
          ...either('pem', ['file']),
        },
      ),
    ),
    clients: Type.Optional(
      mapOf(ClientMappingSchema, {
        description:
          'How the API server turns the tokens of particular clients into users. Each key is a trusted client: `client` of the cluster, or one of `trust`. For `method: structured` only.',
        pattern: clientName,
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
              description: 'Accept requests without credentials only for these paths.',
              minItems: 1,
              examples: [['/livez', '/readyz', '/healthz']],
            }),
          ),
        },
        {
          description: 'Settings for requests without credentials. For `method: structured` only.',
          'x-since': 'Kubernetes 1.32',
        },
      ),
    ),
  },
  { description: 'How the API server turns a token into a user.', ...usernameOnce },
);

export type AuthenticationInput = Static<typeof AuthenticationSchema>;
