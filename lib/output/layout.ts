/** A file or folder name in a rendered path. It never starts with a dot. */
const name = '(?!\\.)[^/]+';
const rendered = new RegExp(
  `^(?:${[
    'ACCESS\\.md',
    'kubeconfig\\.yaml',
    `kubeconfigs/${name}\\.yaml`,
    `flux/${name}\\.yaml`,
    `clusters/${name}/(kanidm|access|access-in-namespaces)/(?:kustomization\\.yaml|\\1\\.k8s\\.yaml)`,
    `apps/${name}/(?:README\\.md|headlamp-values\\.yaml)`,
    `control-planes/${name}(?:/${name})+`,
    'kanidm/runbook\\.sh',
    `kanidm/migrations\\.d/${name}\\.json`,
  ].join('|')})$`,
);

/**
 * Returns whether `kaniflux synth` can render a file with this path, whatever the config is. `synth` never replaces or
 * removes other files.
 */
export const isRenderedPath = (path: string): boolean => rendered.test(path);

const chart = new RegExp(`^clusters/${name}/(${name})/(?:kustomization\\.yaml|\\1\\.k8s\\.yaml)$`);

/**
 * Returns whether `render` renders a file with this path. An app can add charts, and chooses the names of their
 * folders.
 */
export const isLibraryPath = (path: string): boolean => isRenderedPath(path) || chart.test(path);

const inEveryRun: readonly string[] = ['ACCESS.md', 'kanidm/runbook.sh'];

/**
 * Returns whether the index keeps no hash of a file, because nearly every change of the config changes the file, and
 * its hash would conflict between any two branches. Every run renders such a file, so it is never removed and needs no
 * hash.
 */
export const hasNoHash = (path: string): boolean => inEveryRun.includes(path);
