import { type Static, Type } from '@sinclair/typebox';
import { closed, either, listOf, oneOf, text } from './field-types';
import { issuerMappingFields, usernameOnce } from './mapping-schema';

export const pem = Type.Optional(
  text({
    description: 'The CA itself, in PEM.',
    pattern: '^\\s*-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----',
  }),
);

/** @see https://kubernetes.io/docs/reference/config-api/apiserver-config.v1/#apiserver-k8s-io-v1-Issuer */
export const IssuerSchema = closed(
  {
    url: text({
      description: 'The issuer URL: the value of `iss` in its tokens. It must be https.',
      examples: ['https://token.actions.githubusercontent.com'],
    }),
    discoveryUrl: Type.Optional(
      text({
        description:
          'Where the API server reads the discovery document. Unless set, `<url>/.well-known/openid-configuration`.',
        examples: ['https://oidc.ci.svc/.well-known/openid-configuration'],
      }),
    ),
    audiences: listOf(text({ description: 'An audience.' }), {
      description: 'The audiences that are accepted. A token must have one of them in `aud`.',
      minItems: 1,
      examples: [['kubernetes']],
    }),
    egressSelectorType: Type.Optional(
      oneOf(['controlplane', 'cluster'], {
        description:
          'The egress selector through which the API server connects to the issuer. The API server then needs an egress selector configuration (`--egress-selector-config-file`): without one, it does not start.',
        'x-since': 'Kubernetes 1.34',
      }),
    ),
    ca: Type.Optional(
      closed(
        {
          file: Type.Optional(
            text({ description: 'PEM file with the CA. The path is relative to the folder of `kaniflux.yaml`.' }),
          ),
          pem,
        },
        {
          description: 'The CA that signed the certificate of the issuer, if the nodes do not trust it already.',
          minProperties: 1,
          ...either('pem', ['file']),
        },
      ),
    ),
    ...issuerMappingFields,
  },
  {
    description:
      'An issuer other than this Kanidm, such as a CI system or another identity provider. To give roles to its users and groups, name them under `subjects` of a grant.',
    ...usernameOnce,
  },
);

/** An entry of the AuthenticationConfiguration, rendered without changes. */
export const JwtSchema = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  description: 'An entry of the AuthenticationConfiguration.',
});

export type IssuerInput = Static<typeof IssuerSchema>;
