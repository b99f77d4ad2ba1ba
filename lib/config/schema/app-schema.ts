import { type Static, Type } from '@sinclair/typebox';
import { dnsLabel, kanidmName, uuid } from './field-patterns';
import { closed, listOf, text, withDefault } from './field-types';

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
        description: 'Name of the OAuth2 client in Kanidm. Each cluster with Headlamp needs its own client.',
        pattern: kanidmName,
      }),
    ),
    id: Type.Optional(
      text({
        description: 'UUID of the client in Kanidm. Set this field if the client already exists in Kanidm.',
        pattern: uuid,
        examples: ['7b89b6ea-1e8b-4aa8-98fb-a70cba498d16'],
        'x-kanidm': 'uuid',
      }),
    ),
    namespace: withDefault('headlamp', text({ description: 'The namespace of Headlamp.', pattern: dnsLabel })),
  },
  {
    description:
      'Headlamp. Kaniflux creates a client for Headlamp in Kanidm, lets the API server trust this client, and renders values for the Helm chart of Headlamp. Needs `method: structured`.',
  },
);

export const AppsSchema = closed(
  { headlamp: Type.Optional(HeadlampSchema) },
  { description: 'Applications that send the tokens of people to the API server of this cluster.' },
);

export type AppsInput = Static<typeof AppsSchema>;
