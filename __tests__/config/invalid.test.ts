import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatFindings } from '../../lib/findings/finding-text';
import { load } from '../config';

const folder = join(__dirname, '..', 'fixtures', 'invalid');
const rules = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''));

describe('each broken config', () => {
  test.each(rules)('%s', (rule) => {
    const text = readFileSync(join(folder, `${rule}.yaml`), 'utf8');
    expect(text).toMatch(new RegExp(`^# ${rule}: `));
    const { config, findings } = load(text);
    expect(findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toContain(rule);
    expect(config).toBeUndefined();
    expect(formatFindings(findings)).toMatchSnapshot();
  });
});

test('there are twenty of them at least', () => {
  expect(rules.length).toBeGreaterThanOrEqual(20);
});
