import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/*
 * `npm run generate -- --check`, which CI runs, compares docs/api.md with the library. This test shows what it requires
 * of a docstring. The API of the compiler is an ES module, which jest cannot load, so another process reads the types.
 */
const root = join(__dirname, '..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kaniflux-api-')));
afterAll(() => rmSync(folder, { recursive: true }));

function problemsOf(index: string): string[] {
  mkdirSync(join(folder, 'lib'), { recursive: true });
  writeFileSync(join(folder, 'lib', 'index.ts'), index);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { types: [] }, include: ['lib'] }));
  const script = `
    import { apiEntries } from ${JSON.stringify(pathToFileURL(join(root, 'scripts', 'api-types.ts')).href)};
    console.log(JSON.stringify(apiEntries(${JSON.stringify({ root: folder, index: 'lib/index.ts' })}).problems));`;
  writeFileSync(join(folder, 'read.ts'), script);
  const tsx = join(root, 'node_modules', '.bin', 'tsx');
  return JSON.parse(execFileSync(tsx, [join(folder, 'read.ts')], { cwd: root, encoding: 'utf8' }));
}

test('an export, a prop, a method and an error without a docstring are named', () => {
  const bare = `
    export interface Props {
      readonly name: string;
      /** @default 1 */
      readonly count?: number;
    }
    /** A class. */
    export class Thing {
      private times = 1;
      constructor(readonly props: Props) { if (this.times > 1) throw new Error('no'); }
      go(): void {}
    }
    export const make = (name: string): Thing => new Thing({ name });`;
  expect(problemsOf(bare).sort()).toEqual([
    'Props has no docstring',
    'Props.name has no docstring',
    'Thing throws an error, and its docstring has no @throws',
    'Thing.go has no docstring',
    'Thing.props has no docstring',
    'make has no docstring',
  ]);
});

test('and nothing is named if all is described', () => {
  const described = `
    /** Props of Thing. */
    export interface Props {
      /** The name. */
      readonly name: string;
      /** @default 1 */
      readonly count?: number;
    }
    /**
     * A class.
     * @throws Error if it must
     */
    export class Thing {
      private times = 1;
      constructor(
        /** The props. */
        readonly props: Props,
      ) { if (this.times > 1) throw new Error('no'); }
      /** Goes. */
      go(): void {}
    }
    /** Makes it. */
    export const make = (name: string): Thing => new Thing({ name });`;
  expect(problemsOf(described)).toEqual([]);
});
