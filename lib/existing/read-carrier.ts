import type { ControlPlaneKind } from '../config/config';
import { isMap, isText, type Json, mapAt, scalarText } from '../guards';
import { type Arguments, argumentsIn, argumentsOfContainer } from './api-server-arguments';
import type { Carrier } from './carrier';
import { carriersByField } from './carriers-by-field';
import { carriersByKind } from './carriers-by-kind';
import { type Placed, valuesAt } from './document-paths';
import { distributionOf } from './rancher-distribution';

/** What a document sets for an API server, with the documents inside it. */
export interface CarrierReading {
  readonly carrier: Carrier;
  readonly args?: Arguments;
  /** What else the command line contains, as in `ParsedWords`. */
  readonly others: readonly string[];
  readonly documents: readonly Placed[];
  readonly controlPlane?: ControlPlaneKind;
  /** Set if K3s was assumed because nothing distinguishes it from RKE2. */
  readonly isGuess?: boolean;
  readonly controlPlaneVersion?: string;
  readonly isOldest?: boolean;
  readonly kubernetes?: string;
  readonly server?: string;
  /** Set for a drop-in of K3s or RKE2 whose arguments replace those of the files before it. */
  readonly replaces?: boolean;
  /** The CA of the issuer, as PEM. */
  readonly ca?: string;
  /** The CA of the API server, as PEM. */
  readonly serverCa?: string;
  /** The names of other objects or files that have settings of this API server. */
  readonly elsewhere: readonly { readonly place: string; readonly what: string; readonly name: string }[];
  /** Messages about settings that have no effect, or not the intended one. */
  readonly faults: readonly string[];
  /** The paths that were read. */
  readonly read: readonly string[];
}

/** Reads a document as the first kind of document (`Carrier`) that matches. `undefined` if none matches. */
export function readCarrier(document: Json, source = ''): CarrierReading | undefined {
  const carrier = [...carriersByKind, ...carriersByField].find((one) => fits(one, document));
  if (!carrier) return undefined;
  const at = (paths: readonly string[] = []) => paths.flatMap((path) => valuesAt(document, path));
  const given = [
    ...at(carrier.args).map(({ place, value }) => ({ places: [place], words: argumentsIn(value) })),
    ...at(carrier.containers).map(({ place, value }) => ({
      places: ['entrypoint', 'command', 'args'].map((key) => `${place}.${key}`),
      words: argumentsOfContainer(value),
    })),
  ].flatMap(({ places, words }) => (words ? [{ places, ...words }] : []));
  const named = renamedArguments(document, carrier);
  const { enabledBy } = carrier;
  const [on] = enabledBy === undefined ? [] : valuesAt(document, enabledBy);
  const isTemplate = scalarText(on?.value).includes('{{');
  const isOff =
    enabledBy !== undefined && !isTemplate && !['true', 'yes', 'on', '1'].includes(scalarText(on?.value).toLowerCase());
  const renamed = isOff ? [] : named;
  const documents = at(carrier.documents);
  const [port] = carrier.port === undefined ? [] : at([carrier.port]);
  const written = merged([...given, ...renamed].map(({ args }) => args));
  const implied = written.has('oidc-issuer-url')
    ? (carrier.defaults?.(document) ?? []).filter(([flag]) => !written.get(flag)?.at(-1))
    : [];
  const args = new Map([...written, ...implied.map(([flag, value]) => [flag, [value]] as const)]);
  const [kubernetes, server, version] = [
    first(at(carrier.kubernetes), versionIn),
    first(at(carrier.server), (value) => addressIn(value, port?.value)),
    first(at(carrier.controlPlaneVersion), versionIn),
  ];
  const elsewhere = Object.entries(carrier.elsewhere ?? {}).flatMap(([path, what]) =>
    valuesAt(document, path).flatMap(({ place, value }) => (isText(value) ? [{ place, what, name: value }] : [])),
  );
  const [ca] = at(carrier.ca).filter(({ value }) => isText(value));
  const [serverCa] = at(carrier.serverCa).filter(({ value }) => isText(value));
  const pod = staticPod(document);
  const controlPlane = pod.controlPlane ?? carrier.controlPlane ?? distributionOf(document, carrier, source);
  // A pod or service that runs no API server is not read.
  if (carrier.containers && given.length + renamed.length === 0) return undefined;
  const tells = controlPlane ?? (['K3s or RKE2', 'k3s-ansible'].includes(carrier.name) ? 'k3s' : undefined);
  return {
    carrier,
    ...(given.length + renamed.length > 0 ? { args } : {}),
    others: given.flatMap(({ others }) => others),
    documents,
    ...(tells ? { controlPlane: tells } : {}),
    ...(tells && !controlPlane ? { isGuess: true } : {}),
    ...(kubernetes ? { kubernetes: kubernetes.value } : {}),
    ...((pod.server ?? server) ? { server: pod.server ?? server?.value ?? '' } : {}),
    ...((version?.value ?? carrier.impliedVersion)
      ? {
          controlPlaneVersion: minorOf(version?.value ?? carrier.impliedVersion ?? ''),
          ...(version ? {} : { isOldest: true }),
        }
      : {}),
    ...(isDropIn(source) && Object.hasOwn(document, 'kube-apiserver-arg') ? { replaces: true } : {}),
    ...(ca ? { ca: pemOf(scalarText(ca.value)) } : {}),
    ...(serverCa ? { serverCa: Buffer.from(scalarText(serverCa.value), 'base64').toString('utf8') } : {}),
    elsewhere,
    faults: [
      ...given.flatMap(({ faults = [] }) => faults),
      ...(isOff && named.length > 0
        ? [`${enabledBy} is not true, so ${carrier.name} ignores ${named.map(({ place }) => place).join(', ')}`]
        : []),
      ...(implied.length > 0
        ? [
            `${carrier.name} sets ${implied.map(([flag, value]) => `--${flag}=${value}`).join(', ')} by default: adopt assumes these values`,
          ]
        : []),
      ...(isTemplate ? [`${enabledBy} is a template: adopt assumes that its value is true`] : []),
    ],
    read: [
      ...[ca, serverCa].flatMap((one) => one?.place ?? []),
      ...(on ? [on.place] : []),
      ...(port && server ? [port.place] : []),
      ...(isOff ? named.map(({ place }) => place) : []),
      ...given.flatMap(({ places }) => places),
      ...[...renamed, ...documents, ...elsewhere].map(({ place }) => place),
      ...[kubernetes, server, version].flatMap((one) => one?.place ?? []),
    ],
  };
}

/** Whether a file is a drop-in, in the folder that K3s and RKE2 read after `config.yaml`. */
export const isDropIn = (source: string): boolean => /(^|\/)config\.yaml\.d\/[^/]+$/.test(source);

/**
 * Returns the arguments that a document sets for kube-apiserver; `undefined` if the document does not configure an API
 * server.
 */
export const apiServerArguments = (document: Json): Arguments | undefined => readCarrier(document)?.args;

function fits({ kind, apiVersion, has, needs = [] }: Carrier, document: Json): boolean {
  if (needs.some((path) => valuesAt(document, path).length === 0)) return false;
  const hasOne = has?.some((path) => valuesAt(document, path).length > 0);
  if (!kind) return document.kind === undefined && hasOne === true;
  if (!kind.includes(scalarText(document.kind))) return false;
  // If the carrier has no `apiVersion`, only the kind is compared, so that patches without an `apiVersion` match too.
  return hasOne !== false && (!apiVersion || apiVersion.test(scalarText(document.apiVersion)));
}

function renamedArguments(document: Json, { renamed = [] }: Carrier): { place: string; args: Arguments }[] {
  return renamed.flatMap(({ at, flags }) =>
    valuesAt(document, at).flatMap(({ place, value }) =>
      Object.entries(isMap(value) ? value : {}).flatMap(([key, one]) => {
        const flag = Object.hasOwn(flags, key) ? flags[key] : undefined;
        if (flag !== undefined && isMap(one) && Object.keys(one).length === 0)
          return [{ place: place === '' ? key : `${place}.${key}`, args: new Map() }];
        const args = flag === undefined ? undefined : argumentsIn({ [flag]: one });
        return args ? [{ place: place === '' ? key : `${place}.${key}`, args: args.args }] : [];
      }),
    ),
  );
}

function merged(all: readonly Arguments[]): Arguments {
  const args = new Map<string, readonly string[]>();
  for (const one of all) for (const [name, values] of one) args.set(name, [...(args.get(name) ?? []), ...values]);
  return args;
}

function first(values: readonly Placed[], read: (value: unknown) => string | undefined) {
  for (const { place, value } of values) {
    const text = read(value);
    if (text !== undefined) return { place, value: text };
  }
  return undefined;
}

const programs =
  /kube-apiserver|hyperkube|kindest\/node|kubelet|(^|\/)(k3s|rke2|k0s)\b|siderolabs\/(installer|talos)|^factory\.talos\.dev\/|hardened-kubernetes/;

/** Returns the version in a Kubernetes version or image tag: `1.34.4` for `v1.34.4+k3s1`. */
export function versionIn(value: unknown): string | undefined {
  const [, image, tag] = /^(.*[/a-z].*):([^:/]+)$/.exec(scalarText(value).replace(/@.*$/s, '')) ?? [];
  if (image !== undefined && !programs.test(image)) return undefined;
  return /^v?(\d+\.\d+(\.\d+)?)/.exec(tag ?? scalarText(value))?.[1];
}

/** Returns the PEM text of a value, which is PEM or PEM encoded as Base64. */
function pemOf(text: string): string {
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  return decoded.includes('-----BEGIN') ? decoded : text;
}

const minorOf = (version: string) => version.split('.').slice(0, 2).join('.');

/** Returns an address with scheme and port. kubeadm and k0s use port 6443 unless one is set. */
function addressIn(value: unknown, port: unknown = 6443): string | undefined {
  if (!isText(value) || value === '' || value.includes('${')) return undefined;
  if (/^https:\/\//.test(value)) return value;
  const host = /^[^/\s]+$/.exec(value)?.[0];
  return host && `https://${/:\d+$/.test(host) ? host : `${host}:${scalarText(port)}`}`;
}

/** Returns the settings, other than arguments, that kubeadm writes into a static pod. */
function staticPod(document: Json): { readonly controlPlane?: ControlPlaneKind; readonly server?: string } {
  const node = mapAt(document, 'metadata', 'annotations')[
    'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint'
  ];
  return document.kind === 'Pod' && isText(node) ? { controlPlane: 'kubeadm', server: `https://${node}` } : {};
}
