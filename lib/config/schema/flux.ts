import { type Static, Type } from '@sinclair/typebox';
import { closed, dnsLabel, dnsName, duration, oneOf, sourcePath, text } from './parts';

export const FluxSchema = closed(
  {
    source: Type.Optional(
      closed(
        {
          kind: Type.Optional(
            oneOf(['GitRepository', 'OCIRepository'], { description: 'Kind of the source.', default: 'GitRepository' }),
          ),
          name: Type.Optional(text({ description: 'Name of the source.', pattern: dnsName, default: 'flux-system' })),
          namespace: Type.Optional(
            text({ description: 'Namespace of the source.', pattern: dnsLabel, default: 'flux-system' }),
          ),
        },
        { description: 'The Flux source that holds `dist/`.' },
      ),
    ),
    namespace: Type.Optional(
      text({ description: 'Namespace of the Kustomizations.', pattern: dnsLabel, default: 'flux-system' }),
    ),
    path: Type.Optional(
      text({
        description: 'Where the output folder lies in the source.',
        pattern: sourcePath,
        default: './dist',
        examples: ['./dist', './'],
      }),
    ),
    interval: Type.Optional(text({ description: 'How often Flux compares.', pattern: duration, default: '10m' })),
    retryInterval: Type.Optional(text({ description: 'How soon after a failure.', pattern: duration, default: '1m' })),
    timeout: Type.Optional(
      text({ description: 'How long applying Kanidm may take.', pattern: duration, default: '10m' }),
    ),
    serviceAccountName: Type.Optional(text({ description: 'Service account that Flux applies as.', pattern: dnsName })),
  },
  { description: 'How Flux finds and applies the output.' },
);

export type FluxInput = Static<typeof FluxSchema>;
