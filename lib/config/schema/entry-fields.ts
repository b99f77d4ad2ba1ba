import { type TSchema, Type } from '@sinclair/typebox';
import { instant, kanidmName, uuid } from './field-patterns';
import { flag, nullable, text, withDefault } from './field-types';

/** The fields about the UUID of an entry, its former name, and its removal. */
export const history = {
  id: Type.Optional(
    text({
      description:
        'UUID of the entry in Kanidm, as the `kanidm` command shows it, for example `kanidm person get`. Set this field if the entry already exists in Kanidm. If this field is not set and `provision` is `migrations`, Kaniflux derives the UUID from the domain, the kind and the key.',
      pattern: uuid,
      examples: ['7b89b6ea-1e8b-4aa8-98fb-a70cba498d16'],
      'x-kanidm': 'uuid',
    }),
  ),
  formerly: Type.Optional(
    text({
      description: 'The key of the entry before it was renamed. With this field, the entry keeps its derived UUID.',
      pattern: kanidmName,
    }),
  ),
  incarnation: Type.Optional(
    Type.Integer({
      minimum: 2,
      description:
        'Increase this number to recreate an entry that was `absent`. The recreated entry gets another derived UUID, because Kanidm never reuses the UUID of a removed entry.',
    }),
  ),
  absent: withDefault(
    false,
    flag({
      description:
        'Remove the entry from Kanidm. Keep the entry in the config, so that it stays removed from Kanidm. The entry then needs no other field, except its `id`, `formerly` or `incarnation` if it had them.',
    }),
  ),
};

/** Requires a field, unless the entry is `absent`. */
export const unlessAbsent = (name: string, field: TSchema) => ({
  if: { properties: { absent: { const: true } }, required: ['absent'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: {},
  else: { properties: { [name]: field }, required: [name] },
});

const time = (description: string, attribute: string, example: string) =>
  Type.Optional(nullable(text({ description, pattern: instant, examples: [example], 'x-kanidm': attribute })));

/** The times between which an account is valid. Migrations cannot set them. */
export const validity = {
  validFrom: time(
    'When the account becomes valid, with a time zone. `null` removes the time. Migrations cannot set this time: run the runbook to set it.',
    'account_valid_from',
    '2026-09-01T00:00:00Z',
  ),
  expires: time(
    'When the account expires, with a time zone. Afterwards, nobody can sign in with the account. `null` removes the time. Migrations cannot set this time: run the runbook to set it.',
    'account_expire',
    '2027-01-01T00:00:00Z',
  ),
};

export const description = Type.Optional(
  nullable(text({ description: 'Description of the entry. `null` removes it.', 'x-kanidm': 'description' })),
);

export const managedBy = Type.Optional(
  nullable(
    text({
      description:
        'Who may change the entry besides the administrators: the key of a group, service account or person in this config, or the name of a built-in group. `null` removes the manager.',
      'x-kanidm': 'entry_managed_by',
    }),
  ),
);

export const gid = Type.Integer({
  minimum: 1000,
  maximum: 2147483647,
  description: 'POSIX gid number. No other person or group may have it. Unless set, Kanidm derives it from the UUID.',
  'x-kanidm': 'gidnumber',
});
