import { flowScalar, scalar } from './config-text';

/*
 * The actions that the workflow uses. Each is pinned to a commit, since a tag can be moved. The comment contains the
 * release, which Dependabot and Renovate read.
 * https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions
 */
const checkout = 'actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2';
const setupNode = 'actions/setup-node@6044e13b5dc448c55e2357c09f80417699197238 # v6.2.0';

const placeOf = (folder: string) => JSON.stringify(folder === '' ? '.' : folder);

/** Whether a workflow is for a folder; `undefined` if {@link workflowText} did not return it. */
export function isFor(workflow: string, folder: string): boolean | undefined {
  const [, place] = /^ {2}FOLDER: (.+)$/m.exec(workflow) ?? [];
  return place === undefined ? undefined : place === placeOf(folder);
}

/** Escapes the characters of a branch name that are special in a pattern. */
const pattern = (branch: string) => branch.replace(/[+!\]]/g, '\\$&');

/** The first line of the pull request comment. The next run searches for this line to update the comment. */
const marker = (where: string) => `<!-- kaniflux: access${where} -->`;

/**
 * Returns the GitHub Actions workflow. For every pull request, it posts a comment that describes what the change does.
 * It checks that `dist/` is up to date and that `kaniflux check` reports nothing. The review runs the Kaniflux of the
 * base branch, before any code of the pull request runs. Jobs that run code of the pull request have no write
 * permission. Every night, it opens a pull request that removes the grants and memberships that have ended.
 * @param folder the folder of the config in the repository, `''` for its root
 * @param branch the default branch of the repository
 * @param suffix text after the names of the workflow and of its jobs, if the repository has several of these workflows
 */
export function workflowText(folder: string, branch: string, suffix = ''): string {
  const named = (job: string) => (suffix === '' ? '' : `    name: ${scalar(`${job}${suffix}`)}\n`);
  const place = placeOf(folder);
  const lock =
    folder === '' ? '' : `          cache-dependency-path: ${JSON.stringify(`${folder}/package-lock.json`)}\n`;
  return `# Made by \`kaniflux init\`; yours to change.
name: ${scalar(`kaniflux${suffix}`)}
on:
  pull_request:
    types: [opened, synchronize, reopened, edited] # edited: the target branch, title or description changed
  merge_group: # for a merge queue
  push:
    branches: [${flowScalar(pattern(branch))}]
  schedule:
    - cron: '17 0 * * *' # soon after midnight in UTC, when grants end
permissions: {}
concurrency:
  group: kaniflux-\${{ github.event_name }}-\${{ github.ref }}-\${{ github.workflow_ref }}
  cancel-in-progress: true
env:
  FOLDER: ${place}
jobs:
  # Says what the change does. Require this job for pull requests: it fails if the change could not be reviewed.
  review:
${named('review')}    if: github.event_name == 'pull_request'
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
    outputs:
      text: \${{ steps.review.outputs.text }}
    steps:
      - uses: ${checkout}
        with:
          fetch-depth: 0 # also fetches the base branch, with which the review compares
          persist-credentials: false
      - uses: ${setupNode}
        with:
          node-version: 24
      - name: Kaniflux of the base branch
        env:
          BASE: refs/remotes/origin/\${{ github.base_ref }}
        run: |
          rm -f "$RUNNER_TEMP/reviewer" "$RUNNER_TEMP/note" "$RUNNER_TEMP/why"
          # This commit merges the pull request into the base branch. The base branch may have newer commits by now, for
          # example if the job runs again. Without the next lines, the review would say that the pull request undoes
          # these commits.
          if [ "$(git rev-parse HEAD)" = "$GITHUB_SHA" ] && git rev-parse --quiet --verify 'HEAD^2' > /dev/null; then
            git update-ref "$BASE" 'HEAD^1'
          fi
          if ! git rev-parse --quiet --verify "$BASE^{commit}" > /dev/null; then
            echo "The checkout does not contain \${BASE#refs/remotes/}: set fetch-depth to 0 for actions/checkout." | tee "$RUNNER_TEMP/why"
            exit 1
          fi
          # The Kaniflux of the base branch reviews a pull request, so that the pull request cannot change its own review.
          # If the base branch has no Kaniflux yet, the Kaniflux of the pull request makes the review.
          base="$(mktemp -d "$RUNNER_TEMP/base.XXXXXX")"
          git worktree add --quiet --detach "$base" "$BASE"
          reviewer="$base/$FOLDER"
          if ! grep -qs '"node_modules/kaniflux"' "$reviewer/package-lock.json"; then
            reviewer="$PWD/$FOLDER"
            echo 'The base branch has no Kaniflux, so the Kaniflux of the pull request made this review.' > "$RUNNER_TEMP/note"
          fi
          (cd "$reviewer" && npm ci --ignore-scripts --no-audit --no-fund)
          echo "$reviewer/node_modules/.bin/kaniflux" > "$RUNNER_TEMP/reviewer"
      - name: Review
        id: review
        if: always()
        env:
          BASE: refs/remotes/origin/\${{ github.base_ref }}
          # Kinds of changes that make this job fail, for example takeover,trust. Empty: none does.
          FAIL_ON: ''
        run: |
          cd "$FOLDER"
          review="$RUNNER_TEMP/review.md"
          rm -f "$review"
          status=0
          # Exit status 0: no difference, or none of the kinds in FAIL_ON; 1: a difference; 2 or more: the comparison failed.
          [ -s "$RUNNER_TEMP/reviewer" ] || [ -s "$RUNNER_TEMP/why" ] ||
            echo 'Kaniflux could not be installed: the log of this job says why.' > "$RUNNER_TEMP/why"
          [ ! -s "$RUNNER_TEMP/reviewer" ] || "$(cat "$RUNNER_TEMP/reviewer")" diff --base "$BASE" --format markdown \${FAIL_ON:+--fail-on "$FAIL_ON"} \\
            > "$review" 2> "$RUNNER_TEMP/why" || status=$?
          if [ "$status" -gt 1 ] || [ ! -s "$review" ]; then
            status=2
            {
              printf '## This change was not reviewed\\n\\nNobody knows yet what it does. Kaniflux could not compare it with the base branch:\\n\\n'
              head -c 8000 "$RUNNER_TEMP/why" | iconv -c -f utf-8 -t utf-8 | sed 's/^/    /'
            } > "$review"
          elif [ -s "$RUNNER_TEMP/note" ]; then
            { echo; cat "$RUNNER_TEMP/note"; } >> "$review"
          fi
          # The step that posts the comment gets the text in an environment variable, which can hold at most 128 KiB.
          # iconv removes a character that is cut in two, and then fails.
          head -c 120000 "$review" | iconv -c -f utf-8 -t utf-8 > "$review.cut" || true
          if ! cmp -s "$review" "$review.cut"; then printf '\\n\\n… cut here: run kaniflux diff\\n' >> "$review.cut"; fi
          cat "$review.cut" >> "$GITHUB_STEP_SUMMARY"
          end="end-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \\n')"
          { echo "text<<$end"; cat "$review.cut"; echo; echo "$end"; } >> "$GITHUB_OUTPUT"
          if [ "$status" -eq 1 ] && [ -z "$FAIL_ON" ]; then status=0; fi
          exit "$status"
  comment:
${named('comment')}    needs: review
    # A pull request from a fork gets a token that can't write; the summary of the job has the review as well.
    if: always() && github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      pull-requests: write
    steps:
      - name: Comment
        env:
          GH_TOKEN: \${{ github.token }}
          TEXT: \${{ needs.review.outputs.text }}
          RUN: \${{ github.server_url }}/\${{ github.repository }}/actions/runs/\${{ github.run_id }}
          COMMENTS: repos/\${{ github.repository }}/issues/\${{ github.event.number }}/comments
        run: |
          # Each folder with a config has a comment of its own.
          export MARKER='${marker('')}'
          [ "$FOLDER" = . ] || MARKER="${marker(' in $FOLDER')}"
          # An older comment is about an older change, so it is replaced even if there is no review.
          [ -n "$TEXT" ] || TEXT="$(printf '## This change was not reviewed\\n\\nNobody knows yet what it does. The review did not run: %s' "$RUN")"
          printf '%s\\n%s\\n' "$MARKER" "$TEXT" > comment.md
          mine='.[] | select(.user.login == "github-actions[bot]" and (.body | startswith(env.MARKER))) | .id'
          id="$(gh api --paginate "$COMMENTS" --jq "$mine" | head -n 1)"
          if [ -n "$id" ]; then
            gh api --method PATCH "\${COMMENTS%/*/comments}/comments/$id" --field body=@comment.md --silent
          else
            gh api --method POST "$COMMENTS" --field body=@comment.md --silent
          fi
  check:
${named('check')}    if: github.event_name != 'schedule'
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
      - uses: ${checkout}
        with:
          persist-credentials: false
      - uses: ${setupNode}
        with:
          node-version: 24
          cache: npm
${lock}      - name: Install
        run: cd "$FOLDER" && npm ci
      - name: dist/ is what kaniflux.yaml renders to
        run: cd "$FOLDER" && npx --no-install kaniflux synth --check
      - name: Check
        if: always()
        run: cd "$FOLDER" && npx --no-install kaniflux check --format github
  # Every night: a pull request that removes the grants and memberships that have ended (\`until\`). The description
  # of the pull request contains the review.
  # This job needs the setting "Allow GitHub Actions to create and approve pull requests" (Settings, Actions, General).
  # The job needs no secret of your own: it opens the pull request with the token of the workflow. For such a pull
  # request, GitHub runs workflows only after somebody approves the run, or closes and reopens the pull request.
  expire:
${named('expire')}    if: github.event_name == 'schedule'
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: write
      pull-requests: write
    steps:
      - uses: ${checkout}
        with:
          persist-credentials: false
      - uses: ${setupNode}
        with:
          node-version: 24
      - name: Install
        run: cd "$FOLDER" && npm ci --ignore-scripts --no-audit --no-fund
      - name: Remove what has ended
        id: expire
        run: |
          cd "$FOLDER"
          npx --no-install kaniflux expire > "$RUNNER_TEMP/ended"
          [ -s "$RUNNER_TEMP/ended" ] || exit 0
          npx --no-install kaniflux synth
          # 1: something differs, as it should
          status=0
          npx --no-install kaniflux diff --base HEAD --format markdown > "$RUNNER_TEMP/review.md" || status=$?
          [ "$status" -le 1 ]
          { printf 'These have ended:\\n\\n'; sed 's/^/    /' "$RUNNER_TEMP/ended"; echo; cat "$RUNNER_TEMP/review.md"; } > "$RUNNER_TEMP/whole.md"
          # GitHub accepts a text of 65,536 characters. iconv removes a character that is cut in two, and then fails.
          head -c 60000 "$RUNNER_TEMP/whole.md" | iconv -c -f utf-8 -t utf-8 > "$RUNNER_TEMP/body.md" || true
          if ! cmp -s "$RUNNER_TEMP/whole.md" "$RUNNER_TEMP/body.md"; then printf '\\n\\n… cut here: run kaniflux diff\\n' >> "$RUNNER_TEMP/body.md"; fi
          cat "$RUNNER_TEMP/body.md" >> "$GITHUB_STEP_SUMMARY"
          echo 'ended=true' >> "$GITHUB_OUTPUT"
      - name: Open the pull request
        if: steps.expire.outputs.ended == 'true'
        env:
          GH_TOKEN: \${{ github.token }}
          GH_REPO: \${{ github.repository }}
          TARGET: \${{ github.ref_name }}
          ORIGIN: \${{ github.server_url }}/\${{ github.repository }}
        run: |
          # With the hash, folders such as a/b and a-b have different branches.
          case "$FOLDER" in
            .) branch=kaniflux/expire ;;
            *[!A-Za-z0-9_-]*) branch="kaniflux/expire-$(printf %s "$FOLDER" | tr -c 'A-Za-z0-9_-' -)-$(printf %s "$FOLDER" | git hash-object --stdin | head -c 8)" ;;
            *) branch="kaniflux/expire-$FOLDER" ;;
          esac
          git switch --quiet --create "$branch"
          git add --update -- "$FOLDER"
          git add --all -- "$FOLDER/dist"
          git -c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com' \\
            commit --quiet --no-verify --message 'Remove grants that have ended'
          # The token is read from the environment, so that it is in no file and in no list of processes.
          git -c credential.helper='!f() { echo username=x-access-token; echo "password=$GH_TOKEN"; }; f' \\
            push --quiet --force "$ORIGIN" "HEAD:refs/heads/$branch"
          number="$(gh pr list --head "$branch" --base "$TARGET" --state open --json number --jq '.[0].number // empty')"
          if [ -n "$number" ]; then
            gh pr edit "$number" --body-file "$RUNNER_TEMP/body.md"
          else
            gh pr create --head "$branch" --base "$TARGET" --title 'Remove grants that have ended' --body-file "$RUNNER_TEMP/body.md"
          fi
`;
}
