import { loadWarnings, otherWarning } from './load-warnings';
import type { Severity } from './review-rule';
import { rules } from './review-rules';

/** What can be found, by code: the rules, and what loading warns about. */
export const checks: readonly { readonly code: string; readonly title: string; readonly severity: Severity }[] = [
  ...new Map(
    [...rules, ...Object.values(loadWarnings), otherWarning].map(({ code, title, severity }) => [
      code,
      { code, title, severity },
    ]),
  ).values(),
].sort((a, b) => (a.code < b.code ? -1 : 1));

/** The page that explains a check, in the package and in the repository. */
export const pageOf = (code: string): string => {
  if (/^KFD\d{3}$/.test(code)) return `docs/doctor.md#${code.toLowerCase()}`;
  return /^KF\d{3}$/.test(code) ? `docs/checks/${code}.md` : 'docs/config.md';
};

/** The table of `docs/checks/README.md`. */
export function checksTable(): string {
  const rows = checks.map(({ code, title, severity }) => `| [${code}](${code}.md) | ${severity} | ${title} |`);
  return ['| Code | Severity | What it says |', '|---|---|---|', ...rows, ''].join('\n');
}

/** The page that lists them, made from the rules. */
export const checksPage = (): string => `# What \`kaniflux check\` finds

This table is made from the rules by \`npm run generate\`. An error or a warning makes the exit code 1; \`--fail-on\`
changes that. A finding that is known and accepted is left out with its reason, and every run says so:

\`\`\`yaml
checks:
  ignore:
    - code: KF401
      reason: a test cluster, made anew every night
      cluster: lab # on all clusters without it
\`\`\`

${checksTable()}`;
