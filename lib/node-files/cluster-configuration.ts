import { type Document, isMap, parseAllDocuments } from 'yaml';
import { type KubeadmVersion, kubeadmVersions } from './kubeadm-config';
import { MergeError } from './merge-error';

/** The ClusterConfiguration among the documents of a kubeadm configuration. */
export interface ClusterConfiguration {
  readonly documents: readonly Document[];
  /** The one among them. */
  readonly document: Document;
  readonly version: KubeadmVersion;
}

const howTo =
  "kubectl -n kube-system get configmap kubeadm-config -o jsonpath='{.data.ClusterConfiguration}' prints the cluster's";

/** @throws MergeError where there is none, several, or one that can't be read */
export function findClusterConfiguration(text: string): ClusterConfiguration {
  if (text.trim() === '') throw new MergeError(`standard input is empty; ${howTo}`);
  const documents = [...parseAllDocuments(text)] as Document[];
  for (const { errors } of documents) {
    if (errors[0]) throw new MergeError(`standard input is no YAML: ${errors[0].message.split('\n')[0]}`);
  }
  try {
    for (const document of documents) document.toJS(); // aliases are followed here and nowhere before
  } catch (error) {
    throw new MergeError(`standard input has YAML that can't be followed: ${(error as Error).message.split('\n')[0]}`);
  }
  const found = documents.filter(
    (document) => isMap(document.contents) && document.get('kind') === 'ClusterConfiguration',
  );
  const [document] = found;
  if (!document) throw new MergeError(`standard input holds no ClusterConfiguration${instead(documents)}; ${howTo}`);
  if (found.length > 1) throw new MergeError('standard input holds several ClusterConfigurations; kubeadm reads one');
  const apiVersion = String(document.get('apiVersion'));
  const version = kubeadmVersions.find((name) => apiVersion === `kubeadm.k8s.io/${name}`);
  if (!version) {
    const known = kubeadmVersions.join(' and ');
    throw new MergeError(
      `Kaniflux knows ClusterConfiguration ${known}, not \`${apiVersion}\`; see kubeadm config migrate`,
    );
  }
  return { documents, document, version };
}

/** What there is in place of it, for the message. */
function instead(documents: readonly Document[]): string {
  const kinds = documents.map((document) => (isMap(document.contents) ? document.get('kind') : undefined));
  if (kinds.includes('ConfigMap')) return ', but the ConfigMap around one';
  const named = kinds.filter((kind) => typeof kind === 'string');
  return named.length > 0 ? `, but ${named.join(', ')}` : '';
}

/**
 * The documents as text again, so that a difference shows what was merged and no more: lines keep their length, lists and
 * braces the form that they have in `text`. A document with nothing in it is left out.
 */
export function print(documents: readonly Document[], text: string): string {
  const full = documents.filter((document) => document.toJS() != null || document.comment || document.commentBefore);
  for (const document of full.slice(1)) if (document.directives) document.directives.docStart = true;
  const style = {
    lineWidth: 0,
    indentSeq: !/^( *)[^\s#-][^\n]*:\s*\n\1- /m.test(text),
    flowCollectionPadding: !/[[{][^\s\]}]/.test(text),
  };
  return full.map((document) => document.toString(style)).join('');
}
