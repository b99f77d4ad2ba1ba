import type { NodeFile, Settings } from './api-server-settings';

/** A block of commands in Markdown. */
export const commands = (...lines: readonly string[]): string => `\`\`\`sh\n${lines.join('\n')}\n\`\`\``;

/** A numbered list, each item with what belongs to it indented below. */
export const steps = (...items: readonly string[]): string =>
  items.map((item, i) => `${i + 1}. ${item.replaceAll('\n', '\n   ').replaceAll(/^ +$/gm, '')}`).join('\n\n');

/** Paragraphs, lists and blocks of one section, empty ones left out. */
export const section = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');

/** The files that have to be brought to the nodes, with where they lie beside the guide. */
export const carried = ({ files }: Settings): (NodeFile & { readonly text: string; readonly name: string })[] =>
  files.flatMap((file) => (file.text === undefined ? [] : [{ ...file, text: file.text, name: baseName(file.path) }]));

/** What a person does by hand to bring the files to a node: `''` where there are none. */
export function bring(settings: Settings): string {
  const files = carried(settings);
  if (files.length === 0) return '';
  return section(
    'Bring to every control-plane node, whole (by renaming, so that the API server never reads half a file):',
    commands(
      ...files.flatMap(({ name, path }) => [`install -D -m 0644 ${name} ${path}.new`, `mv ${path}.new ${path}`]),
    ),
  );
}

/** What no rendered file can see: the arguments that a person gave before. `kubeadm-merge` looks for them itself. */
export const alone =
  'Take other `oidc-*` and `authentication-config` arguments out first: kube-apiserver does not start with both ways, and of two equal arguments the last counts.';

/** What to know afterwards; `admin` is a way in that doesn't need Kanidm. */
export const look = (admin = 'a certificate admin, such as `/etc/kubernetes/admin.conf`'): string =>
  section(
    `Keep ${admin}: nobody signs in while Kanidm is down.`,
    'A wrong issuer or CA does not keep the API server from starting: every login gets `Unauthorized`, and only its log says why (`oidc:`).',
  );

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
