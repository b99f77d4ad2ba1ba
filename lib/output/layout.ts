/** A file or folder name in a rendered path. It never starts with a dot. */
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

/** Whether Kaniflux renders a file with this path for some config. No other file is ever replaced or removed. */
export const isRenderedPath = (path: string): boolean => rendered.test(path);

const inEveryRun: readonly string[] = ['ACCESS.md', 'kanidm/runbook.sh'];

/**
 * Whether the index keeps no hash of the file. Such a file is rendered by every run, so it is never removed; and nearly
 * every change of the config changes it, so its hash would conflict between any two branches.
 */
export const hasNoHash = (path: string): boolean => inEveryRun.includes(path);
