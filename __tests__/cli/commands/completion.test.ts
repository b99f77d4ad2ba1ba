import { commands } from '../../../lib/cli/commands';
import { completion } from '../../../scripts/completion/completion-files';
import { run } from '../../run';

test.each(['bash', 'zsh', 'fish'] as const)('%s is told every command and option', async (name) => {
  const script = await completion(name);
  for (const [command, { load }] of Object.entries(commands)) {
    expect(script).toContain(command);
    for (const option of Object.keys((await load()).command.options)) {
      expect(script).toContain(name === 'fish' ? `-l ${option}` : `--${option}`);
    }
  }
});

test.each(['bash', 'zsh', 'fish'] as const)('the program prints the one for %s that is generated', async (name) => {
  expect(await run(['completion', name])).toEqual({ code: 0, stdout: await completion(name), stderr: '' });
});

test('another shell is refused', async () => {
  expect(await run(['completion', 'tcsh'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('bash, zsh, fish'),
  });
  expect(await run(['completion'])).toMatchObject({ code: 2, stdout: '' });
});
