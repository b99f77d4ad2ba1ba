import { type Static, Type } from '@sinclair/typebox';
import { clusterChoice } from './cluster-schema';
import { dnsLabel, rbacName } from './field-patterns';
import { closed, flag, listOf, text, withDefault } from './field-types';

const right = (description: string) =>
  text({
    description: `${description} \`everything\`, or verbs and a resource as for \`kaniflux who-can\`.`,
    examples: ['delete secrets', 'get,list,watch secrets', 'everything'],
  });

const someone = text({
  description:
    'The key of a group, person or service account in this config, or the name of a built-in group of Kanidm.',
});

/** What must hold of the access that a config gives. Each entry has one of `never`, `always`, `atMost` and `exclusive`. */
export const ExpectationSchema = closed(
  {
    never: Type.Optional(right('What nobody may do.')),
    always: Type.Optional(
      right(
        'The right that everybody in `who` must have. Unless `who` is set, somebody in the config must have the right.',
      ),
    ),
    who: Type.Optional(
      listOf(someone, {
        description: 'For `always`: who must have the right. A group stands for all of its members.',
        minItems: 1,
      }),
    ),
    atMost: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          'How many users, at most, may have the right in `may`. People, service accounts and users of other issuers count.',
      }),
    ),
    may: Type.Optional(right('For `atMost`: the right that is limited to this number of users.')),
    exclusive: Type.Optional(
      listOf(text({ description: 'A role.', pattern: rbacName }), {
        description: 'Roles of which nobody may hold two on one cluster (separation of duties).',
        minItems: 2,
        examples: [['payments-approver', 'payments-deployer']],
      }),
    ),
    in: Type.Optional(
      Type.Unsafe<string | string[]>({
        type: ['string', 'array'],
        ...{ pattern: dnsLabel, minLength: 1 },
        items: text({ description: 'A namespace.', pattern: dnsLabel }),
        minItems: 1,
        uniqueItems: true,
        description:
          'The namespace, or a list of namespaces. Roles that are granted on the whole cluster count too. Without this field, an expectation is about rights on the whole cluster and in each namespace. If such an expectation has `always` or the right `everything`, it is only about rights on the whole cluster.',
        examples: ['prod', ['prod', 'billing']],
      }),
    ),
    except: Type.Optional(
      listOf(someone, {
        description: 'Those to whom the expectation does not apply. A group stands for all of its members.',
      }),
    ),
    exceptSubjects: Type.Optional(
      closed(
        {
          users: Type.Optional(
            listOf(text({ description: 'A user.' }), { description: 'Users, by their whole names.' }),
          ),
          groups: Type.Optional(
            listOf(text({ description: 'A group.' }), { description: 'Groups, by their whole names.' }),
          ),
        },
        {
          description:
            'Users and groups that are not in this config and to whom the expectation does not apply. Write each name as the API server sees it.',
        },
      ),
    ),
    become: withDefault(
      false,
      flag({
        description:
          'Whether the expectation is also about rights that people do not have, but can get step by step. A step is, for example, to create a pod, or to join a group that the person manages. `kaniflux who-can become` lists the steps.',
      }),
    ),
    clusters: withDefault('*', clusterChoice('The clusters to which the expectation applies, or `"*"` for all.')),
    reason: Type.Optional(
      text({ description: 'Why you have this expectation. Findings and the report show the reason.' }),
    ),
  },
  {
    description:
      'What must be true of the rights that this config gives. `kaniflux check` reports each expectation that is not met.',
  },
);

export type ExpectationInput = Static<typeof ExpectationSchema>;
