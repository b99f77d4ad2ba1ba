import { stringify } from 'yaml';
import { homeLab } from '../../config';
import { homeLabRepository } from './repository';

const { write, ask } = homeLabRepository();

test('explain says what is nearest to a misspelt person', async () => {
  expect(await ask(['explain', 'datosch'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('`datosh`'),
  });
  expect(await ask(['explain', 'k8s_users'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('`k8s_users` is a group'),
  });
  expect((await ask(['explain', 'datosh'])).stdout).toContain('may do everything');
});

test('explain of a former name says who it is now, and suggests nobody else', async () => {
  const text = stringify(
    homeLab({
      kanidm: { version: '1.11.1', helm: null, cluster: null, provision: 'migrations' },
      people: { janet: { displayName: 'Janet', formerly: 'jane' }, jana: { displayName: 'Jana' } },
    }),
  );
  write('renamed.yaml', text);
  expect(await ask(['explain', 'jane', '-c', 'renamed.yaml'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/`jane` is the former name of `janet`/),
  });
});

test('a token is never an argument, and never printed', async () => {
  const token = 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl';
  const given = await ask(['explain', '--token', token]);
  expect(given).toMatchObject({ code: 2, stderr: expect.stringContaining('standard input') });
  const read = await ask(['explain', '--token', '-'], token);
  expect(read).toMatchObject({ code: 1, stdout: expect.stringContaining('refused') });
  for (const { stdout, stderr } of [given, read]) expect(stdout + stderr).not.toContain(token.slice(0, 12));
});

test('a log of which a line is known', async () => {
  const line = 'oidc: id token signed with unsupported algorithm, expected ["RS256"] got ["ES256"]';
  const { code, stdout, stderr } = await ask(['explain', '--log', '-'], `something else\n${line}\n`);
  expect(stderr).toBe('kaniflux: 1 other line has no explanation\n');
  expect(code).toBe(0);
  expect(stdout).toContain('--oidc-signing-algs=ES256');
  expect((await ask(['explain', '--log', '-'], 'something else\n')).code).toBe(1);
  for (const format of ['text', 'json']) {
    const shown = await ask(['explain', '--log', '-', '--format', format], `${line} eyJhbGciOiJF.eyJpc3Mi.c2ln\n`);
    expect(shown.stdout).toContain('<token>');
    expect(shown.stdout).not.toContain('eyJ');
  }
});
