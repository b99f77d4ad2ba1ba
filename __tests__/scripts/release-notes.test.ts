import { releaseNotes } from '../../scripts/release-notes';

const changelog = (unreleased: string, title: string, body: string) =>
  `# Changelog\n\nAbout it.\n\n## Unreleased\n\n${unreleased}\n## ${title}\n\n${body}\n## 0.9.0 - 2026-01-01\n\n- Old.\n`;

test.each(['1.0.0 - 2027-01-31', '[1.0.0] - 2027-01-31'])('the notes are the section of the version: %s', (title) => {
  expect(releaseNotes(changelog('', title, '### Added\n\n- A thing.\n'), '1.0.0')).toBe('### Added\n\n- A thing.\n');
});

test.each([
  [changelog('- Not yet.\n', '1.0.0 - 2027-01-31', '- A thing.\n'), /expected an empty section `## Unreleased`/],
  [changelog('', '1.0.1 - 2027-01-31', '- A thing.\n'), /expected `## 1.0.0 - YYYY-MM-DD` second, found `## 1.0.1/],
  [changelog('', '1.0.0', '- A thing.\n'), /expected `## 1.0.0 - YYYY-MM-DD` second/],
  [changelog('', '1.0.0 - 2027-01-31', ''), /the section of 1.0.0 is empty/],
  ['# Changelog\n', /expected an empty section/],
])('a changelog that does not fit is an error', (text, message) => {
  expect(() => releaseNotes(text, '1.0.0')).toThrow(message);
});
