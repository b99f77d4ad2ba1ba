/** The names of everything that Kaniflux renders. A name that starts with a dot is never among them. */
const name = '(?!\\.)[^/]+';
const rendered = new RegExp(
  `^(?:${[
    'ACCESS\\.md',
    'kubeconfig\\.yaml',
    `kubeconfigs/${name}\\.yaml`,
    `flux/${name}\\.yaml`,
    `clusters/${name}/(kanidm|access|access-in-namespaces)/(?:kustomization\\.yaml|\\1\\.k8s\\.yaml)`,
    `control-planes/${name}(?:/${name})+`,
    'kanidm/runbook\\.sh',
    `kanidm/migrations\\.d/${name}\\.json`,
  ].join('|')})$`,
);

/** Whether Kaniflux writes a file of this path, in some config. Nothing else is ever replaced or removed. */
export const isRenderedPath = (path: string): boolean => rendered.test(path);

const inEveryRun: readonly string[] = ['ACCESS.md', 'kanidm/runbook.sh'];

/**
 * Whether the index keeps no hash of the file: it is in every run, so it is never removed, and nearly every change of
 * the config changes it, so its hash would be a conflict between any two branches.
 */
export const hasNoHash = (path: string): boolean => inEveryRun.includes(path);
