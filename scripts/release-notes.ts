/**
 * Returns the section of a version in CHANGELOG.md.
 * @throws Error if the version is not the newest one, if something is still unreleased, or if the section is empty
 */
export function releaseNotes(changelog: string, version: string): string {
  const [, ...sections] = changelog.split(/^## /m);
  const bodyOf = (section: string) => section.slice(section.indexOf('\n') + 1).trim();
  const titleOf = (section: string) => section.slice(0, section.indexOf('\n')).trim();
  const [unreleased = '', newest = ''] = sections;
  if (titleOf(unreleased) !== 'Unreleased' || bodyOf(unreleased) !== '') {
    throw new Error('CHANGELOG.md: expected an empty section `## Unreleased` first: move its lines to the version');
  }
  // The format of Keep a Changelog: `1.2.3 - 2027-01-31`, in which the version may be a link.
  const title = /^\[?([^\]\s]+)\]?(?: - (\d{4}-\d{2}-\d{2}))?$/.exec(titleOf(newest));
  if (title?.[1] !== version || title[2] === undefined) {
    throw new Error(`CHANGELOG.md: expected \`## ${version} - YYYY-MM-DD\` second, found \`## ${titleOf(newest)}\``);
  }
  if (bodyOf(newest) === '') throw new Error(`CHANGELOG.md: the section of ${version} is empty`);
  return `${bodyOf(newest)}\n`;
}
