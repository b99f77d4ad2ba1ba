import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { parse, stringify } from 'yaml';
import fc, { runs } from '../../__tests__/fast-check';
import { json } from '../../__tests__/output/random-values';
import { parseSource } from '../../lib/config/source';
import { toYaml } from '../../lib/output/yaml';
import { ensurePart } from '../parts/build';
import { cacheFolder } from '../parts/cache';
import { LineProgram } from './line-program';

/** Converts -0 to 0, because the JSON of the other languages can contain -0. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** A reader of YAML texts, or a writer of values. */
type Library = (input: unknown) => readonly unknown[] | Promise<readonly unknown[]>;
const languages = ['Go', 'Python', 'Rust', 'JavaScript'] as const;
type Libraries = Readonly<Record<(typeof languages)[number], Library>>;

const programs: LineProgram[] = [];
let readers: Libraries;
let writers: Libraries;

beforeAll(async () => {
  const rust = join(__dirname, 'rust', 'Cargo.toml');
  const target = join(cacheFolder(), 'soak-rust');
  const build = ['build', '--release', '--locked', '--manifest-path', rust, '--target-dir', target];
  execFileSync('cargo', build, { stdio: ['ignore', 'ignore', 'inherit'] });
  const go = await ensurePart('soak');
  const start = (command: string, args: readonly string[]): Library => {
    const program = new LineProgram(command, args);
    programs.push(program);
    return (input) => program.ask(input);
  };
  const all = (mode: string) => ({
    Go: start(go, [mode]),
    Python: start('python3', [join(__dirname, 'pyyaml.py'), mode]),
    Rust: start(join(target, 'release', 'kaniflux-soak'), [mode]),
  });
  readers = { ...all('read'), JavaScript: (text) => [parse(String(text)), load(String(text))] };
  writers = {
    ...all('write'),
    JavaScript: (value) => [
      stringify(value),
      stringify(value, { defaultStringType: 'QUOTE_DOUBLE', collectionStyle: 'flow' }),
      dump(value),
    ],
  };
});
afterAll(() => {
  for (const program of programs) program.close();
});

test.each(languages)('what toYaml writes is read by %s as it was', async (language) => {
  await fc.assert(
    fc.asyncProperty(json, async (value) => {
      for (const read of await readers[language](toYaml(value))) expect(plain(read)).toEqual(plain(value));
    }),
    { numRuns: runs(50) },
  );
});

test.each(languages)('what %s writes is read as it was, or is refused', async (language) => {
  const seen = { read: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(json, async (value) => {
      for (const text of await writers[language](value)) {
        // Some libraries write a name with U+FEFF unquoted. At the start of a file this is a byte order mark.
        if (String(text).startsWith('\ufeff')) continue;
        // Go writes a wrong indentation indicator for a key that begins with an empty line.
        if (/\? [|>][1-9]/.test(String(text))) continue;
        const { value: ours, faults } = parseSource('a.yaml', new TextEncoder().encode(String(text)));
        seen[faults.length > 0 ? 'refused' : 'read']++;
        if (faults.length === 0) expect({ text, ours: plain(ours) }).toEqual({ text, ours: plain(value) });
      }
    }),
    { numRuns: runs(50) },
  );
  expect(seen.read).toBeGreaterThan(seen.refused);
});
