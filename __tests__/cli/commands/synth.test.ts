import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneConfig, writeConfig } from '../../../bench/input';
import { homeLab, homeLabText } from '../../config';
import { contents, removeTemporary, temporary } from '../../output/folder';
import { run } from '../../run';

afterEach(removeTemporary);

/** Returns when each file below a folder was last changed. */
const times = (folder: string): Record<string, bigint> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path, statSync(join(folder, path), { bigint: true }).mtimeNs]),
  );

test('a second run writes nothing, and a change to one cluster touches its files only', async () => {
  const folder = temporary();
  writeConfig(folder, { clusters: 3, grants: 4 }, 'files');
  const dist = join(folder, 'dist');
  expect(await run(['synth'], { cwd: folder })).toMatchObject({ code: 0 });
  const before = times(dist);
  expect(await run(['synth'], { cwd: folder })).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(' unchanged'),
  });
  expect(times(dist)).toEqual(before);

  const file = join(folder, 'clusters', 'cluster0001.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('clusterRole: view', 'clusterRole: edit'));
  expect(await run(['synth', '--quiet'], { cwd: folder })).toEqual({ code: 0, stdout: '', stderr: '' });
  const after = times(dist);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  expect(Object.keys(after).filter((path) => after[path] !== before[path])).toEqual([
    '.kaniflux.json',
    'ACCESS.md',
    'clusters/cluster0001/access/access.k8s.yaml',
  ]);
});

test('one cluster alone is rendered as in the whole', async () => {
  const folder = temporary();
  writeFileSync(join(folder, 'kaniflux.yaml'), oneConfig({ clusters: 3, grants: 4 }));
  await run(['synth', '--quiet'], { cwd: folder });
  await run(['synth', '--quiet', '--cluster', 'cluster0002', '-o', 'alone'], { cwd: folder });
  const alone = readdirSync(join(folder, 'alone'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => !path.startsWith('.') && statSync(join(folder, 'alone', path)).isFile(),
  );
  expect(alone.length).toBeGreaterThan(5);
  for (const path of alone) {
    expect(readFileSync(join(folder, 'alone', path), 'utf8')).toBe(readFileSync(join(folder, 'dist', path), 'utf8'));
  }
});

describe('a warning that checks.ignore accepts', () => {
  const synth = async (ignore: Record<string, string>, ...args: string[]) => {
    const folder = temporary();
    const change = {
      clusters: { homelab: { authentication: { claim: 'preferred_username' } } },
      checks: { ignore: [{ code: 'changeable-claim', reason: 'until the bindings are changed', ...ignore }] },
    };
    writeFileSync(join(folder, 'kaniflux.yaml'), JSON.stringify(homeLab(change)));
    return (await run(['synth', ...args], { cwd: folder })).stderr;
  };
  const warning = 'people can change their own name';
  const accepted = 'ignored: changeable-claim on homelab, one finding: until the bindings are changed\n';

  test('is one line with the reason, as in check', async () => {
    const stderr = await synth({ cluster: 'homelab' });
    expect(stderr).toContain(accepted);
    expect(stderr).not.toContain(warning);
  });

  test('is not printed with --quiet', async () => {
    expect(await synth({ cluster: 'homelab' }, '--quiet')).not.toMatch(/ignored|changeable-claim/);
  });

  test('is printed if the entry is about another place', async () => {
    const stderr = await synth({ path: 'people' });
    expect(stderr).toContain(warning);
    expect(stderr).not.toContain('ignored');
  });
});

describe('an output folder that is the repository', () => {
  const precious = { '.env': 'TOKEN=1', '.git/config': '[core]', 'package.json': '{}' };
  function repository(): string {
    const folder = temporary();
    mkdirSync(join(folder, '.git'));
    for (const [path, text] of Object.entries({ ...precious, 'kaniflux.yaml': homeLabText })) {
      writeFileSync(join(folder, path), text);
    }
    return folder;
  }

  test.each([...Object.keys(precious), 'kaniflux.yaml'])('keeps %s, whatever the index says', async (path) => {
    const folder = repository();
    const forged = { version: 2, files: { [path]: '0'.repeat(64) } };
    writeFileSync(join(folder, '.kaniflux.json'), JSON.stringify(forged));
    const before = contents(folder);
    expect(await run(['synth', '-o', '.'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`names '${path}', which Kaniflux does not write; fix: restore the index`),
    });
    expect(contents(folder)).toEqual(before);
  });

  test('is written beside them', async () => {
    const folder = repository();
    expect(await run(['synth', '-o', '.'], { cwd: folder })).toMatchObject({ code: 0 });
    expect(contents(folder)).toMatchObject({ ...precious, 'flux/homelab.yaml': expect.any(String) });
  });

  test('says in words that its index cannot be read', async () => {
    const folder = repository();
    writeFileSync(join(folder, '.kaniflux.json'), '<<<<<<< HEAD\n    "\\x": "0",\n=======\n>>>>>>> other\n');
    const { code, stderr } = await run(['synth', '-o', '.'], { cwd: folder });
    expect({ code, isStack: /\n +at /.test(stderr) }).toEqual({ code: 2, isStack: false });
    expect(stderr).toContain('fix: restore it from git');
  });
});
