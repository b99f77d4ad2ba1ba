import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap as isMapNode, isNode, isSeq, parseAllDocuments, YAMLMap, YAMLSeq } from 'yaml';
import { CelSyntaxError, celTokens, stringValue } from '../cel/cel-tokens';
import { nestsTooDeep, tooDeep } from '../config/yaml-nesting';
import { isMap, isText, type Json, listOf, mapAt, messageOf, own, scalarText, yamlFaultOf } from '../guards';
import { claimShapes, meet, type Names, type Shape } from '../identity/name-shapes';
import { fill, print } from './cluster-configuration';
import { MergeError } from './merge-error';

/** An AuthenticationConfiguration with the rendered issuers and the other issuers of the cluster. */
export interface MergedAuthenticationConfig {
  readonly text: string;
  /** The issuer URLs of the entries that were kept. */
  readonly kept: readonly string[];
  /** Notes for the user about the result, one sentence each. */
  readonly notes: readonly string[];
}

type MappedClaims = (issuer: string) => ReadonlySet<string> | undefined;

/**
 * Returns a line for the user about the issuers that a merge kept. Kaniflux cannot know which of these issuers the
 * config once had.
 */
export const keptLine = ({ kept }: MergedAuthenticationConfig): string[] =>
  kept.length > 0
    ? [
        `kept from the current file: ${kept.join(', ')} (to stop trusting an issuer, remove its entry from that file, and merge again)`,
      ]
    : [];

/** The most issuers that kube-apiserver accepts in one file. */
const mostIssuers = 64;

/**
 * Merges the rendered entries into the AuthenticationConfiguration of a cluster. Entries of other issuers stay
 * unchanged, comments included. An entry for one of the rendered issuers is replaced.
 * @param text the file that the API server reads now, or a KubeAuthenticationConfig of Talos
 * @param rendered the AuthenticationConfiguration that Kaniflux renders for the cluster
 * @param mappedClaims a function that takes the URL of an issuer. For a client of Kanidm, the function returns the
 * names of the claims that the client's claim maps define; for any other issuer, `undefined`. By default, every issuer
 * is treated as a client of Kanidm without claim maps
 * @throws MergeError if the text is not an AuthenticationConfiguration, or if a part of a replaced entry would be lost
 */
export function mergeAuthenticationConfig(
  text: string,
  rendered: string,
  mappedClaims: MappedClaims = () => new Set(),
): MergedAuthenticationConfig {
  const { document, root } = authenticationConfig(text);
  const ours = authenticationConfig(rendered);
  const renderedEntries = entriesOf(ours);
  const notes: string[] = [];
  const kept = entriesOf({ document, root }).filter(({ value, place, url }) => {
    const own = renderedEntries.find((one) => one.url === url);
    if (!own) return true;
    const lost = partsLost(value, own.value);
    if (lost.length > 0) throw conflict(place, url, lost);
    if (!isDeepStrictEqual(value, own.value)) notes.push(`replaced: ${place} for the issuer ${url}`);
    return false;
  });
  if (renderedEntries.length + kept.length > mostIssuers) {
    throw new MergeError(
      `with the rendered issuers there would be more than ${mostIssuers}, the most that kube-apiserver accepts`,
    );
  }
  for (const other of kept) notes.push(...overlaps(other, renderedEntries, mappedClaims));
  for (const { key } of ours.root.items) {
    const field = String(key);
    if (field === 'jwt' || field === 'kind') continue;
    const isSame = isDeepStrictEqual(plain(document, root.get(field)), plain(ours.document, ours.root.get(field)));
    if (field !== 'apiVersion' && root.has(field) && !isSame) notes.push(`replaced: \`${field}\``);
    root.set(field, ours.root.get(field, true));
  }
  const present: unknown = root.get('jwt', true);
  const list = isSeq(present) ? present : fill(root, 'jwt', new YAMLSeq(document.schema));
  // The parser attaches a comment above the first entry to the list. The comment belongs to the entry.
  const [first] = list.items;
  if (list.commentBefore && isNode(first) && kept.some(({ node }) => node === first)) {
    first.commentBefore = list.commentBefore;
    list.commentBefore = null;
  }
  list.items = [...renderedEntries, ...kept].map(({ node }) => node);
  return { text: printed(document, text), kept: kept.map(({ url }) => url), notes };
}

/**
 * Returns the issuer URLs of an AuthenticationConfiguration.
 * @throws MergeError if the text is not an AuthenticationConfiguration
 */
export const issuersOf = (text: string): string[] => entriesOf(authenticationConfig(text)).map(({ url }) => url);

function printed(document: Document, text: string): string {
  try {
    return print([document], text);
  } catch (error) {
    throw new MergeError(
      `the AuthenticationConfiguration can't be written (${messageOf(error)}): replace each YAML alias by its value`,
    );
  }
}

/** The map `root` is the whole document, or a part of a document of Talos. */
interface AuthenticationConfig {
  readonly document: Document;
  readonly root: YAMLMap;
}

function authenticationConfig(text: string): AuthenticationConfig {
  if (nestsTooDeep(text)) throw new MergeError(`the AuthenticationConfiguration cannot be read: ${tooDeep}`);
  const found = [...parseAllDocuments(text)].flatMap((document: Document) => {
    const [error] = document.errors;
    if (error) throw new MergeError(`the AuthenticationConfiguration is not YAML: ${yamlFaultOf(error)}`);
    const { contents } = document;
    return contents === null ? [] : [{ document, root: isMapNode(contents) ? configurationIn(contents) : contents }];
  });
  const [only] = found;
  if (!only || found.length > 1 || !isMapNode(only.root) || only.root.get('kind') !== 'AuthenticationConfiguration')
    throw new MergeError('expected a file with one document of kind AuthenticationConfiguration');
  const version = String(only.root.get('apiVersion'));
  if (!/^apiserver\.config\.k8s\.io\/v1((alpha|beta)1)?$/.test(version))
    throw new MergeError(`the API version \`${version}\` of the AuthenticationConfiguration is not supported`);
  return { document: only.document, root: only.root };
}

/**
 * Returns the AuthenticationConfiguration in a KubeAuthenticationConfig, which Talos 1.14 and later read. Adds the kind
 * and the version, as Talos does. Any other document is returned unchanged.
 */
function configurationIn(document: YAMLMap): YAMLMap {
  if (document.get('kind') !== 'KubeAuthenticationConfig') return document;
  const present: unknown = document.get('configuration', true);
  if (!isMapNode(present) && document.get('configuration') != null)
    throw new MergeError('`configuration` of the KubeAuthenticationConfig must be a map, and must not be an alias');
  const root = isMapNode(present) ? present : fill(document, 'configuration', new YAMLMap(document.schema));
  if (!root.has('apiVersion')) root.set('apiVersion', 'apiserver.config.k8s.io/v1');
  if (!root.has('kind')) root.set('kind', 'AuthenticationConfiguration');
  return root;
}

interface Entry {
  readonly node: unknown;
  readonly value: Json;
  readonly place: string;
  readonly url: string;
}

function entriesOf({ document, root }: AuthenticationConfig): Entry[] {
  const list: unknown = root.get('jwt', true);
  if (root.get('jwt') == null) return [];
  if (!isSeq(list)) throw new MergeError('`jwt` of the AuthenticationConfiguration is not a list');
  return list.items.map((node, i) => {
    const value = plain(document, node);
    const url = mapAt(value, 'issuer').url;
    const place = `jwt[${i}]`;
    if (!isMap(value) || !isText(url))
      throw new MergeError(`${place} of the AuthenticationConfiguration has no \`issuer.url\``);
    return { node, value, place, url };
  });
}

const plain = (document: Document, node: unknown): unknown => (isNode(node) ? node.toJS(document) : node);

const fields = {
  jwt: ['issuer', 'claimMappings', 'claimValidationRules', 'userValidationRules'],
  issuer: ['url', 'audiences', 'audienceMatchPolicy', 'certificateAuthority'],
  claimMappings: ['username', 'groups'],
};

/**
 * Returns the parts of an entry that the rendered entry lacks. The mapping of names is not compared, since the config
 * determines it.
 */
function partsLost(entry: Json, own: Json): string[] {
  const [issuer, mappings] = [mapAt(entry, 'issuer'), mapAt(entry, 'claimMappings')];
  const changed = (map: Json, ours: Json, names: readonly string[]) =>
    Object.keys(map).filter((name) => !names.includes(name) && !isDeepStrictEqual(map[name], ours[name]));
  const rulesLost = (name: string) =>
    listOf(entry[name]).some((rule) => !listOf(own[name]).some((one) => isSameRule(one, rule))) ? [name] : [];
  const audiences = listOf(mapAt(own, 'issuer').audiences);
  return [
    ...changed(entry, own, fields.jwt),
    ...changed(issuer, mapAt(own, 'issuer'), fields.issuer).map((name) => `issuer.${name}`),
    ...listOf(issuer.audiences)
      .filter((one) => !audiences.includes(one))
      .map((one) => `the audience ${scalarText(one)}`),
    ...(issuer.certificateAuthority !== undefined && mapAt(own, 'issuer').certificateAuthority === undefined
      ? ['issuer.certificateAuthority']
      : []),
    ...changed(mappings, mapAt(own, 'claimMappings'), fields.claimMappings).map((name) => `claimMappings.${name}`),
    ...rulesLost('claimValidationRules'),
    ...rulesLost('userValidationRules'),
  ];
}

/** Whether two rules refuse the same tokens. Their messages and the layout of their expressions can differ. */
function isSameRule(a: unknown, b: unknown): boolean {
  const plain = (rule: unknown) => {
    const { message: _, expression, ...rest } = mapAt(rule);
    return { ...rest, expression: wordsOf(scalarText(expression)) };
  };
  return isDeepStrictEqual(plain(a), plain(b));
}

/** Returns the tokens of an expression, with the values of its strings; the text if it is not CEL. */
function wordsOf(expression: string): unknown {
  try {
    return celTokens(expression).map((token) => [
      token.kind,
      token.kind === 'string' ? stringValue(token) : token.text,
    ]);
  } catch (thrown) {
    if (thrown instanceof CelSyntaxError) return expression;
    throw thrown;
  }
}

const conflict = (place: string, url: string, lost: readonly string[]): MergeError =>
  new MergeError(
    `${place}, an entry for the issuer ${url}, has settings that the rendered entry lacks: ${lost.join(', ')}; write these settings into the config if it has fields for them, or remove ${place} from your copy of the file`,
  );

/**
 * Returns notes about another issuer if its tokens could contain a name that a rendered issuer gives to somebody else.
 */
function overlaps({ value, place, url }: Entry, ours: readonly Entry[], mappedClaims: MappedClaims): string[] {
  return (['username', 'groups'] as const).flatMap((field): string[] => {
    const theirs = mapAt(value, 'claimMappings', field);
    if (theirs.claim === undefined && theirs.expression === undefined) return [];
    const what = field === 'username' ? 'user names' : 'group names';
    const rendered = ours
      .map((one) => ({
        mapping: mapAt(one.value, 'claimMappings', field),
        mapped: mappedClaims(one.url),
        from: one.url,
      }))
      .filter(({ mapping }) => Object.keys(mapping).length > 0);
    if (rendered.length === 0) return [];
    const prefix = prefixOf(theirs);
    const names = rendered.flatMap(({ mapping, mapped, from }): (Names & { readonly owner: string })[] => {
      const start = prefixOf(mapping);
      const owner = mapped === undefined ? `the issuer ${from}` : 'Kanidm';
      return start === undefined ? [] : [{ prefix: start, shape: shapeOf(mapping, field, mapped), owner }];
    });
    if (prefix === undefined || names.length < rendered.length)
      return [`unknown: whether the issuer ${url} (${place}) can issue ${what} that Kanidm has too`];
    const issued = { prefix, shape: theirs.claim === 'email' ? ('mail' as const) : ('any' as const) };
    const shared = names.find((one) => meet(one, issued));
    if (shared === undefined) return [];
    const begin = (start: string) => (start === '' ? 'have no prefix' : `begin with \`${start}\``);
    const holder = field === 'username' ? 'user' : 'group';
    return [
      `the ${what} of the issuer ${url} (${place}) ${begin(prefix)}, and those of ${shared.owner} ${begin(shared.prefix)}: a token of ${url} can contain the name of a ${holder} of ${shared.owner}`,
    ];
  });
}

/** Returns the kind of the values in a claim of Kanidm, or of another issuer if `mapped` is not set. */
function shapeOf({ claim }: Json, field: 'username' | 'groups', mapped: ReadonlySet<string> | undefined): Shape {
  const name = scalarText(claim);
  if (mapped === undefined) return field === 'username' && claim === 'email' ? 'mail' : 'any';
  if (claim === undefined || mapped.has(name)) return 'any';
  return field === 'username' ? (own(claimShapes, name) ?? 'any') : name === 'groups' ? 'group' : 'any';
}

/** Returns the prefix of all names; `undefined` for an expression that does not begin with a string. */
function prefixOf({ claim, prefix, expression }: Json): string | undefined {
  if (claim !== undefined) return scalarText(prefix);
  const [, double, single] = /^\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*\+[^?]*$/.exec(scalarText(expression)) ?? [];
  return double ?? single;
}
