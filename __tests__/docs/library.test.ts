import { readFileSync } from 'node:fs';
import { pages } from './library-programs';

test('every construct and value of the library is on them', () => {
  const text = pages.map((page) => readFileSync(page, 'utf8')).join('');
  const exported = require('../../lib/index') as Record<string, unknown>;
  const classes = Object.entries(exported).flatMap(([name, value]) =>
    typeof value === 'function' && /^class /.test(String(value)) && !name.endsWith('Error') ? [name] : [],
  );
  expect(classes.length).toBeGreaterThan(10);
  expect(classes.filter((name) => !text.includes(`\`${name}\``) && !text.includes(`: ${name}\n`))).toEqual([]);
});
