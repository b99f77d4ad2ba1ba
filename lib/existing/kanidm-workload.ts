import { isMap, isText, type Json, listOf, mapAt, scalarText } from '../guards';
import { partName, valuesAt } from './document-paths';
import { type Facts, nothing } from './facts';
import { kanidmSettings } from './kanidm-settings';
import { serverPlace } from './kanidm-values';

const image = /(^|\/)kanidm\/server(:|@|$)|(^|\/)kanidmd?:/;

/** Returns the version of Kanidm in an image tag. */
const versionOf = (name: string): string | undefined => /:v?(\d+\.\d+(?:\.\d+)?)/.exec(name)?.[1];

const podSpecs = ['spec.template.spec', 'spec.jobTemplate.spec.template.spec', 'spec'];

const isKanidm = (container: unknown): boolean => image.test(scalarText(mapAt(container).image));

function kanidmContainers(document: Json): Json[] {
  const isWorkload = /^(StatefulSet|Deployment|DaemonSet|Pod|ReplicaSet)$/.test(scalarText(document.kind));
  if (!isWorkload) return [];
  return podSpecs
    .flatMap((place) => valuesAt(document, `${place}.containers.*`))
    .flatMap(({ value }) => (isMap(value) && isKanidm(value) ? [value] : []));
}

const nameOf = (document: Json): string => {
  const { name, namespace } = mapAt(document, 'metadata');
  const place = `${scalarText(document.kind)} ${isText(namespace) ? `${namespace}/` : ''}${scalarText(name)}`;
  return partName({ place, value: document });
};

/** Returns the HelmRelease that a workload belongs to. */
function releaseOf(document: Json): string | undefined {
  const labels = mapAt(document, 'metadata', 'labels');
  const name =
    labels['helm.toolkit.fluxcd.io/name'] ?? mapAt(document, 'metadata', 'annotations')['meta.helm.sh/release-name'];
  return isText(name) ? name : undefined;
}

/** Reads the domain, origin and version of a workload that runs Kanidm. */
export function kanidmWorkload(source: string, document: Json, siblings: readonly unknown[] = []): Facts | undefined {
  const [container] = kanidmContainers(document);
  if (!container) return undefined;
  const variables = environment(container, (name) => configMap(document, name, siblings));
  const release = releaseOf(document);
  return kanidmFacts(source, {
    what: nameOf(document),
    domain: variables.get('KANIDM_DOMAIN'),
    origin: variables.get('KANIDM_ORIGIN'),
    version: versionOf(scalarText(container.image)),
    ...(release === undefined ? {} : { release }),
  });
}

/** Returns the environment variables of a container. `env` has precedence over `envFrom`. */
function environment(container: Json, dataOf: (name: unknown) => Json): Map<string, string> {
  const maps = listOf(container.envFrom).flatMap((from) => {
    const prefix = scalarText(mapAt(from).prefix);
    const data = dataOf(mapAt(from, 'configMapRef').name);
    return Object.entries(data).map(([key, value]) => [`${prefix}${key}`, scalarText(value)] as const);
  });
  const own = listOf(container.env).map((one) => {
    const { name, key } = mapAt(one, 'valueFrom', 'configMapKeyRef');
    return [scalarText(mapAt(one).name), scalarText(mapAt(one).value ?? dataOf(name)[scalarText(key)])] as const;
  });
  return new Map([...maps, ...own]);
}

/** Returns the data of a ConfigMap in the namespace of a workload; an empty map if none, or several, were read. */
function configMap(workload: Json, name: unknown, siblings: readonly unknown[]): Json {
  if (!isText(name)) return {};
  const { namespace } = mapAt(workload, 'metadata');
  const [map, ...others] = siblings.filter((one) => {
    const metadata = mapAt(one, 'metadata');
    return mapAt(one).kind === 'ConfigMap' && metadata.name === name && (metadata.namespace ?? namespace) === namespace;
  });
  return others.length > 0 ? {} : mapAt(map, 'data');
}

/** Reads a Service whose selector names Kanidm. */
export function kanidmService(source: string, document: Json): Facts | undefined {
  if (document.kind !== 'Service') return undefined;
  const values = Object.values(mapAt(document, 'spec', 'selector'));
  if (!values.some((value) => /^kanidmd?$/.test(scalarText(value)))) return undefined;
  const release = releaseOf(document);
  return kanidmFacts(source, { what: nameOf(document), ...(release === undefined ? {} : { release }) });
}

/**
 * Reads `server.toml` of Kanidm, or the same settings in a file that writes it, such as a module of Nix or a script.
 * @returns `isWhole` if the text has only these settings
 */
export function serverToml(source: string, text: string): { facts: Facts; isWhole: boolean } | undefined {
  const settings = kanidmSettings(text);
  if (!settings || /^\s*[\w-]+:\s/m.test(text)) return undefined;
  const { domain, origin } = settings;
  const lines = text.split('\n').filter((line) => /^\s*[^#\s]/.test(line));
  const isWhole = lines.every((line) => tomlLine.test(line));
  if (!isWhole && !/kanidm/i.test(text)) return undefined;
  const what = isWhole
    ? `server.toml of Kanidm (domain, origin and ${lines.length - 2} other lines)`
    : 'domain and origin of Kanidm';
  return { facts: kanidmFacts(source, { what, domain, origin }), isWhole };
}

/** Matches a line of TOML, which does not end as a line of a program does. */
const tomlLine = /^\s*(\[|[\w."'-]+\s*=|["'\d\]])(?!.*[;{]\s*$)/;

interface Server {
  /** The object or file, as printed to people. */
  readonly what: string;
  readonly domain?: string | undefined;
  readonly origin?: string | undefined;
  readonly version?: string | undefined;
  /** The HelmRelease that the object belongs to. */
  readonly release?: string;
}

/** Returns the facts of an object or file that belongs to a Kanidm server. */
export function kanidmFacts(source: string, { what, domain, origin, version, release }: Server): Facts {
  const { place, notes } = serverPlace(what, { domain, origin });
  return {
    ...nothing,
    servers: [{ source, ...place, ...(version ? { version } : {}) }].filter((server) => Object.keys(server).length > 1),
    passedOver: [
      {
        source,
        what: `${what}${version ? `, Kanidm ${version}` : ''}`,
        why: 'runs Kanidm',
        ...(release === undefined ? {} : { release }),
      },
    ],
    notes: notes.map((text) => ({ source, text })),
  };
}
