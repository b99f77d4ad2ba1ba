import { scripts } from '../../package.json';

/*
 * npm 11 warns about a package with one of these scripts when its file is installed, and the first three run on the
 * user's machine. https://docs.npmjs.com/cli/v11/using-npm/scripts
 */
test('the package has no script that npm runs for those who install it', () => {
  const run = ['preinstall', 'install', 'postinstall', 'prepare'];
  expect(Object.keys(scripts).filter((name) => run.includes(name))).toEqual([]);
});

test('`npm ci` and `npm pack` build', () => {
  expect(scripts).toMatchObject({ postprepare: scripts.build, prepack: scripts.build });
});
