import { configOf } from '../../__tests__/config';
import { runbook } from '../../lib/node-files/runbook';
import { filesOf, names, recorded, scriptOf } from './recorded-runs';
import { type Client, runScript } from './run-script';

/*
 * Compares the runbook with its runs on a real kanidmd and kanidm 1.11.1 (fixtures/kanidm/runbook). It makes the same
 * calls in the same order, gets the answers of the real client, and prints the same text at the end.
 */
test.each(names)('%s: what the real Kanidm saw', async (name) => {
  const { config, args, calls, ...rest } = recorded(name);
  const seen: (readonly string[])[] = [];
  const client: Client = (words) => {
    const { status = 99, text = 'not recorded\n' } = calls[seen.length] ?? {};
    seen.push(words);
    return { status, text };
  };
  const run = await runScript(scriptOf(config), client, { args, files: filesOf(name) });
  expect(seen).toEqual(calls.map(({ words }) => words));
  expect(run).toEqual(rest);
});

describe('a sign-in that fails', () => {
  const script = runbook(configOf());
  const refuses: Client = () => ({ status: 1, text: '' });
  const kubectl = `#!/bin/sh
case $* in
  'config current-context') echo homelab ;;
  '--context=homelab exec '*) echo "new_password: …" ;;
  *) exit 1 ;;
esac
`;
  const files = { kubectl };
  const env = { RECOVER: 'yes' };

  test('after new passwords: they are valid, and are not made again', async () => {
    const { status, stdout, stderr } = await runScript(script, refuses, { files, env, input: 'y\n' });
    expect(stdout).toContain('A new password for idm_admin:');
    expect([status, stderr]).toEqual([
      2,
      'runbook: idm_admin could not sign in. The passwords above are valid: run the script again, without RECOVER=yes\n',
    ]);
  });

  test.each(['n\n', '\n', ''])('no new passwords in a context that nobody confirmed: %j', async (input) => {
    const { status, stdout, stderr } = await runScript(script, refuses, { files, env, input });
    expect(stdout).toBe(
      'Set new passwords in the context homelab of kubectl, for the Kanidm at https://sso.kammel.dev? [y/N] ',
    );
    expect([status, stderr]).toEqual([
      2,
      'runbook: no new passwords; to select another context: kubectl config use-context NAME\n',
    ]);
  });

  test('without new passwords', async () => {
    expect(await runScript(script, refuses, { files })).toEqual({
      status: 2,
      stdout: '',
      stderr: 'runbook: idm_admin could not sign in\n',
    });
  });
});
