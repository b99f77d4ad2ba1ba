import { Type } from '@sinclair/typebox';
import { flag, kanidmName, nullable, text, uuid, withDefault } from './field-types';

/** What every entry that Kaniflux provisions can say about its own history. */
export const history = {
  id: Type.Optional(
    text({
      description:
        'UUID of the entry in Kanidm, as `kanidm person get` shows it. Set it for an entry that exists already. Unless set, `provision: migrations` derives it from the domain, the kind and the key.',
      pattern: uuid,
      examples: ['7b89b6ea-1e8b-4aa8-98fb-a70cba498d16'],
      'x-kanidm': 'uuid',
    }),
  ),
  formerly: Type.Optional(
    text({
      description: 'The key of the entry before it was renamed. It keeps the derived UUID.',
      pattern: kanidmName,
    }),
  ),
  incarnation: Type.Optional(
    Type.Integer({
      minimum: 2,
      description:
        'Count this up when an entry comes back after `absent`. It changes the derived UUID, because Kanidm refuses one that was removed.',
    }),
  ),
  absent: withDefault(
    false,
    flag({ description: 'Remove the entry from Kanidm. Keep it in the config, so that it stays removed.' }),
  ),
};

export const description = Type.Optional(
  nullable(text({ description: 'What the entry is for. `null` removes the description.', 'x-kanidm': 'description' })),
);

export const managedBy = Type.Optional(
  nullable(
    text({
      description:
        'Who may change the entry besides the administrators: a group, service account or person by key, or a built-in group. `null` removes the manager.',
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
