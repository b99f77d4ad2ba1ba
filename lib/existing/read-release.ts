import { isMap, isText, type Json, listOf, mapAt, scalarText } from '../guards';
import { leftOver, partName, valuesAt } from './document-paths';
import { type Facts, nothing } from './facts';
import { kanidmImage } from './kanidm-image';
import { serverPlace } from './kanidm-values';
import { inNamespace } from './release-objects';
import { referredValues } from './release-values';

interface Chart {
  /** The name of the chart; `null` if the Flux object that contains the name was not read. */
  readonly name: string | null;
  /** The address of the chart repository; `null` if the Flux object that contains the address was not read. */
  readonly repository: string | null;
  /** The name of the Flux object that contains the name of the chart. */
  readonly reference?: string;
  /** Whether the address had a user name or password, which were left out. */
  readonly hasPassword?: true;
  readonly version: string | null;
  /** The range of versions, if the release names no exact version; `version` is then `null`. */
  readonly range?: string;
  /** How the repository is reached: fields of `kanidm.helm`. */
  readonly access: { readonly secretRef?: string; readonly certSecretRef?: string; readonly insecure?: true };
  /** The paths of the fields that were read. */
  readonly read: readonly string[];
}

/**
 * Reads a HelmRelease of Kanidm, with its HelmRepository or OCIRepository. If a release of another chart runs Kanidm,
 * only the domain, origin and version of Kanidm are read.
 * @param siblings the documents of the same file
 * @param objects objects of other files
 */
export function releaseFacts(
  source: string,
  document: Json,
  siblings: readonly unknown[],
  objects: readonly Json[] = [],
): Facts | undefined {
  const isRelease =
    document.kind === 'HelmRelease' && scalarText(document.apiVersion).startsWith('helm.toolkit.fluxcd.io/');
  if (!isRelease) return undefined;
  const { name, namespace } = mapAt(document, 'metadata');
  const chart = chartOf(document, siblings, objects);
  if (!chart || !/kanidm/i.test(chart.name ?? scalarText(chart.reference))) return other(source, document);
  const { domain: own, ...values } = mapAt(document, 'spec', 'values');
  // The values of a general chart name the image of Kanidm. A chart of Kanidm needs a domain.
  const general = chart.name === null && own === undefined ? other(source, document) : undefined;
  if (general) return general;
  const valuesFrom = listOf(mapAt(document, 'spec').valuesFrom).filter(isMap);
  const read = [
    ...['kind', 'apiVersion', 'metadata.name', 'metadata.namespace', 'spec.values', 'spec.valuesFrom'],
    ...chart.read,
  ];
  const title = `HelmRelease ${scalarText(name)}`;
  const referred = referredValues(title, document, [...siblings, ...inNamespace(namespace, objects)]);
  const domain = isText(own) ? own : referred.domain;
  const secret = 'the address of its repository contains a user name or password, which the config must not contain';
  const isUnnamed = !isText(domain) && valuesFrom.length === 0;
  const { place, notes } = serverPlace(title, isText(domain) ? { domain } : {});
  const { differences, compared } = releaseDifferences(document);
  return {
    ...nothing,
    releases: [
      {
        source,
        name: scalarText(name),
        ...(isText(namespace) ? { namespace } : {}),
        ...(place.domain === undefined ? {} : { domain: place.domain }),
        ...(differences.length > 0 ? { differences } : {}),
        helm: {
          repository: chart.repository,
          chart: chart.name,
          version: chart.version,
          ...chart.access,
          ...(Object.keys(values).length > 0 ? { values } : {}),
          ...(valuesFrom.length > 0 ? { valuesFrom } : {}),
        },
      },
    ],
    passedOver: leftOver(document, [...read, ...compared])
      .filter((what) => !read.includes(what))
      .map((what) => ({ source, what: `${title}: ${what}`, why: 'not about sign-in' })),
    notes: [
      ...(isUnnamed ? [`${title} sets no values.domain`] : []),
      ...(chart.hasPassword
        ? [`${title}: ${secret}: put them into a Secret, and write its name into \`kanidm.helm.secretRef\``]
        : []),
      ...referred.notes,
      ...notes,
      ...(chart.range === undefined
        ? []
        : [
            `${title} allows the chart versions \`${chart.range}\`: write the exact version of the installed chart into \`kanidm.helm.version\``,
          ]),
    ].map((text) => ({ source, text })),
  };
}

/** The fields that decide which release of Helm belongs to a HelmRelease. */
const places = ['releaseName', 'targetNamespace', 'storageNamespace'] as const;

/** Other fields that change what Flux deploys. The rendered HelmRelease has none of them. */
const deploying = [
  ...['spec.kubeConfig', 'spec.serviceAccountName', 'spec.commonMetadata', 'spec.suspend', 'spec.dependsOn'],
  ...['spec.chart.spec.valuesFiles', 'spec.chart.spec.verify'],
];
const postRenderers = 'spec.postRenderers';

/**
 * Returns what Flux does differently with the rendered HelmRelease, and the paths of the fields that differ.
 * @see https://github.com/fluxcd/helm-controller/blob/v1.3.0/internal/action/verify.go (ReleaseTargetChanged)
 */
function releaseDifferences(document: Json): { differences: string[]; compared: string[] } {
  const { name, namespace } = mapAt(document, 'metadata');
  const spec = mapAt(document, 'spec');
  const { targetNamespace, storageNamespace } = spec;
  const { releaseName = targetNamespace === undefined ? name : `${scalarText(targetNamespace)}-${scalarText(name)}` } =
    spec;
  const isOther =
    releaseName !== name || [targetNamespace, storageNamespace].some((one) => one !== undefined && one !== namespace);
  const moved = isOther ? places.filter((field) => spec[field] !== undefined).map((field) => `spec.${field}`) : [];
  const isSet = (place: string) => valuesAt(document, place).some(({ value }) => value !== false && value !== null);
  const lost = deploying.filter(isSet);
  const others = isSet(postRenderers) ? [postRenderers] : [];
  return {
    differences: [
      ...(moved.length > 0 ? [`the rendered HelmRelease has no ${moved.join(', ')}${effectOn(name, namespace)}`] : []),
      ...(lost.length > 0 ? [`the rendered HelmRelease has no ${lost.join(', ')}`] : []),
      ...(others.length > 0 ? [`the rendered HelmRelease has other \`${postRenderers}\``] : []),
    ],
    compared: [...moved, ...lost, ...others],
  };
}

/** Returns what happens to the release if its name or one of its namespaces changes. */
function effectOn(name: unknown, namespace: unknown): string {
  const backup = 'so first make a backup, and see docs/backup.md';
  // A HelmRelease with another name is not changed: Flux installs a second Kanidm.
  if (name !== 'kanidm') return '';
  // Kaniflux does not render Kanidm into the namespace of Flux.
  if (namespace === 'flux-system')
    return `: the rendered HelmRelease is in another namespace, so both manage Kanidm, and removing this one from Git uninstalls Kanidm, ${backup}`;
  const uninstalls = `Flux uninstalls this release, which can delete its volumes, and installs a new one, ${backup}`;
  return namespace === undefined
    ? `: if Flux applies this file in the namespace of the rendered HelmRelease, ${uninstalls}`
    : `: ${uninstalls}`;
}

function chartOf(document: Json, siblings: readonly unknown[], objects: readonly Json[]): Chart | undefined {
  const find = (kind: string, { name, namespace = mapAt(document, 'metadata').namespace }: Json) => {
    const named = [...siblings, ...inNamespace(namespace, objects)].filter(
      (one) => isMap(one) && one.kind === kind && mapAt(one, 'metadata').name === name,
    );
    const namespaceOf = (one: unknown) => mapAt(one, 'metadata').namespace;
    // A file can leave out namespaces, for example if a Kustomization sets them.
    const others = namespace === undefined ? named : named.filter((one) => namespaceOf(one) === undefined);
    return named.find((one) => namespaceOf(one) === namespace) ?? (others.length === 1 ? others[0] : undefined);
  };
  const reference = mapAt(document, 'spec', 'chartRef');
  if (isText(reference.name)) {
    const repository = find(scalarText(reference.kind), reference);
    const { url, ref } = mapAt(repository, 'spec');
    const address = isText(url) ? url : '';
    const { tag, semver } = mapAt(ref);
    return {
      name: address === '' ? null : address.slice(address.lastIndexOf('/') + 1),
      reference: reference.name,
      ...repositoryAt(address === '' ? undefined : address.slice(0, address.lastIndexOf('/'))),
      ...versionOf(tag ?? semver),
      access: accessOf(repository),
      read: ['spec.chartRef.name', 'spec.chartRef.kind'],
    };
  }
  const { chart, version, sourceRef } = mapAt(document, 'spec', 'chart', 'spec');
  if (!isText(chart)) return undefined;
  const repository = find(scalarText(mapAt(sourceRef).kind), mapAt(sourceRef));
  const { url } = mapAt(repository, 'spec');
  return {
    name: chart,
    ...repositoryAt(url),
    ...versionOf(version),
    access: accessOf(repository),
    read: ['chart', 'version', 'sourceRef.name', 'sourceRef.kind'].map((field) => `spec.chart.spec.${field}`),
  };
}

/**
 * Returns the version if it is exact; otherwise `null` and the range. With a range, Flux would upgrade Kanidm on its
 * own.
 */
function versionOf(value: unknown): Pick<Chart, 'version' | 'range'> {
  const text = value === undefined ? '' : scalarText(value);
  if (/^v?\d+\.\d+\.\d+([-+].*)?$/.test(text)) return { version: text };
  return { version: null, ...(text === '' ? {} : { range: text }) };
}

/** Returns the address of a repository, without a user name and password. */
function repositoryAt(url: unknown): Pick<Chart, 'repository' | 'hasPassword'> {
  if (!isText(url)) return { repository: null };
  const plain = url.replace(/^(\w+:\/\/)[^/]*@/, '$1');
  return { repository: plain, ...(plain === url ? {} : { hasPassword: true }) };
}

function accessOf(repository: unknown): Chart['access'] {
  const { secretRef, certSecretRef, insecure } = mapAt(repository, 'spec');
  const [secret, certificate] = [
    mapAt({ secretRef }, 'secretRef').name,
    mapAt({ certSecretRef }, 'certSecretRef').name,
  ];
  return {
    ...(isText(secret) ? { secretRef: secret } : {}),
    ...(isText(certificate) ? { certSecretRef: certificate } : {}),
    ...(insecure === true ? { insecure } : {}),
  };
}

/** Reads a HelmRelease that uses another chart than those of Kanidm, if its values name the image of Kanidm. */
function other(source: string, document: Json): Facts | undefined {
  const { name, namespace } = mapAt(document, 'metadata');
  const place = `HelmRelease ${isText(namespace) ? `${namespace}/` : ''}${scalarText(name)}`;
  return kanidmImage(source, partName({ place, value: document }), mapAt(document, 'spec').values);
}
