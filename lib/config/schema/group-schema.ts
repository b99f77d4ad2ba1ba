import { type Static, Type } from '@sinclair/typebox';
import { description, gid, history, managedBy } from './entry-fields';
import { closed, listOf, nullable, oneOf, text } from './field-types';
import { term } from './term-schema';

const memberName = text({ description: 'A person, group or service account, by key.' });

const member = Type.Unsafe<string | { name: string; until?: string; reason?: string }>({
  type: ['string', 'object'],
  minLength: 1,
  properties: { name: memberName, ...term('membership') },
  required: ['name'],
  additionalProperties: false,
  description:
    'A person, group or service account, by key. With `until` or `reason`, a map: `{ name: jane, until: 2027-01-31 }`.',
});

export type MemberInput = Static<typeof member>;

export const GroupSchema = closed(
  {
    description,
    members: Type.Optional(
      listOf(member, {
        description:
          'The members. Groups can be members of groups; a token lists all groups that a person is in. Unless set, the members are managed in Kanidm, and Kaniflux does not change them. `[]` removes all members.',
        'x-kanidm': 'member',
        // `memberProblems` reports a member that is listed twice. The validator would compare each member with all others.
        uniqueItems: false,
      }),
    ),
    managedBy,
    posix: Type.Optional(
      closed(
        { gid: Type.Optional(gid) },
        { description: 'Makes the group a POSIX group.', 'x-kanidm': 'class: posixgroup' },
      ),
    ),
    policy: Type.Optional(
      closed(
        {
          credentialMinimum: Type.Optional(
            nullable(
              oneOf(['any', 'mfa', 'passkey', 'attested_passkey'], {
                description: 'The weakest credential that members may sign in with.',
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
                description: 'Seconds after which a session loses its privileges.',
                'x-kanidm': 'privilege_expiry',
              }),
            ),
          ),
          passwordMinimumLength: Type.Optional(
            nullable(
              Type.Integer({
                minimum: 1,
                maximum: 128,
                description:
                  'Shortest password, in characters. Below 10, it has no effect, because Kanidm requires 10 characters.',
                'x-kanidm': 'auth_password_minimum_length',
              }),
            ),
          ),
        },
        {
          description: 'Account policy for the members. `null` removes a setting.',
          'x-kanidm': 'class: account_policy',
        },
      ),
    ),
    ...history,
  },
  { description: 'A group of Kanidm.' },
);

export type GroupInput = Static<typeof GroupSchema>;
