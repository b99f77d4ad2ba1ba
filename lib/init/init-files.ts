import { quote } from '../node-files/shell';
import { configText } from './config-text';
import type { Settings } from './settings';
import { isFor, workflowText } from './workflow';

export interface NewFile {
  /** Relative to the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly executable?: boolean;
}

/** The place of the config in the repository. */
export interface Place {
  /** Folder of the config, relative to the root; `''` for the root itself. */
  readonly folder: string;
  /** The default branch of the repository. */
  readonly branch: string;
  /** Returns the text of a file that is in the repository already. */
  readonly existing?: (path: string) => string | undefined;
}

/** Path from the config to the JSON Schema in the installed package. */
export const schemaAddress = './node_modules/kaniflux/schema/kaniflux.schema.json';

/** Returns all files that `init` writes. */
export function newFiles(settings: Settings, place: Place, cdk8s: boolean): NewFile[] {
  const { folder } = place;
  const within = folder === '' ? '' : `${folder}/`;
  const config = {
    path: `${within}kaniflux.yaml`,
    text: configText(settings, schemaAddress, folder === '' ? undefined : `./${folder}/dist`),
  };
  return [
    // With `existing-sign-in`, `adopt` writes the config.
    ...(settings.start === 'existing-sign-in' ? [] : [config]),
    { path: `${within}.gitignore`, text: 'node_modules/\nkaniflux-report.html\n# Private keys.\n*.key\n' },
    workflowFile(place),
    { path: '.githooks/pre-commit', text: hookText(folder), executable: true },
    ...(cdk8s
      ? [
          {
            path: `${within}cdk8s.yaml`,
            text: 'language: typescript\napp: npx --no-install tsx main.ts\noutput: dist\n',
          },
          { path: `${within}main.ts`, text: mainText },
        ]
      : []),
  ];
}

/** Returns the workflow in the first file that does not belong to another folder. */
function workflowFile({ folder, branch, existing = () => undefined }: Place): NewFile {
  const path = (suffix: string) => `.github/workflows/kaniflux${suffix}.yaml`;
  const isTaken = (suffix: string) => isFor(existing(path(suffix)) ?? '', folder) === false;
  if (!isTaken('')) return { path: path(''), text: workflowText(folder, branch) };
  // Folders such as `a/b` and `a-b` get the same name.
  const name = `-${folder.replace(/[^\w-]+/g, '-') || 'root'}`;
  let suffix = name;
  for (let i = 2; isTaken(suffix); i++) suffix = `${name}-${i}`;
  return { path: path(suffix), text: workflowText(folder, branch, ` in ${folder || 'the root'}`) };
}

/**
 * The usual names of the files that decide what the commit renders to. Only the files directly in
 * `clusters/` count, because its subfolders often contain what Flux applies.
 */
const renderedFrom = ['kaniflux.yaml', 'dist', 'clusters/*.yaml'];

function hookText(folder: string): string {
  const commands = ['npx --no-install kaniflux synth --check', 'npx --no-install kaniflux check --severity warning'];
  const within = folder === '' ? '' : `${folder}/`;
  const files = renderedFrom.map((name) => quote(`${name.includes('*') ? ':(glob)' : ''}${within}${name}`)).join(' ');
  return `#!/bin/sh
# Rejects a commit if dist/ is out of date. Written by \`kaniflux init\`; you can edit it.
# Turn it on once in each clone: git config core.hooksPath .githooks
set -e
${(folder === '' ? commands : ['(', ...[`cd ${quote(folder)}`, ...commands].map((line) => `  ${line}`), ')']).join('\n')}
# The commands above read the files on the disk. The commit contains only what is staged.
# If the config names other files, such as certificates, add them here.
set -- ${files}
left=
git diff --cached --quiet -- "$@" || left="$(git ls-files --modified --others --exclude-standard -- "$@")"
if [ -n "$left" ]; then
  printf 'These files have changes that are not staged. Stage them with git add:\\n%s\\n' "$left" >&2
  exit 1
fi
`;
}

const mainText = `import { loadConfig, render, writeArtifacts } from 'kaniflux';

// cdk8s empties its output folder, then runs this program, which writes the same files as \`kaniflux synth\`.
// Put your own charts, with constructs such as HelmApp, into another cdk8s app with its own output folder.
async function main(): Promise<void> {
  await writeArtifacts(process.env.CDK8S_OUTDIR ?? 'dist', render(loadConfig('kaniflux.yaml')));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 2;
});
`;
