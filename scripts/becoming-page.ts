import { type Place, tried } from '../e2e/become/tried';
import { notModelled, steps } from '../lib/become/become-steps';

const cell = (text: string) => text.replaceAll('|', '\\|');

const table = [
  '| Step | Allowed by | Gives | Prevented by |',
  '| --- | --- | --- | --- |',
  ...steps.map(
    ({ code, title, allowedBy, gives, closedBy, source }) =>
      `| \`${code}\`: [${cell(title)}](${source}) | ${cell(allowedBy)} | ${cell(gives)} | ${cell(closedBy)} |`,
  ),
].join('\n');

const edge = notModelled.map((what) => `- ${what}`).join('\n');

const places: readonly (readonly [Place, string])[] = [
  ['e2e/become', '`e2e/become/`: kube-apiserver 1.34 and 1.37, kube-controller-manager, kustomize-controller'],
  ['e2e/node', '`e2e/node/`: a real node with kubelet and containerd'],
  ['by hand', 'by hand, as [verified.md](verified.md) lists'],
  ['not tried', 'not tried; they follow the source code and the documentation'],
];

const stepsAt = (place: Place): string =>
  Object.keys(tried)
    .filter((code) => tried[code] === place)
    .join(', ');

/** Returns `docs/becoming.md`, with the table of the steps. */
export const becomingPage = (): string => `# Who can become what

\`kaniflux who-can become RIGHT\` lists who has RIGHT already, and who can get it step by step. \`kaniflux explain PERSON\` lists what a person can become.

\`\`\`bash
kaniflux who-can become cluster-admin
kaniflux who-can become "delete secrets in prod" --manifests ../apps
\`\`\`

For each person, \`who-can become\` lists the ways to the right, the shortest first. A way is a chain of steps. For each step, \`who-can become\` prints the rule that allows the step, the assumptions of the step, and the address of a page that describes why the step works. \`--format json\` prints the same as JSON. \`kaniflux report\` shows the shortest way of each person to each right that it reports.

## What the result depends on

- The roles and bindings of the config, and those of Kubernetes and of Flux as \`flux install\` creates them. With \`--manifests DIR\`, your own manifests count too. If these manifests contain a ClusterRoleBinding \`crd-controller…\` or \`cluster-reconciler…\`, as \`flux install\` creates them, Kaniflux takes the rights of Flux only from the manifests. Other bindings for the controllers of Flux only add rights.
- \`flux.lockdown\`: whether the controllers of Flux run with \`--no-cross-namespace-refs\` and \`--default-service-account\`. Without these flags, Flux applies a Kustomization in any namespace with the rights of cluster-admin. Whoever has the role \`edit\` or \`admin\` can create such a Kustomization, because Flux adds this right to both roles.
- The manifests of the Flux Operator, if you use it. The Flux Operator adds the right to write ResourceSets to \`edit\` and \`admin\`. Kaniflux knows this only if you pass the manifests with \`--manifests\`. Kaniflux does not know whether the Flux Operator runs, and with which flags, so every step that uses the Flux Operator has an assumption. \`flux.lockdown\` does not apply to the Flux Operator.
- \`flux.writers\`: who may push to the source of Flux. Without this field, Kaniflux assumes that nobody can push. In reality, somebody always can. The result then does not contain the ways that begin with a push. \`flux.serviceAccountName\` and \`flux.lockdown.defaultServiceAccount\` limit the Kustomizations of Kaniflux, but others can have the same source, such as the one in \`gotk-sync.yaml\` of \`flux bootstrap\`. Kaniflux looks for them in \`--manifests\`. If it finds none that is applied as kustomize-controller, the step depends on a condition: it says "if".
- \`podSecurity\` of a cluster, or the label \`pod-security.kubernetes.io/enforce\` of Namespaces in \`--manifests\`. If the level is not known, Kaniflux assumes that it allows privileged pods, and the step says so.

If a step depends on something that Kaniflux does not know, the step ends with "if" and an assumption. A way without "if" depends only on the rules that its steps name.

## The steps

${table}

## What was tried

Each step${stepsAt('not tried') === '' ? '' : ' but those of the last row'} was tried with real programs, and succeeded. Each step was also tried with a configuration that should prevent the step. With this configuration, each step failed. The table lists where each step was tried:

| Where | Steps |
| --- | --- |
${places.flatMap(([place, words]) => (stepsAt(place) === '' ? [] : [`| ${words} | ${stepsAt(place)} |`])).join('\n')}

In \`e2e/become/\`, no kubelet and no source-controller run. The tests do the work of these programs.

In another test, a program that does not know these steps tries every request on 20 random clusters, until it gains no more rights. It gains exactly the rights that the steps predict.

## What is not modelled

${edge}

Some rights lead nowhere in this model: pods/eviction, PodTemplates, Receivers of Flux, impersonation of uids and extra fields, and changes of nodes. Changing a node can move pods to a node that one controls, but in this model, whoever controls one node controls every node.
`;
