import { type Static, Type } from '@sinclair/typebox';
import { closed, dnsLabel, kanidmName, listOf, text, withDefault } from './field-types';

const HeadlampSchema = closed(
  {
    url: text({
      description: 'The address at which people open Headlamp.',
      pattern: '^https?://[^/?#\\s]+(/[^?#\\s]*)?$',
      examples: ['https://headlamp.example.com'],
    }),
    groups: listOf(text({ description: 'A group, by key.' }), {
      description:
        'The groups whose members may sign in to Headlamp. What they may do on the cluster depends on the grants.',
      minItems: 1,
      examples: [['k8s_users']],
    }),
    client: withDefault(
      'headlamp',
      text({
        description: 'Key of the client in Kanidm. Each cluster with Headlamp needs its own.',
        pattern: kanidmName,
      }),
    ),
    namespace: withDefault('headlamp', text({ description: 'The namespace of Headlamp.', pattern: dnsLabel })),
  },
  {
    description:
      'Headlamp. It gets a client in Kanidm, which the API server trusts, and values for its Helm chart. Needs `method: structured`.',
  },
);

export const AppsSchema = closed(
  { headlamp: Type.Optional(HeadlampSchema) },
  { description: 'Applications that send the tokens of people to the API server of this cluster.' },
);

export type AppsInput = Static<typeof AppsSchema>;
