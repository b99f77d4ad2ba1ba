import { Type } from '@sinclair/typebox';
import { dnsLabel } from './field-patterns';
import { closed, mapOf, oneOf } from './field-types';
import { podSecurityLevels } from './field-values';

export const PodSecuritySchema = closed(
  {
    default: Type.Optional(
      oneOf(podSecurityLevels, {
        description: 'The level of namespaces without a label, from the AdmissionConfiguration of the API server.',
      }),
    ),
    namespaces: Type.Optional(
      mapOf(oneOf(podSecurityLevels, { description: 'The level.' }), {
        description:
          'Levels by namespace. If the label `pod-security.kubernetes.io/enforce` of a namespace is in the manifests that `--manifests` reads, the label overrides the level here.',
        pattern: dnsLabel,
      }),
    ),
  },
  {
    description:
      'The Pod Security level that the API server enforces. The level decides whether people who create pods can become root on a node ([becoming.md](becoming.md)). Kaniflux renders nothing from it.',
  },
);
