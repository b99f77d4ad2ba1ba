import { parse, stringify } from 'yaml';
import { workflowText } from '../lib/init/workflow';

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

/**
 * Returns action.yml: the steps of the workflow that `kaniflux init` writes, as a composite action. A composite action
 * has no jobs, and only the comment and the nightly job may have a token that can write. So each mode of the action is
 * for one job of the caller.
 */
export function actionText(): string {
  const jobs: Record<string, { steps: Step[] }> = parse(workflowText('', 'main')).jobs;
  const own = Object.entries(jobs).flatMap(([mode, job]) =>
    job.steps.filter(({ uses }) => !uses?.startsWith('actions/checkout@')).map((step) => inMode(mode, step)),
  );
  const action = {
    name: 'Kaniflux',
    description:
      'Reviews who gains and loses access, comments it on the pull request, checks the config, and takes out grants that have ended.',
    branding: { icon: 'users', color: 'blue' },
    inputs: {
      mode: {
        description:
          '`review`, `comment`, `check` or `expire`. Only jobs with `comment` and `expire` need `pull-requests: write`, and only one with `expire` needs `contents: write`.',
        required: true,
      },
      folder: { description: 'The folder of kaniflux.yaml in the repository.', default: '.' },
      'fail-on': {
        description: 'Kinds of changes that make `review` fail, for example `takeover,trust`.',
        default: '',
      },
      text: { description: 'For `comment`: the output `text` of the job with `review`.', default: '' },
    },
    outputs: { text: { description: 'The review, as Markdown.', value: expression('steps.review.outputs.text') } },
    runs: { using: 'composite', steps: [inputsStep, ...own] },
  };
  return `# Made by \`npm run generate\` from the workflow of \`kaniflux init\`.\n${stringify(action, { lineWidth: 0 })}`;
}

/** Returns a step of a job as a step of the action that runs only in one mode. */
function inMode(mode: string, step: Step): Step & { readonly shell?: string } {
  const condition = `inputs.mode == '${mode}'`;
  const { if: own, name, id, uses, env, run } = step;
  const changed = Object.fromEntries(Object.entries(env ?? {}).map(([key, value]) => [key, inputs[key] ?? value]));
  const { cache: _, 'cache-dependency-path': __, ...settings } = step.with ?? {};
  return {
    ...(name === undefined ? {} : { name }),
    ...(id === undefined ? {} : { id }),
    if: own === undefined ? condition : `${own} && ${condition}`,
    ...(uses === undefined ? {} : { uses, with: settings }),
    ...(run === undefined ? {} : { shell, env: { FOLDER: expression("inputs.folder || '.'"), ...changed }, run }),
  };
}

const expression = (text: string): string => `\${{ ${text} }}`;

/** The shell of a step of a workflow that names none. `bash` in place of this text also sets `pipefail`. */
const shell = 'bash -e {0}';

/** Refuses inputs with which no step would run. GitHub does not check whether an input has a value. */
const inputsStep: Step & { readonly shell: string } = {
  name: 'Inputs',
  shell,
  env: { MODE: expression('inputs.mode'), EVENT: expression('github.event_name') },
  run: `fault=
case "$MODE" in
  review)
    # With pull_request_target, the checkout is the base branch itself.
    [ "$EVENT" = pull_request ] || fault="The mode review needs the event pull_request, found $EVENT." ;;
  comment | check | expire) ;;
  *) fault="The input mode is review, comment, check or expire, found '$MODE'." ;;
esac
if [ -n "$fault" ]; then
  rm -f "$RUNNER_TEMP/reviewer"
  echo "$fault" > "$RUNNER_TEMP/why"
  echo "::error::$fault"
  exit 1
fi
`,
};

/** The variables of the workflow that are inputs of the action. */
const inputs: Readonly<Record<string, string>> = {
  FAIL_ON: expression('inputs.fail-on'),
  TEXT: expression('inputs.text'),
};
