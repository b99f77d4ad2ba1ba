import { Type } from '@sinclair/typebox';
import { flag, kanidmName, nullable, text, uuid, withDefault } from './field-types';

/** What every entry that Kaniflux provisions can say about its own history. */
export const history = {
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

export const description = Type.Optional(
  nullable(text({ description: 'What it is for; `null` clears it.', 'x-kanidm': 'description' })),
);

export const managedBy = Type.Optional(
  nullable(
    text({
      description:
        'Who may change it beside the administrators: a group, service account or person, by key, or a built-in group. `null` clears it.',
      'x-kanidm': 'entry_managed_by',
    }),
  ),
);

export const gid = Type.Integer({
  minimum: 1000,
  maximum: 2147483647,
  description: 'POSIX gid number, unique over people and groups; derived from the UUID where unset.',
  'x-kanidm': 'gidnumber',
});
