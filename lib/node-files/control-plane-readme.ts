import { has, since } from '../upstream/kubernetes';
import { authenticationConfigFile, type NodeFile, type Settings } from './api-server-settings';

/** Returns a block of commands in Markdown. */
export const commands = (...lines: readonly string[]): string => `\`\`\`sh\n${lines.join('\n')}\n\`\`\``;

/** Returns a numbered list. Further lines of an item are indented. */
export const steps = (...items: readonly string[]): string =>
  items.map((item, i) => `${i + 1}. ${item.replaceAll('\n', '\n   ').replaceAll(/^ +$/gm, '')}`).join('\n\n');

/** Joins paragraphs, lists and blocks. Empty parts are left out. */
export const section = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');

/** Returns the files to copy to the nodes, with their names in the folder of the README. */
export const carried = ({ files }: Settings): (NodeFile & { readonly text: string; readonly name: string })[] =>
  files.flatMap((file) => (file.text === undefined ? [] : [{ ...file, text: file.text, name: baseName(file.path) }]));

/** Returns instructions to copy the files to a node; `''` if there are none. */
export function bring(settings: Settings): string {
  const renaming = rename(settings, 'Run these commands in the copy. They give');
  return (
    renaming &&
    `Copy this folder to every control-plane node, for example with \`scp -r\`. If a node joins later, copy the folder to this node before it joins. ${renaming}`
  );
}

/** Returns commands that copy the files into place and then rename them; `''` if there are no files. */
export function rename(settings: Settings, beginning = 'These commands give'): string {
  const files = carried(settings);
  if (files.length === 0) return '';
  return section(
    `${beginning} a file its final name only when it is complete, so that the API server never reads a partial file:`,
    commands(
      ...files.flatMap(({ name, path }) => [`install -D -m 0644 ${name} ${path}.new`, `mv ${path}.new ${path}`]),
    ),
  );
}

/** A warning for kinds of control plane whose existing arguments Kaniflux cannot check. */
export function alone({ excludes }: Settings): string {
  const others =
    'Remove other `oidc-*` and `authentication-config` arguments first. kube-apiserver does not start with arguments of both kinds. If an argument is given twice, the last one counts. For `oidc-signing-algs` and `oidc-required-claim`, all values count instead.';
  return excludes.test('anonymous-auth')
    ? `${others} Also remove \`anonymous-auth\`: with this argument, kube-apiserver does not start if the AuthenticationConfiguration has \`anonymous\`.`
    : others;
}

/**
 * Returns sentences for a README about the rendered AuthenticationConfiguration: the API server trusts only its
 * issuers, and must have the version of Kubernetes for which it is rendered. Empty if the API server is configured by
 * flags.
 * @param where the rendered file that contains the AuthenticationConfiguration, if it has no file of its own
 * @param isConverted whether another program sets the API version of the AuthenticationConfiguration
 */
export function onlyTheseIssuers(settings: Settings, where?: string, isConverted = false): string {
  const file = authenticationConfigFile(settings);
  if (!file) return '';
  const complete = `The AuthenticationConfiguration in \`${where ?? baseName(file.path)}\` is complete: the API server no longer trusts an issuer that is not in it.`;
  const egress = /^ +egressSelectorType: /m.test(file.text ?? '')
    ? ' It has `egressSelectorType`: the API server does not start without an egress selector configuration (`--egress-selector-config-file`).'
    : '';
  return has(settings.kubernetes, 'structuredV1') && !isConverted
    ? `${complete}${egress} It has the API version \`v1\`, which API servers before Kubernetes ${since('structuredV1')} refuse: upgrade such a cluster first.`
    : `${complete}${egress}`;
}

/** Returns the sentences of `onlyTheseIssuers`, with the command that keeps other issuers. */
export function keepOthers(settings: Settings, cluster: string, where?: string, isConverted = false): string {
  const file = authenticationConfigFile(settings);
  if (!file) return '';
  const merged = 'merged-authentication-config.yaml';
  const name = where ?? baseName(file.path);
  const use = where === undefined ? `Use \`${merged}\` in place of \`${name}\`` : `Copy its issuers to \`${name}\``;
  return section(
    `${onlyTheseIssuers(settings, where, isConverted)} If your API server already has an AuthenticationConfiguration with entries that are not from Kaniflux, copy it to the machine that has \`kaniflux.yaml\`, as \`current.yaml\`, and merge it. The command keeps the entries of other issuers, such as that of a CI system, and ends with an error if a setting of yours would be lost. It also keeps an issuer or client that you removed from \`kaniflux.yaml\`: first remove its entry from the copy.`,
    commands(`npx kaniflux merge-authentication-config ${cluster} < current.yaml > ${merged}`),
    `${use}. Repeat the merge whenever Kaniflux renders \`${name}\` again. To avoid the merge, write the other issuers into \`kaniflux.yaml\`, so that the rendered file contains them: \`npx kaniflux adopt current.yaml\` prints what to write.`,
  );
}

/** Returns the closing notes. `admin` names credentials that work without Kanidm. */
export const look = (
  admin = 'a kubeconfig with an administrator certificate, such as `/etc/kubernetes/admin.conf`',
): string =>
  section(
    `Keep ${admin}: it gives you access while Kanidm is down.`,
    'With a wrong issuer or CA the API server still starts, but refuses every login with `Unauthorized`. Only its log has the reason (`oidc:`).',
  );

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
