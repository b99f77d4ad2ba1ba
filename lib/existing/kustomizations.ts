import { posix } from 'node:path';
import type { Reader } from '../config/reader';
import { isMap, isText, type Json, listOf, mapAt, scalarText } from '../guards';
import { isKustomization, type Manifest, type Unread } from './manifests';

interface Input {
  readonly reader: Reader;
  /** All files. */
  readonly paths: readonly string[];
  /** The objects in these files. */
  readonly found: readonly Manifest[];
  /** The path of the folder that the reader reads, from the root of the disk. */
  readonly root: string;
}

/** A kustomization.yaml. */
interface Kustomization {
  readonly file: string;
  readonly folder: string;
  readonly content: Json;
}

/**
 * Returns each kustomization.yaml, and each Kustomization of Flux or Application of Argo CD, whose result can differ
 * from the RBAC objects in the files: it changes them, adds objects from elsewhere, or does not list a file.
 */
export function kustomizations(input: Input): Unread[] {
  const rbac = input.found.filter(({ object }) => groupOf(object) === 'rbac.authorization.k8s.io');
  return [...ofKustomize(input, rbac), ...ofFlux(input, rbac)];
}

function ofKustomize({ reader, paths, found }: Input, rbac: readonly Manifest[]): Unread[] {
  const contents = new Map(found.filter(({ file }) => isKustomization(file)).map(({ file, object }) => [file, object]));
  // A file that is empty or cannot be read lists nothing.
  const all = paths
    .filter(isKustomization)
    .map((file): Kustomization => ({ file, folder: folderOf(file), content: contents.get(file) ?? {} }));
  const byFolder = new Map(all.map((one) => [one.folder, one]));
  const listed = all.map((one) => ({ ...one, ...listedBy(one, byFolder, paths) }));
  const applied = new Set(listed.flatMap(({ files }) => [...files]));
  return listed.flatMap(({ file, folder, content, files, elsewhere }): Unread[] => {
    const own = rbac.filter((one) => files.has(one.file));
    const patches = filesIn(patchFields, { folder, content }, paths);
    const texts = textsOf(reader, [...patches, ...filesIn(fileFields, { folder, content }, paths)]);
    // A component changes the objects of the folder that lists it.
    const objects = content.kind === 'Component' ? rbac : own;
    const fields =
      objects.length + elsewhere.length > 0 ? changesOf({ content, objects, texts }) : addedBy(content, texts);
    const here = rbac.filter((one) => folderOf(one.file) === folder && !applied.has(one.file));
    const isPatch = (path: string) => patches.some(([, patch]) => patch === path);
    const others = [...new Set(here.map((one) => one.file))].filter((path) => !isPatch(path));
    const names = others.map((path) => posix.basename(path));
    const reasons = [
      ...(fields.length > 0 ? [changed(fields)] : []),
      ...(elsewhere.length > 0 ? [`it lists ${elsewhere.join(', ')}, which Kaniflux does not read`] : []),
      ...(names.length > 0 ? [`it does not list ${names.join(', ')}, which Kaniflux reads all the same`] : []),
    ];
    if (reasons.length === 0) return [];
    const values = [fields.map((field) => content[field]), fields.length > 0 ? [...texts] : [], elsewhere, names];
    return [{ file, reason: reasons.join('; '), fix, content: JSON.stringify(values) }];
  });
}

function ofFlux({ found, root }: Input, rbac: readonly Manifest[]): Unread[] {
  return found.flatMap(({ file, line, object }): Unread[] => {
    const all = appliedBy(object).map(({ path, content, named }) => {
      const folder = posix.join('/', path, '/');
      const objects = rbac.filter((one) => `${posix.join('/', root, one.file)}`.includes(folder));
      const fields = objects.length > 0 ? changesOf({ content, objects }) : [];
      if (isMap(content.postBuild) && objects.some((one) => JSON.stringify(one.object).includes('${')))
        fields.push('postBuild');
      return { names: fields.map(named), values: [folder, fields.map((field) => content[field])] };
    });
    const changing = all.filter(({ names }) => names.length > 0);
    if (changing.length === 0) return [];
    const { namespace, name } = mapAt(object, 'metadata');
    return [
      {
        file,
        object: { name: `${scalarText(object.kind)} ${[namespace, name].filter(isText).join('/')}`, line },
        reason: changed([...new Set(changing.flatMap(({ names }) => names))]),
        fix,
        content: JSON.stringify(changing.map(({ values }) => values)),
      },
    ];
  });
}

/** A folder that an object of Flux or Argo CD applies. */
interface Applied {
  readonly path: string;
  /** The changes to the objects in the folder, written as fields of a kustomization.yaml. */
  readonly content: Json;
  /** Returns the name that such a field has in the object. */
  readonly named: (field: string) => string;
}

function appliedBy(object: Json): Applied[] {
  const { kind } = object;
  if (kind === 'Kustomization' && groupOf(object) === 'kustomize.toolkit.fluxcd.io') {
    const { targetNamespace, ...spec } = mapAt(object, 'spec');
    const named = (field: string) => (field === 'namespace' ? 'targetNamespace' : field);
    return [{ path: scalarText(spec.path), content: { ...spec, namespace: targetNamespace }, named }];
  }
  if (groupOf(object) !== 'argoproj.io' || !(kind === 'Application' || kind === 'ApplicationSet')) return [];
  const { source, sources } =
    kind === 'Application' ? mapAt(object, 'spec') : mapAt(object, 'spec', 'template', 'spec');
  return [source, ...listOf(sources)].flatMap((one): Applied[] => {
    const { path, kustomize } = mapAt(one);
    // An ApplicationSet can have a path such as `apps/{{ .name }}`.
    return isText(path) && isMap(kustomize)
      ? [{ path: path.replace(/[^/]*\{\{.*$/s, ''), content: kustomize, named: (field) => `kustomize.${field}` }]
      : [];
  });
}

const changed = (fields: readonly string[]): string =>
  `${fields.map((field) => `\`${field}\``).join(', ')} can change or add RBAC objects`;

const fix = 'to review what is applied, give --manifests a folder with the output of `flux build` or `kustomize build`';

const groupOf = ({ apiVersion }: Json): string => scalarText(apiVersion).replace(/\/.*/, '');

const folderOf = (path: string): string => (path.includes('/') ? posix.dirname(path) : '');

const textOf = (reader: Reader, path: string): string => new TextDecoder().decode(reader.read(path));

/** Returns the texts of the patches that can be read, by the path in the kustomization.yaml. */
function textsOf(reader: Reader, patches: readonly (readonly [string, string])[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, path] of patches) {
    try {
      texts.set(name, textOf(reader, path));
    } catch {
      // A broken symbolic link, for example. What the patch changes is then not known.
    }
  }
  return texts;
}

interface Changing {
  readonly content: Json;
  /** The RBAC objects that are applied. */
  readonly objects: readonly Manifest[];
  /** The texts of patches, by the path in the kustomization.yaml. */
  readonly texts?: ReadonlyMap<string, string>;
}

const patchFields = ['patches', 'patchesStrategicMerge', 'patchesJson6902'];
const fileFields = ['replacements', 'transformers', 'generators'];
const otherFields = [
  'namePrefix',
  'nameSuffix',
  'replacements',
  'components',
  'generators',
  'transformers',
  'helmCharts',
];

const labelFields = ['labels', 'commonLabels', 'commonMetadata'];

/** Returns the fields that are set and can change what the objects allow. */
function changesOf({ content, objects, texts = new Map() }: Changing): string[] {
  const { namespace } = content;
  const isMoved = ({ object }: Manifest) =>
    [...(isClusterWide(object) ? [] : [mapAt(object, 'metadata').namespace]), ...subjectNamespaces(object)].some(
      (one) => one !== undefined && one !== namespace,
    );
  const isSet = (field: string) => listOf(content[field]).some((one) => one !== '');
  return [
    ...(isText(namespace) && objects.some(isMoved) ? ['namespace'] : []),
    ...otherFields.filter(isSet),
    ...patchFields.filter((field) => listOf(content[field]).some((patch) => isForRbac(patch, texts))),
    // Of the labels, only those for aggregation decide about access.
    ...labelFields.filter((field) => JSON.stringify([content[field]]).includes('rbac.authorization.k8s.io/')),
  ];
}

const isClusterWide = ({ kind }: Json): boolean => scalarText(kind).startsWith('Cluster');

/** The namespaces of service accounts, which kustomize changes too. */
const subjectNamespaces = ({ subjects }: Json): unknown[] => listOf(subjects).map((one) => mapAt(one).namespace);

/**
 * Returns the fields that can add RBAC objects, even if none of the objects of the kustomization.yaml is an RBAC
 * object.
 */
const addedBy = (content: Json, texts: ReadonlyMap<string, string>): string[] => [
  ...['generators', 'helmCharts'].filter((field) => listOf(content[field]).length > 0),
  ...patchFields.filter((field) => listOf(content[field]).some((patch) => changesKind(patch, texts))),
];

/**
 * Whether a patch can change RBAC objects. The kinds of the objects that it changes are in its target or, if it has no
 * target, in the patch itself.
 */
function isForRbac(patch: unknown, texts: ReadonlyMap<string, string>): boolean {
  const { target } = mapAt(patch);
  if (isMap(target)) return !isText(target.kind) || /Role|[^\w|]/.test(target.kind) || changesKind(patch, texts);
  const text = patchText(patch, texts);
  return text === undefined || /Role/.test(text);
}

/** Whether a patch can change the kind of its target, and so turn the target into an RBAC object. */
function changesKind(patch: unknown, texts: ReadonlyMap<string, string>): boolean {
  if (mapAt(mapAt(patch), 'options').allowKindChange === true) return true;
  return /["'\s]\/kind\b/.test(patchText(patch, texts) ?? '');
}

/** Returns the text of a patch; `undefined` if it is in a file that was not read. */
function patchText(patch: unknown, texts: ReadonlyMap<string, string>): string | undefined {
  const { path, patch: inline } = mapAt(patch);
  if (isText(patch)) return texts.get(patch) ?? written(patch);
  return isText(path) ? texts.get(path) : isText(inline) ? inline : undefined;
}

/** Returns a patch that is written in the list itself; `undefined` for the path of a file. */
const written = (patch: string): string | undefined => (/^\s*\{|:\s/.test(patch) ? patch : undefined);

/**
 * Returns the existing files that the fields of a kustomization.yaml name, and the files in the folders that the fields
 * name. Each file is a pair: the path as the field has it, and the full path. For a file in such a folder, both are the
 * full path.
 */
function filesIn(
  fields: readonly string[],
  { folder, content }: Omit<Kustomization, 'file'>,
  paths: readonly string[],
): [string, string][] {
  const named = fields.flatMap((field) => listOf(content[field]).map((one) => (isMap(one) ? one.path : one)));
  return [...new Set(named.filter(isText))].flatMap((name): [string, string][] => {
    const path = posix.join(folder, name).replace(/\/$/, '');
    const files = paths.filter((one) => one === path || one.startsWith(`${path}/`));
    return files.map((one) => [one === path ? name : one, one]);
  });
}

/** What a kustomization.yaml lists, directly or through the kustomization.yaml of a folder. */
interface Listed {
  readonly files: ReadonlySet<string>;
  /** The entries that are not below the folder that was read, such as addresses. */
  readonly elsewhere: readonly string[];
}

function listedBy(
  { folder, content }: Kustomization,
  all: ReadonlyMap<string, Kustomization>,
  paths: readonly string[],
  above: readonly string[] = [],
): Listed {
  const files = new Set<string>();
  const elsewhere: string[] = [];
  const entries = ['resources', 'bases', 'components'].flatMap((field) => listOf(content[field]).filter(isText));
  for (const entry of entries) {
    const path = entry.includes('://') ? entry : posix.join(folder, entry).replace(/\/$/, '');
    const inner = all.get(path === '.' ? '' : path);
    const isLoop = inner !== undefined && [...above, folder].includes(inner.folder);
    const below = inner ? [] : paths.filter((one) => one === path || one.startsWith(`${path}/`));
    if (inner && !isLoop) below.push(...listedBy(inner, all, paths, [...above, folder]).files);
    if (!inner && below.length === 0) elsewhere.push(entry);
    for (const file of below) files.add(file);
  }
  return { files, elsewhere };
}
