import type { Construct } from 'constructs';
import {
  Kustomization,
  KustomizationSpecDeletionPolicy,
  KustomizationSpecSourceRefKind,
} from '../../imports/kustomize.toolkit.fluxcd.io';
import { noSubstitution } from './flux-annotations';

/** Where Flux gets the rendered files from. */
export interface FluxSource {
  /** @default 'GitRepository' */
  readonly kind?: 'GitRepository' | 'OCIRepository';
  /** @default 'flux-system', as `flux bootstrap` names it */
  readonly name?: string;
  /** @default 'flux-system' */
  readonly namespace?: string;
}

export interface FluxSyncProps {
  /** `metadata.name`. A rename is a delete and a create, which prunes what was applied. */
  readonly name: string;
  /** Namespace of the Kustomization. @default 'flux-system' */
  readonly namespace?: string;
  /** @default - the GitRepository `flux-system` in the namespace `flux-system` */
  readonly source?: FluxSource;
  /** The folder in the source, such as `./dist/clusters/homelab/access`. No two may share one: each prunes the other's. */
  readonly path: string;
  /** How often Flux compares, such as `10m`. @default '10m' */
  readonly interval?: string;
  /** How soon it tries again after a failure. @default '1m' */
  readonly retryInterval?: string;
  /** The ServiceAccount as which it applies. @default - the controller's own */
  readonly serviceAccountName?: string;
  /**
   * How long it waits until all that it applied is ready, such as `10m`. It tries no newer commit meanwhile.
   * @default - it does not wait
   */
  readonly waitFor?: string;
  /** Keep in the cluster what it applied when the Kustomization itself is deleted. @default false */
  readonly keepOnRemoval?: boolean;
}

const sourceKinds = {
  GitRepository: KustomizationSpecSourceRefKind.GIT_REPOSITORY,
  OCIRepository: KustomizationSpecSourceRefKind.OCI_REPOSITORY,
} as const;

/**
 * A Flux Kustomization that applies one folder of rendered files, and prunes what leaves it.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export class FluxSync extends Kustomization {
  constructor(scope: Construct, id: string, props: FluxSyncProps) {
    const { source, waitFor } = props;
    super(scope, id, {
      metadata: { name: props.name, namespace: props.namespace ?? 'flux-system', annotations: noSubstitution },
      spec: {
        interval: props.interval ?? '10m',
        retryInterval: props.retryInterval ?? '1m',
        ...(waitFor === undefined ? {} : { wait: true, timeout: waitFor }),
        ...(props.keepOnRemoval ? { deletionPolicy: KustomizationSpecDeletionPolicy.ORPHAN } : {}),
        path: props.path,
        prune: true,
        serviceAccountName: props.serviceAccountName,
        sourceRef: {
          kind: sourceKinds[source?.kind ?? 'GitRepository'],
          name: source?.name ?? 'flux-system',
          namespace: source?.namespace ?? 'flux-system',
        },
      },
    });
  }
}
