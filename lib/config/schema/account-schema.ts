import { type Static, Type } from '@sinclair/typebox';
import { description, gid, history, managedBy, unlessAbsent, validity } from './entry-fields';
import { loginShell, mailAddress } from './field-patterns';
import { closed, nullable, text } from './field-types';

/** A mail address in the form that Kanidm accepts, which is also the form that `input type=email` accepts in HTML. */
const mail = text({
  description: 'A mail address.',
  pattern: mailAddress,
  examples: ['jane@example.com'],
});

const personName = text({
  description: 'The name that people see.',
  examples: ['Jane Doe'],
  'x-kanidm': 'displayname',
});

export const PersonSchema = closed(
  {
    displayName: Type.Optional(personName),
    legalName: Type.Optional(
      nullable(text({ description: 'Legal name. `null` removes it.', 'x-kanidm': 'legalname' })),
    ),
    description,
    mail: Type.Optional(
      Type.Unsafe<string | string[]>({
        type: ['string', 'array'],
        ...{ pattern: mail.pattern, minLength: 1 },
        items: mail,
        uniqueItems: true,
        description: 'One mail address, or a list with the primary address first. `[]` removes all addresses.',
        examples: ['jane@example.com'],
        'x-kanidm': 'mail',
      }),
    ),
    sshKeys: Type.Optional(
      Type.Unsafe<Record<string, string>>({
        type: 'object',
        additionalProperties: { type: 'string', minLength: 1 },
        description: 'SSH public keys by label. `{}` removes all keys.',
        'x-kanidm': 'ssh_publickey',
      }),
    ),
    posix: Type.Optional(
      closed(
        {
          gid: Type.Optional(gid),
          shell: Type.Optional(
            text({
              description: 'Login shell.',
              pattern: loginShell,
              examples: ['/bin/bash'],
              'x-kanidm': 'loginshell',
            }),
          ),
        },
        { description: 'Makes the person a POSIX account.', 'x-kanidm': 'class: posixaccount' },
      ),
    ),
    ...validity,
    ...history,
  },
  { description: 'A person account of Kanidm.', ...unlessAbsent('displayName', personName) },
);

const accountName = text({ description: 'The name that people see.', 'x-kanidm': 'displayname' });

export const ServiceAccountSchema = closed(
  {
    displayName: Type.Optional(accountName),
    description,
    managedBy,
    ...validity,
    ...history,
  },
  { description: 'A service account of Kanidm.', ...unlessAbsent('displayName', accountName) },
);

export type PersonInput = Static<typeof PersonSchema>;

export type ServiceAccountInput = Static<typeof ServiceAccountSchema>;
