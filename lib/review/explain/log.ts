import { apiServerMeanings } from './log-api-server';

/** What a line of a log means, and what mends it. */
export interface Meaning {
  /** Which program says it. */
  readonly of: string;
  readonly pattern: RegExp;
  readonly means: string;
  readonly mend: string;
}

/** The most particular ones first: of a line, the first that fits counts. */
export const meanings: readonly Meaning[] = [
  ...apiServerMeanings,
  {
    of: 'kubeadm',
    pattern: /old API spec.*kubeadm\.k8s\.io|this version of kubeadm only supports.*kubeadm/i,
    means: 'This kubeadm no longer reads v1beta3.',
    mend: 'Set `kubernetes` of the cluster to its real version: from 1.31 on, v1beta4 is rendered.',
  },
  {
    of: 'kubeadm',
    pattern: /(cannot unmarshal|error unmarshaling).*(extraArgs|Arg)/i,
    means: 'The form of `extraArgs` is that of another version: v1beta3 has a map, v1beta4 a list.',
    mend: 'Set `kubernetes` of the cluster to its real version and render again.',
  },
  {
    of: 'kubeadm',
    pattern: /patches.*can'?t be combined with|can not mix '--config' with arguments/,
    means: 'kubeadm takes a file or flags, not both.',
    mend: 'Name the folder in `InitConfiguration.patches.directory`.',
  },
  {
    of: 'Flux',
    pattern: /no matches for kind "?(ClusterConfiguration|AuthenticationConfiguration|InitConfiguration)/,
    means: 'A file that nodes read lies in a folder that Flux applies; nothing of that folder is applied.',
    mend: 'Point Flux at dist/clusters/<cluster> alone, never at control-planes/.',
  },
  {
    of: 'Flux',
    pattern: /no matches for kind/,
    means: 'The cluster does not know this kind: its CRD is missing, or it is a file for something else.',
    mend: 'Install what brings the kind first, or take the file out of the folder.',
  },
  {
    of: 'Flux',
    pattern: /field not declared in schema/,
    means: 'The object has a field that this kind does not have.',
    mend: 'Compare the versions of Flux in the cluster and of Kaniflux.',
  },
  {
    of: 'Flux',
    pattern: /may not add resource with an already registered id/,
    means: 'The same object stands twice in one folder.',
    mend: 'Remove the one written by hand.',
  },
  {
    of: 'Flux',
    pattern: /cannot change roleRef|roleRef.*immutable/,
    means: 'The role of a binding changed, and that field cannot be changed in place.',
    mend: 'Keep the annotation `kustomize.toolkit.fluxcd.io/force: enabled` that Kaniflux renders, with which Flux makes it anew.',
  },
  {
    of: 'Flux',
    pattern: /namespaces? "?[\w-]+"? not found/,
    means: 'A RoleBinding is for a namespace that does not exist, and holds back the others of its Kustomization.',
    mend: 'Make the namespace, or take it out of `namespaces` of the grant.',
  },
  {
    of: 'Helm',
    pattern: /cannot be imported into the current release: invalid ownership metadata/,
    means: 'The chart wants to make an object, the Namespace mostly, that exists already.',
    mend: 'Let Flux take it over (it does unless `disableTakeOwnership` is set).',
  },
  {
    of: 'kanidmd',
    pattern: /Failed to apply migration/,
    means: 'Kanidm refused something in a migration file, and left out the whole file; it runs all the same.',
    mend: 'Look at the lines before for the attribute or the entry; `kaniflux synth` refuses what is known to be refused.',
  },
  {
    of: 'kanidmd',
    pattern: /Uuid duplicate found in database/i,
    means: 'An entry comes back that was made `absent`: its UUID lies in the recycle bin.',
    mend: 'Write `incarnation: 2` for it, or revive the old entry by hand.',
  },
  {
    of: 'kanidm',
    pattern: /409 Conflict/,
    means: 'The entry exists already.',
    mend: 'Nothing is to be done when the runbook runs a second time.',
  },
  {
    of: 'kanidm',
    pattern: /No matching entries/,
    means: 'There is no entry of that name in Kanidm.',
    mend: 'Look at the name, and at the part of the runbook that makes it.',
  },
  {
    of: 'kanidmd',
    pattern: /invalid_?origin|redirect_?uri.*(mismatch|not match|invalid|denied)|Invalid OAuth2 redirect/i,
    means:
      'The address that the browser should go back to is none of the client’s redirect URLs, which are compared exactly.',
    mend: 'Add `http://localhost:8000` and `http://localhost:18000` to `redirectUrls` of the client.',
  },
  {
    of: 'kanidmd',
    pattern: /scope map|access_?denied|not (authori[sz]ed|allowed) to access.*oauth2|identity does not have access/i,
    means: 'The person is in none of the groups of the scope map, or asks for a scope outside of it: 403.',
    mend: 'Add the person to a group in `scopes` of the client.',
  },
  {
    of: 'kubelogin',
    pattern: /address already in use/,
    means: 'Something else listens on the port that kubelogin comes back to.',
    mend: 'Stop it, or add `http://localhost:18000` to `redirectUrls`, which is tried next.',
  },
  {
    of: 'kubectl',
    pattern: /interactiveMode must be specified/,
    means: 'An exec plugin of client.authentication.k8s.io/v1 has to say whether it may ask.',
    mend: 'Take the kubeconfig that Kaniflux renders.',
  },
  {
    of: 'kubectl',
    pattern: /User "[^"]*" cannot \w+ resource|is forbidden/,
    means: 'Signing in works; no binding gives this user the right.',
    mend: 'Ask `kaniflux explain <person>` and compare the user name: a wrong prefix or claim looks like this too.',
  },
  {
    of: 'kubectl',
    pattern: /You must be logged in|Unauthorized/,
    means: 'The API server refused the token and says why only in its own log.',
    mend: 'Pipe the token into `kaniflux explain --token -`, or the log of the API server into `kaniflux explain --log -`.',
  },
];

/** What a line means, or `undefined` where it is not known here. Kubernetes' logs have `\\"` where `"` is meant. */
export function meaningOf(line: string): Meaning | undefined {
  const plain = line.replaceAll('\\"', '"');
  return meanings.find(({ pattern }) => pattern.test(plain));
}
