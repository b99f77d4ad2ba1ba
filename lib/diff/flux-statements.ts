import type { Config } from '../config/config';
import { type FieldChange, fieldText } from './field-changes';
import type { ObjectChange } from './object-changes';
import type { Level, Statement } from './statement';

/**
 * Returns a statement for each hand-written Flux object whose change affects what Flux applies, or from where. Unless
 * Flux is locked down, it applies everything as cluster-admin.
 * @see https://fluxcd.io/flux/installation/configuration/multitenancy/
 */
export function fluxStatements(objects: readonly ObjectChange[], { kanidm }: Config): Statement[] {
  return objects.flatMap(({ change, cluster, object, fields }): Statement[] => {
    const [, kind = '', name = ''] = /^(\w+)\.\S*\.toolkit\.fluxcd\.io (.*)$/.exec(object) ?? [];
    const rule = rules.get(kind);
    // Objects that are rendered from the config have their own statements.
    if (!rule || name.startsWith(`${kanidm.namespace}/`)) return [];
    const decisive = fields.filter(({ path }) => rule.fields.test(path));
    if (change === 'changed' && decisive.length === 0) return [];
    const words = { added: 'is new', removed: 'is gone', changed: 'changed' };
    return [
      {
        part: 'trust',
        level: change === 'removed' ? 'none' : decisive.some(isVerification) ? 'high' : rule.level,
        change,
        say: (on) => `${on}: the ${kind} ${name} ${words[change]}${change === 'removed' ? '' : `: ${rule.means}`}`,
        clusters: [cluster],
        details: decisive.map(fieldText),
      },
    ];
  });
}

interface Rule {
  /** The fields that affect what is applied. */
  readonly fields: RegExp;
  readonly level: Level;
  readonly means: string;
}

const source: Rule = {
  fields:
    /^spec\.(url|ref|verify|secretRef|endpoint|bucketName|provider|insecure|certSecretRef|type|proxySecretRef|include)\b/,
  level: 'high',
  means: 'whoever controls this source decides what Flux applies, as cluster-admin by default',
};

const rules: ReadonlyMap<string, Rule> = new Map([
  ...['GitRepository', 'OCIRepository', 'Bucket', 'HelmRepository', 'HelmChart', 'ExternalArtifact'].map(
    (kind) => [kind, source] as const,
  ),
  [
    'Kustomization',
    {
      fields:
        /^spec\.(sourceRef|path|serviceAccountName|kubeConfig|patches|images|components|postBuild|decryption|targetNamespace)\b/,
      level: 'high',
      means: 'this object decides what Flux applies, as cluster-admin by default',
    },
  ],
  [
    'HelmRelease',
    {
      fields: /^spec\.(chart|chartRef|values|valuesFrom|serviceAccountName|kubeConfig|postRenderers)\b/,
      level: 'medium',
      means: 'Flux installs this chart, as cluster-admin by default',
    },
  ],
]);

/** Whether a field configures how the signature of a source is verified. */
const isVerification = ({ path }: FieldChange): boolean => path.startsWith('spec.verify');
