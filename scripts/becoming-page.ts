import { type Place, tried } from '../e2e/become/tried';
import { notModelled, steps } from '../lib/become/become-steps';

const cell = (text: string) => text.replaceAll('|', '\\|');

const table = [
  '| Step | Allowed by | Gives | Closed by |',
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

\`kaniflux who-can become RIGHT\` lists who can get a right step by step, and how. \`kaniflux explain PERSON\` lists what a person can become.

\`\`\`bash
kaniflux who-can become cluster-admin
kaniflux who-can become "delete secrets in prod" --manifests ../apps
\`\`\`

It lists the ways of each person, the shortest first. Each step names the rule that allows it, what it assumes, and the page that says why it works. \`--format json\` has the same as data. \`kaniflux report\` shows the shortest way of each person to each goal.

## What it needs to know

- The roles and bindings of the config, and those of Kubernetes and of Flux as \`flux install\` creates them. With \`--manifests DIR\`, your own manifests count too. If these manifests bind the controllers of Flux, Kaniflux reads from them what Flux may do.
- \`flux.lockdown\`: whether the controllers of Flux run with \`--no-cross-namespace-refs\` and \`--default-service-account\`. Without it, a Kustomization in any namespace is applied with the rights of cluster-admin. Flux adds the right to create one to \`edit\` and \`admin\`.
- The manifests of the Flux Operator, if it runs: it adds the right to write ResourceSets to \`edit\` and \`admin\`, and Kaniflux knows this only from \`--manifests\`. Whether it runs, and with which flags, is always an assumption; \`flux.lockdown\` is not about the Flux Operator.
- \`flux.writers\`: who may push to the source. Without it, Kaniflux lists nobody, although somebody can.
- \`podSecurity\` of a cluster, or the label \`pod-security.kubernetes.io/enforce\` of Namespaces in \`--manifests\`. If the level is not known, Kaniflux assumes that it allows privileged pods, and the step says so.

If a step depends on something that is not known, it ends with an assumption, after "if". A way without "if" needs nothing but the rules that its steps name.

## The steps

${table}

## What was tried

Each step${stepsAt('not tried') === '' ? '' : ' but those of the last row'} was done for real. It was also tried with a configuration that closes it, and was refused there:

| Where | Steps |
| --- | --- |
${places.flatMap(([place, words]) => (stepsAt(place) === '' ? [] : [`| ${words} | ${stepsAt(place)} |`])).join('\n')}

In \`e2e/become/\`, the tests stand in for the kubelet and source-controller.

Another test has 20 random clusters, and a program that contains none of these steps. The program tries every request until it gains nothing new. It reaches exactly what the steps predict.

## What is not modelled

${edge}

Some rights lead nowhere in this model: pods/eviction, PodTemplates, Receivers of Flux, impersonation of uids and extra fields, and changes of nodes. Changing a node can move pods to a node that one controls, but whoever controls a node here controls every node.
`;
