import { parse } from 'yaml';
import { workflowText } from '../../lib/init/workflow';
import { actionText } from '../../scripts/github-action';

interface Step {
  if?: string;
  shell?: string;
  env?: Record<string, string>;
  run?: string;
}
const [inputs, ...steps]: Step[] = parse(actionText()).runs.steps;

test('each step of the action runs in one mode, and what it runs is in the workflow', () => {
  const jobs: Record<string, { steps: Step[] }> = parse(workflowText('', 'main')).jobs;
  for (const mode of ['review', 'comment', 'check', 'expire']) {
    const own = steps.filter((step) => step.if?.endsWith(`inputs.mode == '${mode}'`));
    const runs = (of: readonly Step[] = []) => of.flatMap(({ run }) => (run === undefined ? [] : [run]));
    expect(runs(own)).toEqual(runs(jobs[mode]?.steps));
    expect(runs(own)).not.toEqual([]);
  }
  expect(steps.every((step) => /inputs\.mode == '\w+'$/.test(step.if ?? ''))).toBe(true);
});

test('the first step refuses a mode for which no other step runs', () => {
  expect(inputs).toMatchObject({ shell: 'bash -e {0}', env: { MODE: `\${{ inputs.mode }}` } });
  expect(inputs).not.toHaveProperty('if');
});

test('inputs reach a script as variables, never as its text', () => {
  const scripts = steps.filter(({ run }) => run !== undefined);
  for (const { run, shell, env } of scripts) {
    expect(run).not.toContain(`\${{`);
    // The shell that GitHub uses for a step of a workflow that names no shell.
    expect(shell).toBe('bash -e {0}');
    expect(env?.FOLDER).toBe(`\${{ inputs.folder || '.' }}`);
  }
  const variables = Object.assign({}, ...scripts.map(({ env }) => env));
  expect(variables).toMatchObject({ FAIL_ON: `\${{ inputs.fail-on }}`, TEXT: `\${{ inputs.text }}` });
});
