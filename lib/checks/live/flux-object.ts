import { isMap } from '../../guards';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message: string;
  readonly observedGeneration?: number;
}

/** The fields of a Flux object that the checks read. */
export interface FluxObject {
  readonly metadata?: { readonly generation?: number; readonly deletionTimestamp?: string };
  readonly spec?: Readonly<Record<string, unknown>> & { readonly suspend?: boolean };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly lastAppliedRevision?: string;
    readonly lastAttemptedRevision?: string;
    readonly artifact?: { readonly revision?: string };
    readonly conditions?: readonly Condition[];
    readonly history?: readonly { readonly chartVersion?: string; readonly status?: string }[];
  };
}

export const isFluxObject = (value: unknown): value is FluxObject =>
  isMap(value) && [value.metadata, value.spec, value.status].every((part) => part === undefined || isMap(part));

/** Returns the condition Ready, unless it is about an earlier generation of the object. */
export function readyOf({ metadata, status }: FluxObject): Pick<Condition, 'status' | 'message'> | undefined {
  const { generation = 0 } = metadata ?? {};
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  // After a failure, only the condition has the new generation. `status` has -1 before the first success.
  const observed = Math.max(ready?.observedGeneration ?? -1, status?.observedGeneration ?? -1);
  if (observed !== -1 && observed < generation)
    return { status: 'Unknown', message: 'its controller has not reconciled the last change of its spec yet' };
  return ready;
}
