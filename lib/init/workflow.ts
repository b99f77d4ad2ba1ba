/*
 * The actions that the workflow uses, by commit: a tag can be moved. The comment names the release, which is what
 * Dependabot and Renovate look at.
 * https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions
 */
const checkout = 'actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2';
const setupNode = 'actions/setup-node@6044e13b5dc448c55e2357c09f80417699197238 # v6.2.0';

/** First line of the comment, by which the next run finds it. */
const marker = '<!-- kaniflux: access -->';

/**
 * The GitHub Actions workflow: `dist/` is what the config renders to, `check` finds nothing, and a pull request gets a
 * comment that says who can do what after it. The job that may write comments runs no code of the pull request.
 * @param folder of the config in the repository, `''` for its root
 */
export function workflowText(folder: string): string {
  const inFolder =
    folder === '' ? '' : `    defaults:\n      run:\n        working-directory: ${JSON.stringify(folder)}\n`;
  const lock =
    folder === '' ? '' : `          cache-dependency-path: ${JSON.stringify(`${folder}/package-lock.json`)}\n`;
  return `# Made by \`kaniflux init\`; yours to change.
name: kaniflux
on:
  pull_request:
  push:
    branches: [main]
permissions: {}
concurrency:
  group: kaniflux-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  check:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
    outputs:
      access: \${{ steps.access.outputs.text }}
${inFolder}    steps:
      - uses: ${checkout}
        with:
          fetch-depth: 0 # the access diff compares with the branch that is merged into
          persist-credentials: false
      - uses: ${setupNode}
        with:
          node-version: 24
          cache: npm
${lock}      - name: Install
        run: npm ci
      - name: dist/ is what kaniflux.yaml renders to
        run: npx --no-install kaniflux synth --check
      - name: Check
        run: npx --no-install kaniflux check --format github
      - name: Access diff
        id: access
        if: github.event_name == 'pull_request'
        env:
          BASE: origin/\${{ github.base_ref }}
        run: |
          # 0: nobody's access changes, 1: somebody's does, 2: it can't be said
          npx --no-install kaniflux diff --base "$BASE" --format markdown > "$RUNNER_TEMP/access.md" || [ $? -eq 1 ]
          cat "$RUNNER_TEMP/access.md" >> "$GITHUB_STEP_SUMMARY"
          end="end-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \\n')"
          { echo "text<<$end"; head -c 60000 "$RUNNER_TEMP/access.md"; echo; echo "$end"; } >> "$GITHUB_OUTPUT"
  comment:
    needs: check
    # A pull request from a fork gets a token that can't write; the summary of the job has the diff as well.
    if: github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      pull-requests: write
    steps:
      - name: Comment
        env:
          GH_TOKEN: \${{ github.token }}
          TEXT: \${{ needs.check.outputs.access }}
          COMMENTS: repos/\${{ github.repository }}/issues/\${{ github.event.number }}/comments
        run: |
          marker='${marker}'
          printf '%s\\n%s\\n' "$marker" "$TEXT" > comment.md
          mine=".[] | select(.user.login == \\"github-actions[bot]\\" and (.body | startswith(\\"$marker\\"))) | .id"
          id="$(gh api --paginate "$COMMENTS" --jq "$mine" | head -n 1)"
          if [ -n "$id" ]; then
            gh api --method PATCH "\${COMMENTS%/*/comments}/comments/$id" --field body=@comment.md --silent
          else
            gh api --method POST "$COMMENTS" --field body=@comment.md --silent
          fi
`;
}
