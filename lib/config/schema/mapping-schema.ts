import { type Static, Type } from '@sinclair/typebox';
import { extraKey, requiredClaim } from './field-patterns';
import { closed, either, listOf, mapOf, text, withDefault } from './field-types';

/** An expression in CEL, the Common Expression Language, over `claims` or `user`. */
const expression = (description: string, example: string) => text({ description, examples: [example] });

const groupsClaim = withDefault('groups', text({ description: 'Claim that lists the groups.' }));

const groupsExpression = Type.Optional(
  expression(
    'A CEL expression that gives the group names, instead of `claim` and `prefix`. For `method: structured` only.',
    "dyn(claims.groups).filter(g, g.startsWith('k8s_')).map(g, 'kanidm:' + g)",
  ),
);

export const TokenGroupsSchema = closed(
  {
    claim: groupsClaim,
    prefix: withDefault(
      'kanidm:',
      Type.String({
        description: 'Prefix of each group name. `""` is no prefix.',
        examples: ['oidc:'],
      }),
    ),
    expression: groupsExpression,
  },
  {
    description:
      'How groups are read from the token. Groups are read if this section is set, or if a group has a grant on the cluster.',
    ...either('expression', ['claim', 'prefix']),
  },
);

const rules = (description: string, example: string) =>
  Type.Optional(
    Type.Array(
      closed(
        {
          expression: expression('A CEL expression that must be true.', example),
          message: Type.Optional(
            text({ description: 'What the log of the API server shows if the expression is not true.' }),
          ),
        },
        { description: 'A rule.' },
      ),
      { description },
    ),
  );

/** How the API server turns the tokens of one issuer into users. */
export const mappingFields = {
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
        'Prefix of the user name. `""` is no prefix. Unless set, the prefix is `<issuer>#`, but for the claim `email` there is no prefix.',
      examples: ['kanidm:'],
    }),
  ),
  username: Type.Optional(
    closed(
      {
        expression: expression(
          'A CEL expression over `claims` that gives the user name.',
          "'kanidm:' + claims.preferred_username.split('@')[0]",
        ),
      },
      {
        description:
          'Use a CEL expression for the user name, instead of `claim` and `prefix`. For `method: structured` only.',
      },
    ),
  ),
  groups: Type.Optional(TokenGroupsSchema),
  requiredClaims: withDefault(
    {},
    mapOf(text({ description: 'The value that the claim must have.' }), {
      description:
        'Claims that a token must have, with the value of each. The value in the token must be a string: a list never matches.',
      pattern: requiredClaim,
    }),
  ),
  uid: Type.Optional(
    closed(
      {
        claim: Type.Optional(text({ description: 'The claim that becomes the UID.', examples: ['sub'] })),
        expression: Type.Optional(expression('A CEL expression that gives the UID.', 'claims.sub')),
      },
      {
        description:
          'The UID of the user, for the audit log and admission webhooks. RBAC does not use it. For `method: structured` only.',
        minProperties: 1,
        ...either('expression', ['claim']),
      },
    ),
  ),
  extra: Type.Optional(
    listOf(
      closed(
        {
          key: text({
            description: 'The name of the attribute: a domain and a path, in lower case.',
            pattern: extraKey,
            examples: ['example.com/team'],
          }),
          valueExpression: expression('A CEL expression that gives the value.', 'claims.team'),
        },
        { description: 'An attribute.' },
      ),
      {
        description:
          'Additional attributes of the user, for the audit log and admission webhooks. RBAC does not use them. For `method: structured` only.',
      },
    ),
  ),
  claimValidationRules: rules(
    'Expressions over `claims` that must be true of a token. For `method: structured` only.',
    "claims.hd == 'example.com'",
  ),
  userValidationRules: rules(
    'Expressions over `user` that must be true of the resulting user. Names that begin with `system:` are always refused. For `method: structured` only.',
    "user.username.startsWith('kanidm:')",
  ),
};

/** `username` excludes `claim` and `prefix`. */
export const usernameOnce = either('username', ['claim', 'prefix']);

/** The mapping of one of the trusted clients. */
export const ClientMappingSchema = closed(mappingFields, {
  description:
    'How the API server turns the tokens of this client into users. A field that is not set here has its default, and not the value from `authentication`.',
  ...usernameOnce,
});

export type MappingInput = Static<typeof ClientMappingSchema>;

/** A prefix whose default is the key of the issuer and a colon. */
const issuerPrefix = (what: string) =>
  Type.Optional(
    Type.String({
      description: `${what} \`""\` is no prefix. Unless set, the key of the issuer and a colon, such as \`ci:\`.`,
      examples: ['ci:'],
    }),
  );

/** How the API server turns tokens into users, for an issuer other than Kanidm. */
export const issuerMappingFields = {
  ...mappingFields,
  claim: withDefault('sub', text({ description: 'The claim that becomes the user name.', examples: ['sub', 'email'] })),
  prefix: issuerPrefix('Prefix of the user name.'),
  groups: Type.Optional(
    closed(
      { claim: groupsClaim, prefix: issuerPrefix('Prefix of each group name.'), expression: groupsExpression },
      {
        description: 'How groups are read from the token. Groups are read only if this section is set.',
        ...either('expression', ['claim', 'prefix']),
      },
    ),
  ),
};
