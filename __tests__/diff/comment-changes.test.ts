import { isCommentChange } from '../../lib/diff/comment-changes';
import { committedDiff, committedStatements } from '../../lib/diff/committed-output';

const change = (path: string, before: string, after: string) => ({ change: 'changed' as const, path, before, after });

test.each([
  ['a.yaml', '# by 1.0\na: 1 # one\n', '# by 2.0\na: 1\n'],
  ['a.yaml', 'a: "1"\n---\nb: [x]\n', "a: '1'\n---\nb:\n  - x\n"],
  ['kanidm/runbook.sh', '#!/bin/sh\n# old\nkanidm login\n', '#!/bin/sh\n# new\n# and more\nkanidm login\n'],
])('%s has the same effect', (path, before, after) => {
  expect(isCommentChange(change(path, before, after))).toBe(true);
});

test.each([
  ['another value', 'a.yaml', 'a: 1\n', 'a: "1"\n'],
  ['another order of a list', 'a.yaml', 'a: [x, y]\n', 'a: [y, x]\n'],
  ['another document', 'a.yaml', 'a: 1\n', 'a: 1\n---\nb: 1\n'],
  ['a text with a hash', 'a.yaml', 'a: |\n  # x\n', 'a: |\n  # y\n'],
  ['a file that cannot be read', 'a.yaml', 'a: [\n', '# x\na: [\n'],
  ['a comment that continues a command', 'a.sh', 'set-members a \\\n  b\n', 'set-members a \\\n#\n  b\n'],
  ['a line of a here-document', 'a.sh', "cat <<'END OF IT'\nx\nEND OF IT\n", "cat <<'END OF IT'\n#y\nx\nEND OF IT\n"],
  ['another shell', 'a.sh', '#!/bin/sh\n', '#!/bin/bash\n'],
  ['a page for people', 'README.md', '# a\n', '# b\n'],
])('%s has another effect', (_, path, before, after) => {
  expect(isCommentChange(change(path, before, after))).toBe(false);
});

test('an upgrade that changes only comments is one counted statement', () => {
  const files = (version: string, role = 'view') =>
    new Map([
      ...['a', 'b', 'c'].map((name) => [`clusters/${name}/access/access.k8s.yaml`, `# ${version}\nkind: X\n`] as const),
      ['kubeconfigs/a.yaml', `# ${version}\nkind: Config\n`],
      ['clusters/a/access/kustomization.yaml', `# ${version}\nrole: ${role}\n`],
    ]);
  const committed = { before: files('1.0'), after: files('2.0', 'cluster-admin') };
  const said = committedStatements(committed, committedDiff(committed, []), 'out').map(({ level, say, details }) => [
    level,
    say(''),
    details,
  ]);
  expect(said).toEqual([
    [
      'high',
      'out/clusters/a/access/kustomization.yaml changed in a way that the config does not explain: it was edited by hand, or rendered from another config or by another version of Kaniflux',
      ['- # 1.0', '- role: view', '+ # 2.0', '+ role: cluster-admin'],
    ],
    [
      'low',
      'in 4 files below out/, only comments or formatting changed, which changes nothing on the cluster: somebody edited these lines by hand, or they were rendered from another config or by another version of Kaniflux',
      ['out/clusters/*/access/access.k8s.yaml (3 files)', 'out/kubeconfigs/a.yaml'],
    ],
  ]);
});
