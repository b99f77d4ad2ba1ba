import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from '../config';

test('the config in README.md has no fault, and grants what it says', () => {
  const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');
  const [, text = ''] = /```yaml\n(.*?)```/s.exec(readme) ?? [];
  const { config, findings } = load(text);
  expect(findings).toEqual([]);
  expect(config?.clusters.get('homelab')?.grants).toMatchObject([{ roleName: 'view', groups: ['k8s_users'] }]);
});
