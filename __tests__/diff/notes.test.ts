import { withLookAlikes } from '../../lib/diff/look-alike-notes';
import type { Statement } from '../../lib/diff/statement';
import { unreadStatements } from '../../lib/diff/unread-statements';

describe('names that look like others', () => {
  const cyrillic = 'vi\u0435w';
  const statement = (text: string, more: Partial<Statement> = {}): Statement => ({
    part: 'access',
    level: 'low',
    change: 'added',
    say: () => text,
    clusters: [],
    details: ['d'],
    ...more,
  });
  const noted = (...statements: Statement[]) =>
    withLookAlikes(statements).map(({ level, details }) => [level, details]);
  const note = `${cyrillic} looks like view, but it is another name: it contains other characters, printed here as codes`;

  test.each([
    ['none', 'medium'],
    ['low', 'medium'],
    ['medium', 'medium'],
    ['high', 'high'],
  ] as const)('raise a statement of level %s to %s', (level, raised) => {
    expect(noted(statement(`a ${cyrillic}`, { level }))).toEqual([[raised, ['d', note]]]);
    expect(noted(statement(`a ${cyrillic}`, { level, change: 'removed' }))).toEqual([[level, ['d', note]]]);
  });
  test('are noted once, at the first statement', () => {
    expect(noted(statement('a'), statement(cyrillic), statement(`${cyrillic} again`))).toEqual([
      ['low', ['d']],
      ['medium', ['d', note]],
      ['low', ['d']],
    ]);
  });
  test('are found in details too', () => {
    expect(noted(statement('a', { details: [cyrillic] }))).toEqual([['medium', [cyrillic, note]]]);
  });
  test('are not those of another script, or of ASCII', () => {
    expect(noted(statement('Müller view'), statement('view'))).toEqual([
      ['low', ['d']],
      ['low', ['d']],
    ]);
  });
  test('can have a character of which it is not known what it looks like', () => {
    expect(noted(statement('vi\u0449ew'))).toEqual([
      ['medium', ['d', 'vi\u0449ew contains characters that are invisible or that look like others']],
    ]);
  });
});

describe('files that could not be read', () => {
  const unread = (content: string) => ({ file: 'a.yaml', reason: 'not valid', content });
  const statements = (before?: string, after?: string) =>
    unreadStatements({
      before: new Map(before === undefined ? [] : [['a.yaml', unread(before)]]),
      after: new Map(after === undefined ? [] : [['a.yaml', unread(after)]]),
    }).map(({ say, ...one }) => ({ ...one, text: say('') }));

  test.each([
    ['changed', '1', '2'],
    ['new', undefined, '1'],
  ])('what a file gives that is %s is not known', (_, before, after) => {
    expect(statements(before, after)).toEqual([
      {
        part: 'access',
        level: 'medium',
        change: 'changed',
        clusters: [],
        details: [],
        isUnknown: true,
        text: 'a.yaml is left out of this review, so the access that it gives is not known: not valid',
      },
    ]);
  });
  test('what a file gave that can be read now, or is gone, is not known', () => {
    expect(statements('1')).toEqual([
      {
        part: 'access',
        level: 'none',
        change: 'removed',
        clusters: [],
        details: [],
        isUnknown: true,
        text: 'a.yaml, as it was before this change, is left out of this review, so the access that it gave is not known: not valid',
      },
    ]);
  });
  test('a file that did not change has no statement', () => {
    expect(statements('1', '1')).toEqual([]);
  });
});
