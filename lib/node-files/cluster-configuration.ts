import {
  type Document,
  isMap,
  isNode,
  parseAllDocuments,
  type Scalar,
  type Tags,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { nestsTooDeep, plainValue, tooDeep } from '../config/yaml-nesting';
import { yamlFaultOf } from '../guards';
import { type KubeadmVersion, kubeadmVersions } from './kubeadm-config';
import { MergeError } from './merge-error';

/** The ClusterConfiguration among the documents of a kubeadm configuration. */
export interface ClusterConfiguration {
  readonly documents: readonly Document[];
  readonly document: Document;
  /** The content of that document. */
  readonly root: YAMLMap;
  readonly version: KubeadmVersion;
}

const howTo =
  "kubectl -n kube-system get configmap kubeadm-config -o jsonpath='{.data.ClusterConfiguration}' prints the ClusterConfiguration of the cluster";

const numbers = ['tag:yaml.org,2002:int', 'tag:yaml.org,2002:float'];

/**
 * Makes the library print numbers as they were written. Otherwise, the library would print `0110` as `110`, which is
 * another number in YAML 1.1.
 */
const keepNumbers = (tags: Tags): Tags =>
  tags.map((tag) =>
    typeof tag !== 'string' && tag.collection === undefined && numbers.includes(tag.tag)
      ? { ...tag, stringify: ({ source }: Scalar) => source ?? '' }
      : tag,
  );

/**
 * Finds the ClusterConfiguration in a text.
 * @param what the text, for the message
 * @throws MergeError if the text contains none or several, or cannot be read
 */
export function findClusterConfiguration(text: string, what: string): ClusterConfiguration {
  if (text.trim() === '') throw new MergeError(`${what} is empty; ${howTo}`);
  if (nestsTooDeep(text)) throw new MergeError(`${what} cannot be read: ${tooDeep}`);
  const documents: Document[] = [...parseAllDocuments(text, { customTags: keepNumbers })];
  for (const { errors } of documents) {
    if (errors[0]) throw new MergeError(`${what} is not valid YAML: ${yamlFaultOf(errors[0])}`);
  }
  try {
    for (const document of documents) plainValue(document);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new MergeError(`${what} has aliases that can't be resolved: ${yamlFaultOf(message)}`);
  }
  const candidates = documents.flatMap((document) => {
    const { contents: root } = document;
    return isMap(root) && root.get('kind') === 'ClusterConfiguration' ? [{ document, root }] : [];
  });
  const [own] = candidates;
  if (!own) throw new MergeError(`${what} contains no ClusterConfiguration${instead(documents)}; ${howTo}`);
  if (candidates.length > 1)
    throw new MergeError(`${what} contains several ClusterConfigurations, but kubeadm reads only one`);
  const apiVersion = String(own.root.get('apiVersion'));
  const version = kubeadmVersions.find((name) => apiVersion === `kubeadm.k8s.io/${name}`);
  if (!version) {
    const versions = kubeadmVersions.join(' or ');
    throw new MergeError(
      `expected a ClusterConfiguration of ${versions}, found \`${apiVersion}\`; convert it with \`kubeadm config migrate\``,
    );
  }
  return { documents, ...own, version };
}

/** Returns the kinds of the documents, for a message. */
function instead(documents: readonly Document[]): string {
  const kinds = documents.map((document) => (isMap(document.contents) ? document.get('kind') : undefined));
  if (kinds.includes('ConfigMap')) return ', but a ConfigMap that contains one';
  const named = kinds.filter((kind) => typeof kind === 'string');
  return named.length > 0 ? `, but ${named.join(', ')}` : '';
}

/**
 * Returns the documents as text, in the style of `text`: lines are not wrapped, lists are indented and braces are
 * padded as before. A diff then shows only the changes of the merge. Of empty documents, only the comments are printed,
 * because kubeadm refuses such a document. JSON becomes YAML.
 */
export function print(documents: readonly Document[], text: string): string {
  // kubeadm and kube-apiserver read a document that begins with a brace as JSON. New keys are not quoted, so they would
  // not be valid JSON. The document is therefore printed without this brace.
  for (const { contents } of documents) if (isMap(contents)) contents.flow = false;
  const full = documents.filter((document) => document.toJS() != null);
  for (const document of full.slice(1)) if (document.directives) document.directives.docStart = true;
  const style = {
    lineWidth: 0,
    indentSeq: !/^( *)[^\s#-][^\n]*:\s*\n\1- /m.test(text),
    flowCollectionPadding: !/[[{][^\s\]}]/.test(text),
  };
  return documents.reduce((printed, document) => {
    if (full.includes(document)) return printed + document.toString(style);
    const comments = commentsOf(document);
    // The library prints an empty line above a comment at the end of a document.
    return printed && comments && !printed.endsWith('\n\n') ? `${printed}\n${comments}` : printed + comments;
  }, '');
}

/** Returns the comments of an empty document. */
const commentsOf = ({ commentBefore, contents, comment }: Document): string =>
  [commentBefore, contents?.commentBefore, contents?.comment, comment]
    .map((text) => (text ? `${text.replace(/^(?!$)/gm, '#')}\n` : ''))
    .join('');

/** Sets an empty map or list as the value of a key that has no value or an empty one, and keeps its comments. */
export function fill<Node extends YAMLMap | YAMLSeq>(parent: YAMLMap, key: string, node: Node): Node {
  const empty: unknown = parent.get(key, true);
  if (isNode(empty)) node.comment = empty.comment;
  parent.set(key, node);
  return node;
}
