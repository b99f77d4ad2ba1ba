import { type Static, Type } from '@sinclair/typebox';
import { description, gid, history, managedBy } from './entry-fields';
import { closed, listOf, nullable, oneOf, text } from './field-types';

export const GroupSchema = closed(
  {
    description,
    members: Type.Optional(
      listOf(text({ description: 'A person, group or service account, by key.' }), {
        description:
          'The members. Groups can be members of groups; a token lists all groups that a person is in. Unless set, the members are managed in Kanidm and not changed. `[]` removes all members.',
        'x-kanidm': 'member',
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
                description: 'Shortest password, in characters.',
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
