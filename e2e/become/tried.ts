/** Where a step of the model was tried on real programs, together with a configuration in which it is refused. */
export type Place =
  /** On a real API server, or with the real kustomize-controller. */
  | 'e2e/become'
  /** On a real node, where pods run. */
  | 'e2e/node'
  /** By hand, because the program is in no registry. The transcript is in `__tests__/fixtures/become/`. */
  | 'by hand'
  /** Not at all. */
  | 'not tried';

/** Where each step of the model was tried. A test checks that there is an entry for each step, and that it is true. */
export const tried: Readonly<Record<string, Place>> = {
  'join-managed-group': 'by hand',
  'issue-kanidm-token': 'by hand',
  'administer-groups': 'by hand',
  'administer-service-accounts': 'by hand',
  'reset-credential': 'by hand',
  'change-name': 'by hand',
  'change-mail': 'by hand',
  'push-to-source': 'e2e/become',
  'flux-kustomization': 'e2e/become',
  'flux-helm-release': 'by hand',
  'flux-source': 'e2e/become',
  'flux-operator': 'by hand',
  'request-token': 'e2e/become',
  'create-token-secret': 'e2e/become',
  'read-token-secret': 'e2e/become',
  'run-pod': 'e2e/node',
  'privileged-pod': 'e2e/node',
  'host-volume': 'e2e/node',
  'relabel-namespace': 'e2e/become',
  'mount-secret': 'e2e/node',
  exec: 'e2e/node',
  'debug-container': 'e2e/node',
  'change-image': 'e2e/node',
  impersonate: 'e2e/become',
  'constrained-impersonation': 'e2e/become',
  'impersonate-node': 'e2e/become',
  bind: 'e2e/become',
  'write-role': 'e2e/become',
  escalate: 'e2e/become',
  'bind-written-role': 'e2e/become',
  share: 'e2e/become',
  'request-certificate': 'e2e/become',
  'approve-certificate': 'e2e/become',
  'approve-node': 'e2e/become',
  'read-node': 'e2e/node',
  'node-proxy': 'e2e/node',
  'mutating-webhook': 'e2e/become',
  'mutating-policy': 'e2e/become',
  'validating-webhook': 'e2e/become',
};
