import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { registry } from '../lib/checks/registered-codes';
import { pageOf, type RegisteredCode, type Reporter } from '../lib/findings/registry';

const root = join(__dirname, '..');

const words: Readonly<Record<Reporter, string>> = {
  synth: 'every command that reads the config',
  check: '`kaniflux check`',
  'check --base': '`kaniflux check --base`',
  doctor: '`kaniflux doctor`',
};

/** The pages of all codes, by path. The head of a page is generated from the registry; the rest is written by hand. */
export const findingPages: Readonly<Record<string, () => string>> = {
  'docs/findings/README.md': index,
  ...Object.fromEntries([...registry().values()].map((code) => [pageOf(code.code), () => page(code)])),
};

const listed = new Intl.ListFormat('en');

function page({ code, title, severity, reporters }: RegisteredCode): string {
  const others = listed.format(reporters.filter((one) => one !== 'synth').map((reporter) => words[reporter]));
  const by = !reporters.includes('synth')
    ? others
    : others === ''
      ? words.synth
      : `${words.synth}. In some cases, the problem is reported only by ${others}`;
  const head = `# ${code}: ${title}\n\nSeverity: ${severity}. Reported by: ${by}.\n\n`;
  const file = join(root, pageOf(code));
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const start = /^## /m.exec(text)?.index;
  return head + (start === undefined ? '## What goes wrong\n\n## The fix\n' : text.slice(start));
}

function index(): string {
  const sections = (['synth', 'check', 'check --base', 'doctor'] as const).map((reporter) => {
    const rows = [...registry().values()]
      .filter(({ reporters }) => reporters[0] === reporter)
      .map(({ code, severity, title }) => `| [${code}](${code}.md) | ${severity} | ${title} |`);
    const heading = `## ${words[reporter].charAt(0).toUpperCase()}${words[reporter].slice(1)}`;
    return [heading, '', '| Code | Severity | What is wrong |', '|---|---|---|', ...rows, ''].join('\n');
  });
  return `# Findings

Everything that Kaniflux reports has a code, a severity, a place, a message and a fix. \`npm run generate\` writes this
index, and the first lines of each finding's page, from the titles and severities in the source code.

An error of the config makes every command exit with 2. \`check\` and \`doctor\` exit with 1 where they find an error or a
warning; \`check --fail-on\` changes that. In the format \`text\`, \`check\` lists at most 50 findings of each code and
severity, and prints the number of the others. \`check --max-per-code 0\` lists all findings. The other formats always
list all findings. To accept a known finding, add it to \`checks.ignore\` with a reason, which every run prints:

\`\`\`yaml
checks:
  ignore:
    - code: no-break-glass
      reason: a test cluster, made anew every night
      cluster: lab
\`\`\`

An entry may also name a \`grant\`, a \`group\` or a \`path\`: a path of the config such as \`clients.k8s\`, or a hand-written
file or folder. An entry accepts only the findings that match all fields of the entry. For example, an entry with
\`cluster: lab\` does not hide the same problem in another cluster. An entry that has only a code and a reason accepts
every finding with this code. Errors of the config cannot be ignored. An entry that matches nothing is reported as
[unused-ignore](unused-ignore.md).

${sections.join('\n')}`;
}
