import { isMap, mapAt, scalarText } from '../guards';
import type { KubernetesObject } from '../output/kubernetes-object';
import type { FieldChange } from './field-changes';
import type { Level } from './statement';

/** A kind whose objects make a program act, so that a change can give access without a change of RBAC. */
export interface ActingKind {
  /** The fields that decide what the program does. */
  readonly fields: RegExp;
  readonly level: Level;
  /** The consequence of a new or changed object. */
  readonly means: string;
  /** The consequence if an object is gone. @default - none */
  readonly gone?: { readonly level: Level; readonly means: string };
  /**
   * Whether the consequence applies to an object of the kind.
   * @param was the object before a change; not set for a new object
   * @default - to every object
   */
  readonly applies?: (object: KubernetesObject, was?: KubernetesObject) => boolean;
}

const source: ActingKind = {
  fields:
    /^spec\.(url|ref|verify|secretRef|endpoint|bucketName|provider|insecure|certSecretRef|type|proxySecretRef|include)\b/,
  level: 'high',
  means: 'whoever controls this source decides what Flux applies, as cluster-admin by default',
};

const applied = (program: string): ActingKind => ({
  fields: /^spec\b/,
  level: 'high',
  means: `this object decides what ${program} applies, as cluster-admin by default`,
});

const whole = /^(spec|webhooks|parameters)\b/;
const mutating = 'it can change what others create, such as the subjects of a binding';
const refusing = 'what it refused is accepted from now on, unless something else refuses it';

/**
 * Each pattern matches a kind and its API group, as in `Kustomization.kustomize.toolkit.fluxcd.io`.
 * @see https://fluxcd.io/flux/installation/configuration/multitenancy/
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
 */
const kinds: readonly (readonly [id: RegExp, kind: ActingKind])[] = [
  [
    /^(GitRepository|OCIRepository|Bucket|HelmRepository|HelmChart|ExternalArtifact)\.\S+\.toolkit\.fluxcd\.io$/,
    source,
  ],
  [
    /^Kustomization\.kustomize\.toolkit\.fluxcd\.io$/,
    {
      fields:
        /^spec\.(sourceRef|path|serviceAccountName|kubeConfig|patches|images|components|postBuild|decryption|targetNamespace)\b/,
      level: 'high',
      means: 'this object decides what Flux applies, as cluster-admin by default',
    },
  ],
  [
    /^HelmRelease\.helm\.toolkit\.fluxcd\.io$/,
    {
      fields: /^spec\.(chart|chartRef|values|valuesFrom|serviceAccountName|kubeConfig|postRenderers)\b/,
      level: 'medium',
      means: 'Flux installs this chart, as cluster-admin by default',
    },
  ],
  [
    /^ImageUpdateAutomation\.image\.toolkit\.fluxcd\.io$/,
    { fields: whole, level: 'medium', means: 'with this object, Flux commits to the repository without a review' },
  ],
  [/^(FluxInstance|ResourceSet)\.fluxcd\.controlplane\.io$/, applied('the Flux Operator')],
  [/^(Application|ApplicationSet)\.argoproj\.io$/, applied('Argo CD')],
  [
    /^(MutatingWebhookConfiguration|MutatingAdmissionPolicy(Binding)?)\.admissionregistration\.k8s\.io$/,
    { fields: whole, level: 'high', means: mutating },
  ],
  [
    /^ValidatingWebhookConfiguration\.admissionregistration\.k8s\.io$/,
    {
      fields: whole,
      level: 'medium',
      means: 'its server decides which requests are refused, and reads what others create, such as Secrets',
      gone: { level: 'medium', means: refusing },
    },
  ],
  [
    /^ValidatingAdmissionPolicy(Binding)?\.admissionregistration\.k8s\.io$/,
    {
      fields: whole,
      level: 'medium',
      means: 'it decides which requests the API server refuses',
      gone: { level: 'medium', means: refusing },
    },
  ],
  [
    /^APIService\.apiregistration\.k8s\.io$/,
    {
      fields: whole,
      level: 'high',
      means: 'its server answers the requests of an API group in place of the API server',
      applies: ({ spec }) => isMap(spec) && spec.service !== undefined && spec.service !== null,
    },
  ],
  [
    /^Namespace$/,
    {
      fields: /^metadata\.labels(\."pod-security\.kubernetes\.io\/enforce")?$/,
      level: 'medium',
      means: 'its Pod Security level decides whether people who create pods in it can become root on a node',
      applies: (now, was) => (was ? strictness(now) < strictness(was) : enforced(now) === 'privileged'),
    },
  ],
  [
    /^Secret$/,
    {
      fields: /^(type|metadata\.annotations(\."kubernetes\.io\/service-account\.name")?)$/,
      level: 'medium',
      means:
        'Kubernetes fills this Secret with a token of a service account, and whoever can read the Secret can act as this service account',
      applies: ({ type }) => type === 'kubernetes.io/service-account-token',
    },
  ],
  [
    /^PersistentVolume$/,
    {
      fields: /^spec\.(hostPath|local)\b/,
      level: 'medium',
      means: 'this volume is a path on a node, and a pod that mounts it can read or change the files there',
      applies: ({ spec }) => isMap(spec) && (isMap(spec.hostPath) || isMap(spec.local)),
    },
  ],
];

const enforced = ({ metadata }: KubernetesObject): string =>
  scalarText(mapAt(metadata, 'labels')['pod-security.kubernetes.io/enforce']);

/** Without a label, the API server uses the level `privileged` by default. */
const strictness = (namespace: KubernetesObject): number => ['baseline', 'restricted'].indexOf(enforced(namespace));

/** @param id the identity of an object, such as `Kustomization.kustomize.toolkit.fluxcd.io apps/web` */
export function actingKindOf(id: string): ActingKind | undefined {
  const [type = ''] = id.split(' ');
  return kinds.find(([pattern]) => pattern.test(type))?.[1];
}

/**
 * Returns why Flux no longer applies or deletes something after this change of a Flux object; `undefined` if the change
 * does not stop Flux.
 */
export function stops({ path, after }: FieldChange): string | undefined {
  const stays = 'access that the change takes away can stay';
  if (path === 'spec.suspend' && after === true) return `it is suspended, so Flux applies no changes: ${stays}`;
  if (path === 'spec.prune' && after !== true)
    return `Flux no longer deletes objects that are gone from the files: ${stays}`;
  if (path === 'spec.ignore') return `Flux may now ignore files of this source that it applied before: ${stays}`;
  return undefined;
}
