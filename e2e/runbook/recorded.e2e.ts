import { filesOf, names, recorded, scriptOf } from './recorded-runs';
import { type Client, runScript } from './run-script';

/*
 * The runbook beside what it did on a real kanidmd and kanidm 1.11.1 (fixtures/kanidm/runbook): the same calls in the
 * same order, answered as the real client answered them, and the same words to the person at the end.
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
