import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../run';

const guide = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'review.md'), 'utf8');
const before = readFileSync(join(__dirname, '..', '..', 'fixtures', 'review', 'nested.yaml'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'kaniflux-guide-'));
writeFileSync(join(folder, 'before.yaml'), before);
writeFileSync(join(folder, 'after.yaml'), before.replace('on_call: { members: [] }', 'on_call: { members: [jane] }'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([[['diff', 'before.yaml', 'after.yaml']], [['who-can', 'get', 'secrets', '-c', 'after.yaml']]])(
  'what the guide shows is what %j prints',
  async (argv) => {
    const { stdout } = await run(argv, { cwd: folder });
    expect(stdout).not.toBe('');
    expect(guide).toContain(`\n${stdout}\`\`\`\n`);
  },
);

test('a pull request that only adds somebody to a nested group shows in its Markdown the cluster role they gain', async () => {
  const { code, stdout } = await run(['diff', 'before.yaml', 'after.yaml', '--files', '--format', 'markdown'], {
    cwd: folder,
  });
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /### Can give full control of a cluster\n\n- 🔴 jane may do everything on homelab \\\(cluster\\-admin, by k8s\\_admins through on\\_call\\\)/,
  );
  expect(stdout).not.toContain('### Objects');
});
