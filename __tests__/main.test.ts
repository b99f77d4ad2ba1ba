import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { render } from '../lib/render';
import { charts } from '../main';
import { configOf, homeLabText } from './config';

const fixtures = join(__dirname, 'fixtures', 'valid');
const root = join(__dirname, '..');

test.each([
  ['the home lab', homeLabText],
  ...readdirSync(fixtures).map((file) => [file, readFileSync(join(fixtures, file), 'utf8')]),
])('the app renders %s as `kaniflux synth` does, byte for byte', (_, text = '') => {
  const config = configOf(text);
  expect([...render(config, charts)]).toEqual([...render(config)]);
});

test('it fits on a screen', () => {
  expect(readFileSync(join(root, 'main.ts'), 'utf8').split('\n').length).toBeLessThan(60);
});
