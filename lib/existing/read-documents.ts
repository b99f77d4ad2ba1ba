import { asStored, type BindingObject, hasRbacForm, isBinding } from '../access/objects';
import { isMap, isText, type Json, mapAt, scalarText } from '../guards';
import { areArguments, argumentsIn, argumentsOfContainer, type ParsedWords } from './api-server-arguments';
import { fromClientText } from './client-text';
import { decoded } from './decoded';
import { valuesAt } from './document-paths';
import { documentsIn, itemsOf, keyWrittenTwice } from './documents-in';
import { withDistribution } from './embedded-distribution';
import { type ApiServer, type Facts, type Note, nothing, together, understood } from './facts';
import { inForce, type NestedFacts } from './in-force';
import { jsonPatch } from './json-patch';
import { kanidmEntry } from './kanidm-entries';
import { kanidmInValues, kanidmVariables } from './kanidm-image';
import { kaniopFacts } from './kanidm-resources';
import { kanidmService, kanidmWorkload, serverToml } from './kanidm-workload';
import { asKubespray, kubesprayConfiguration } from './kubespray';
import { caInside, fileUnread, type NodeCa, nodeFiles } from './node-files';
import { passedOverIn, wholeDocument, whyTextUnread } from './passed-over';
import { provisionFacts } from './provision-state';
import { type CarrierReading, readCarrier } from './read-carrier';
import { kubeconfigFacts } from './read-kubeconfig';
import { releaseFacts } from './read-release';
import { structured } from './read-structured';
import { argumentFacts, fromWords, serverOfArguments } from './read-words';
import { inNamespace, objectsBeside } from './release-objects';
import { valuesMap } from './release-values';
import { nulWords } from './shell-words';
import { unknownValues } from './unknown-values';

/**
 * Reads a text in any supported form: YAML or JSON, the output of the kanidm client, a command line, a systemd unit or
 * a file of arguments. `undefined` for any other text.
 */
export function factsOf(source: string, text: string, objects: readonly Json[] = []): Facts | undefined {
  const entries = fromClientText(source, text);
  if (entries) return { ...nothing, entries };
  const server = serverToml(source, text);
  if (server?.isWhole) return server.facts;
  if (!server) return factsOfText(source, text, objects);
  const rest = { source, what: 'the rest of the file', ...whyTextUnread(text) };
  return together([server.facts, factsOfText(source, text, objects) ?? { ...nothing, passedOver: [rest] }]);
}

function factsOfText(source: string, text: string, objects: readonly Json[]): Facts | undefined {
  // `/proc/PID/cmdline` has a NUL after each word.
  if (text.includes('\0')) return fromWords(source, text.replaceAll('\0', '\n'), nulWords(text));
  const documents = documentsIn(text);
  if (documents) return fromDocuments(source, documents, [], objectsBeside(documents, objects));
  const twice = keyWrittenTwice(text);
  return twice === undefined
    ? (fromWords(source, text) ?? kanidmVariables(source, text))
    : { ...nothing, passedOver: [{ source, what: 'the whole file', why: 'not understood', instead: twice }] };
}

/** Reads values that are together in a file. Each can refer to the others, to its siblings, and to objects of files. */
function fromDocuments(
  source: string,
  documents: readonly unknown[],
  siblings: readonly unknown[],
  objects: readonly Json[],
): Facts {
  const all = [...documents, ...siblings];
  return together(documents.map((one) => fromDocument(source, one, all, objects)));
}

/**
 * Reads one JSON value. Parts that are not understood are reported.
 * @param siblings the other values of the same file
 * @param objects objects of other files. They can belong to something else, so they count only in the same namespace.
 */
export function fromDocument(
  source: string,
  document: unknown,
  siblings: readonly unknown[] = [],
  objects: readonly Json[] = [],
): Facts {
  if (Array.isArray(document)) {
    const patched = jsonPatch(document);
    if (patched) {
      const passedOver = patched.others.map((what) => ({ source, what, why: 'not understood' }) as const);
      return together([fromDocument(source, patched.document), { ...nothing, passedOver }]);
    }
    const words = areArguments(document) ? argumentsIn(document) : undefined;
    if (words) return argumentFacts(source, words);
    return fromDocuments(source, document, siblings, objects);
  }
  if (!isMap(document))
    return { ...nothing, passedOver: [{ source, what: 'a value that is not a map', why: 'not understood' }] };
  const items = itemsOf(document);
  if (items) return fromDocuments(source, items, siblings, objects);
  const unknown = unknownValues(source, document);
  if (unknown) return { ...nothing, passedOver: [unknown] };
  const entry = kanidmEntry(source, document);
  if (entry) return { ...nothing, entries: [entry] };
  const stored = asStored(document);
  const near = [...siblings, ...inNamespace(mapAt(document, 'metadata').namespace, objects)];
  if (hasRbacForm(stored) && isBinding(stored))
    return { ...nothing, bindings: [{ source, object: stored }], notes: bareRole(source, stored) };
  const reader =
    kaniopFacts(source, document) ??
    provisionFacts(source, document) ??
    kubeconfigFacts(source, document) ??
    releaseFacts(source, document, siblings, objects) ??
    kanidmWorkload(source, document, near) ??
    kanidmService(source, document);
  const kubespray = reader ? undefined : kubesprayConfiguration(document);
  if (kubespray) {
    const facts = structured(source, kubespray.configuration) ?? nothing;
    return together([asKubespray(source, facts, kubespray.notes), fromDocument(source, kubespray.rest)]);
  }
  return (
    reader ??
    structured(source, document) ??
    carried(source, document) ??
    inside(source, document) ??
    valuesMap(source, document, near) ??
    kanidmInValues(source, document) ?? { ...nothing, passedOver: [wholeDocument(source, document)] }
  );
}

/** Returns a note for a role reference without an API group. Both the API server and Kaniflux add the group. */
function bareRole(source: string, { kind, metadata, roleRef }: BindingObject): Note[] {
  const isBare = !('apiGroup' in roleRef);
  return isBare
    ? [{ source, text: `${kind} ${metadata.name} has no apiGroup in roleRef; Kaniflux renders it with the apiGroup` }]
    : [];
}

/** Reads arguments and known documents inside another document, such as Helm values, cloud-init or a playbook. */
function inside(source: string, document: Json): Facts | undefined {
  const found = inForce(source, document, '', nested(source, document, ''));
  if (found.length === 0) return undefined;
  const [whole] = found.filter(({ place }) => place === '');
  if (whole) return whole.facts;
  const passedOver = passedOverIn(source, document, ['kind', 'apiVersion', ...found.map(({ place }) => place)]);
  return together([...found.map(({ facts }) => withDistribution(facts, document)), { ...nothing, passedOver }]);
}

function nested(source: string, value: unknown, place: string): NestedFacts[] {
  const at = (key: string) => (place === '' ? key : `${place}.${key}`);
  const children = isMap(value) || Array.isArray(value) ? Object.entries(value) : [];
  const container = argumentsOfContainer(value);
  if (container)
    return ['entrypoint', 'command', 'args'].map((key, i) => ({
      place: at(key),
      facts: i === 0 ? argumentFacts(source, container) : nothing,
    }));
  return children.flatMap(([key, inner]): NestedFacts[] => {
    if (isText(inner)) {
      const line = isMap(value) && /^(line|replace)$/.test(key) ? lineOfPod(inner, value) : undefined;
      if (line) return [{ place: at(key), facts: argumentFacts(source, line) }];
      const isWorth = key !== lastApplied && [inner, decoded(inner)].some(isWorthReading);
      const facts = isWorth ? embedded(withPath(source, value), inner) : undefined;
      return facts ? [{ place: at(key), facts }] : [];
    }
    const isCommand = key === 'command' || key === 'args' || key === 'entrypoint';
    if (!isCommand && areArguments(inner)) {
      const words = argumentsIn(inner);
      return words ? [{ place: at(key), facts: argumentFacts(source, words) }] : [];
    }
    // Some roles of Ansible write the items of a list into `config.yaml` as lines.
    if (Array.isArray(inner) && inner.every(isText) && inner.some((line) => /^kube-apiserver-arg\+?:/.test(line))) {
      const facts = embedded(source, inner.join('\n'));
      if (facts) return [{ place: at(key), facts }];
    }
    const patched = Array.isArray(inner) && jsonPatch(inner) ? fromDocument(source, inner) : undefined;
    if (patched && patched.apiServers.length > 0) return [{ place: at(key), facts: patched }];
    const reading =
      hasRbacForm(inner) && isBinding(inner)
        ? fromDocument(source, inner)
        : isMap(inner)
          ? (structured(source, inner) ?? carried(source, inner))
          : undefined;
    const found = reading ? [{ place: at(key), facts: reading }] : nested(source, inner, at(key));
    return inForce(source, inner, at(key), found);
  });
}

/** An annotation with an earlier version of the object. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Returns the flag in a line that Ansible writes into the static pod of kube-apiserver. */
const lineOfPod = (line: string, task: Json): ParsedWords | undefined =>
  /^[\s-]*["']?--oidc-[a-z-]+=/.test(line) &&
  Object.values(task).some((one) => /kube-apiserver\b/.test(scalarText(one)))
    ? argumentsIn(line.replace(/^\s*-\s/, ''))
    : undefined;

const isWorthReading = (text: string) =>
  serverToml('', text) !== undefined ||
  (/\s|^[[{]/.test(text.trim()) &&
    /kube-apiserver|apiserver\.config\.k8s\.io|rbac\.authorization\.k8s\.io|oidc-client-id|authentication-config\b/.test(
      text,
    ));

/** Reads a document that contains other documents, or arguments of kube-apiserver. */
function carried(source: string, document: Json): Facts | undefined {
  const reading = readCarrier(document, source);
  if (!reading) return undefined;
  const inner = reading.documents.map(({ place, value }) => {
    const [file] = valuesAt(document, place.replace(/\.?[^.]*$/, ''));
    return { place, facts: embedded(withPath(source, file?.value), value) };
  });
  const files = reading.documents.flatMap(({ place, value }) =>
    isFileName(value) ? [{ place, file: value.slice(1) }] : [],
  );
  const facts = inner.flatMap((one) => one.facts ?? []);
  const isEmpty = !reading.args && facts.length + files.length + reading.elsewhere.length + reading.faults.length === 0;
  if (isEmpty && !reading.kubernetes && !reading.server && !reading.serverCa) return undefined;
  const isPatch = isText(document.kind) && document.apiVersion === undefined && !reading.carrier.apiVersion?.test('');
  const named = nodeFiles(document, reading.args);
  const ca = caInside(named);
  const notes = [
    ...reading.faults.map((text) => ({ source, text })),
    ...files.map(({ place, file }) => ({
      source,
      text: `${place} is in the file ${file}: run adopt with this file too`,
      file,
    })),
    ...reading.elsewhere.map(({ place, what, name }) => ({
      source,
      text: `${place} names ${what} ${name}: run adopt with it too`,
      ...(what === 'the file' ? { file: name } : {}),
    })),
    ...(isPatch ? [{ source, text: `${document.kind} has no apiVersion: adopt reads it as a patch` }] : []),
  ];
  const read = [
    ...reading.read.filter((place) => !reading.documents.some((one) => one.place === place)),
    // The field `path` beside `content` counts as read too: it only says where the file is on the node.
    ...inner.flatMap(({ facts, place }) => (facts ? [place, place.replace(/\.content$/, '.path')] : [])),
    ...[...files, ...(ca ? [ca] : [])].map(({ place }) => place),
    'kind',
    'apiVersion',
  ];
  const unread = named.filter(({ place }) => !read.some((one) => one === place || one.startsWith(`${place}.`)));
  return together([
    ...facts,
    {
      ...nothing,
      apiServers: [apiServerOf(source, reading, ca)],
      passedOver: [
        ...reading.others.map((what) => ({ source, what, why: 'not about sign-in' }) as const),
        ...unread.map((file) => fileUnread(source, file)),
        ...passedOverIn(source, document, [...read, ...unread.map(({ place }) => place)]),
      ],
      notes,
      ...(reading.serverCa === undefined ? {} : { serverCa: reading.serverCa }),
    },
  ]);
}

/**
 * Returns the source of a file inside another document. The path of a file of K3s or RKE2 is part of it, because the
 * order of these files depends on their paths.
 */
function withPath(source: string, file: unknown): string {
  const path = scalarText(mapAt(file).path);
  return /\/config\.yaml(\.d\/[^/]+)?$/.test(path) ? `${source}: ${path}` : source;
}

/** Whether a value of talhelper is a file name, which begins with `@`. */
const isFileName = (value: unknown): value is string => isText(value) && value.startsWith('@');

function embedded(source: string, value: unknown): Facts | undefined {
  if (isFileName(value)) return undefined;
  const facts = isText(value)
    ? (textFacts(source, value) ?? textFacts(source, decoded(value)))
    : fromDocument(source, value);
  return facts && understood(facts) ? facts : undefined;
}

function textFacts(source: string, text: string): Facts | undefined {
  const facts = factsOf(source, text);
  return facts && understood(facts) ? facts : undefined;
}

function apiServerOf(source: string, reading: CarrierReading, file: NodeCa | undefined): ApiServer {
  const { carrier, args, controlPlane, isGuess, controlPlaneVersion, isOldest, kubernetes, server } = reading;
  return {
    source,
    carrier: carrier.name,
    ...(reading.replaces ? { replaces: true } : {}),
    ...serverOfArguments(source, args, reading.ca === undefined ? file?.ca : { pem: reading.ca }),
    ...(controlPlane ? { controlPlane } : {}),
    ...(isGuess ? { isGuess } : {}),
    ...(controlPlaneVersion ? { controlPlaneVersion } : {}),
    ...(isOldest ? { isOldest } : {}),
    ...(kubernetes ? { kubernetes } : {}),
    ...(server ? { server } : {}),
    ...(carrier.advice ? { advice: `Kaniflux renders the settings, but not this file: ${carrier.advice}` } : {}),
  };
}
