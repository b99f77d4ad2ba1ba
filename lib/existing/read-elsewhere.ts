import { withoutBlocks } from './source-arguments';

/** What `adopt` cannot read from a text, for example settings in Nix, and what to give to `adopt` instead. */
const elsewhere: readonly (readonly [RegExp, string])[] = [
  [
    // A setting of Kanidm in Nix, which ends in a semicolon. A map `kanidm` of Terraform does not match, nor does a
    // variable `kanidm` of another language, as in `let kanidm = {`.
    /(?<![\w/@-])(?<!\b(?:let|mut|const|var)\s+)kanidm(\.[\w"-]+)*\s*=\s*(\{(?![^;}]*\})|(lib\.)?mk[A-Z]|import\s)|\bservices\.kanidm(\.[\w"-]+)*\s*=(?!=)/,
    'the file sets `services.kanidm`, but adopt does not read Nix: run adopt with the JSON state of kanidm-provision and the `server.toml`',
  ],
  [
    // A text that names the kind only, such as an AppProject of Argo CD, contains no binding. The last forms are those
    // of Terraform, of the values of a chart, and of a JSON Patch.
    /^(?=[\s\S]*\bkind["']?\s*[:=]\s*["']?(Cluster)?RoleBinding\b)[\s\S]*\b(roleRef|role_ref|subjects?)\b|\bkubernetes_(cluster_)?role_binding|"roleRef": \{\s*"(?:apiGroup|kind|name)": "|["'\s]\/subjects\/(?:-|\d+)(?![\w-])/,
    'it contains a RoleBinding or ClusterRoleBinding: run adopt with the finished manifest in a file of its own, or use --live',
  ],
  [
    /\bcreate\s+(cluster)?rolebinding\s/,
    'it creates a RoleBinding or ClusterRoleBinding with kubectl: add `--dry-run=client -o yaml` to this command, and run adopt with its output, or use --live',
  ],
  [
    /\bkind["']?\s*[:=]\s*["']?AuthenticationConfiguration\b/,
    'it contains an AuthenticationConfiguration: run adopt with this document in a file of its own, in YAML or JSON',
  ],
  [
    // Options of the command, such as `-D idm_admin`, can come first. In a list, each word is in quotes.
    /\bkanidm["',]*\s+(?:["']?-[^\s,"']+["',]*\s+(?:["']?[^\s"',-][^\s"',]*["',]*\s+)?){0,9}["']?(person|group|service-account|system["',]*\s+["']?oauth2)["',]*\s|["']kanidm_(person|group|service_account|oauth2)(_\w+)?["']/,
    'it sets entries of Kanidm in a form that adopt does not read: use --kanidm, or run adopt with the output of commands such as `kanidm person list -o json`',
  ],
  [
    /"systems"\s*:\s*\{\s*"oauth2"|"scopeMaps"\s*:/,
    'it contains a state of kanidm-provision: run adopt with this state in a file of its own, as JSON with the values in place of variables',
  ],
];

/** Returns what to give `adopt` in place of a text that it cannot read; `undefined` if nothing can replace the text. */
export function readElsewhere(text: string): string | undefined {
  const code = withoutBlocks(text).replace(/(^|\s)#.*$/gm, '');
  const instead = elsewhere.flatMap(([holds, what]) => (holds.test(code) ? [what] : []));
  return instead.length > 0 ? instead.join('; ') : undefined;
}

/** Returns a value of a document as text, so that each text inside the value has lines of its own. */
export const linesOf = (value: unknown): string =>
  (JSON.stringify(value, undefined, 1) ?? '').replaceAll('\\n', '\n').replaceAll('\\"', '"');
