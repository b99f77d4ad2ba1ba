import type { Construct } from 'constructs';
import {
  Kustomization,
  KustomizationSpecDeletionPolicy,
  KustomizationSpecSourceRefKind,
} from '../../imports/kustomize.toolkit.fluxcd.io';
import { noSubstitution } from './flux-annotations';
import {
  checkDuration,
  checkLabel,
  checkName,
  checkRequiredName,
  checkSourcePath,
  reportProblems,
} from './props-check';
import { checkProps, type Shape } from './props-shape';

/** The Flux source that contains the rendered files. */
export interface FluxSource {
  /** The kind of the source. @default 'GitRepository' */
  readonly kind?: 'GitRepository' | 'OCIRepository';
  /** The name of the source. @default 'flux-system', as `flux bootstrap` names it */
  readonly name?: string;
  /** The namespace of the source. @default 'flux-system' */
  readonly namespace?: string;
}

/** Props of {@link FluxSync}. */
export interface FluxSyncProps {
  /** `metadata.name`. Renaming it deletes the old Kustomization, which prunes what it applied. */
  readonly name: string;
  /** Namespace of the Kustomization. @default 'flux-system' */
  readonly namespace?: string;
  /** The source of the rendered files. @default - the GitRepository `flux-system` in the namespace `flux-system` */
  readonly source?: FluxSource;
  /**
   * The folder in the source, such as `./dist/clusters/homelab/access`. Don't give two Kustomizations the same folder:
   * deleting one of them could delete the objects of both.
   */
  readonly path: string;
  /** How often Flux compares the cluster with the source, such as `10m`. @default '10m' */
  readonly interval?: string;
  /** How long Flux waits after a failure before it tries again. @default '1m' */
  readonly retryInterval?: string;
  /** The ServiceAccount with which Flux applies the objects. @default - that of kustomize-controller */
  readonly serviceAccountName?: string;
  /**
   * How long Flux waits for the applied objects to become ready, such as `10m`. Until then, it applies no newer commit.
   * @default - Flux does not wait
   */
  readonly waitFor?: string;
  /** Keep the applied objects when the Kustomization itself is deleted. @default false */
  readonly keepOnRemoval?: boolean;
}

export const sourceShape = {
  kind: ['GitRepository', 'OCIRepository'],
  name: 'text',
  namespace: 'text',
} as const satisfies Shape<FluxSource>;

const shape = {
  name: 'text',
  namespace: 'text',
  source: sourceShape,
  path: 'text',
  interval: 'text',
  retryInterval: 'text',
  serviceAccountName: 'text',
  waitFor: 'text',
  keepOnRemoval: 'flag',
} as const satisfies Shape<FluxSyncProps>;

const sourceKinds = {
  GitRepository: KustomizationSpecSourceRefKind.GIT_REPOSITORY,
  OCIRepository: KustomizationSpecSourceRefKind.OCI_REPOSITORY,
} as const;

/**
 * A Flux Kustomization that applies one folder of rendered files, and prunes objects that are removed from it.
 * Synthesis fails for props that Flux refuses.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export class FluxSync extends Kustomization {
  constructor(scope: Construct, id: string, props: FluxSyncProps) {
    checkProps(`FluxSync ${id}`, props, shape);
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
    reportProblems(this, [
      checkRequiredName('name', props.name),
      checkLabel('namespace', props.namespace),
      checkName('source.name', source?.name),
      checkLabel('source.namespace', source?.namespace),
      checkSourcePath('path', props.path),
      checkDuration('interval', props.interval),
      checkDuration('retryInterval', props.retryInterval),
      checkDuration('waitFor', waitFor),
      checkName('serviceAccountName', props.serviceAccountName),
    ]);
  }
}
