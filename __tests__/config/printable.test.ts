import { parse } from 'yaml';
import { invisibleIn, isClear, mixedWord, printable } from '../../lib/config/printable';
import { json, markdown } from '../../lib/output/text-escapes';
import { toYaml } from '../../lib/output/yaml';

test.each([
  ['a Cyrillic letter in a Latin word', 'vi\u0435w', 'vi\\u0435w'],
  ['a Greek one', 'adm\u03b9n', 'adm\\u03b9n'],
  ['a whole word of look-alikes', '\u0440\u043e\u0440\u0435', '\\u0440\\u043e\\u0440\\u0435'],
  ['full-width letters', '\uff56iew', '\\uff56iew'],
  ['mathematical letters', '\u{1d42f}iew', '\\u{1d42f}iew'],
  ['a phonetic letter', '\u0261roup', '\\u0261roup'],
  ['a mark that turns the direction', 'a\u202eb', 'a\\u202eb'],
  ['an isolate', 'a\u2066b', 'a\\u2066b'],
  ['a zero-width space', 'a\u200bb', 'a\\u200bb'],
  ['a joiner', 'a\u200db', 'a\\u200db'],
  ['a soft hyphen', 'a\u00adb', 'a\\u00adb'],
  ['a variation selector', 'a\ufe0fb', 'a\\ufe0fb'],
  ['a filler', 'a\u3164b', 'a\\u3164b'],
  ['a tag', 'a\u{e0041}b', 'a\\u{e0041}b'],
  ['a space that is none', 'a\u00a0b', 'a\\u00a0b'],
  ['an escape sequence', 'a\u001b[31mb', 'a\\u001b[31mb'],
])('%s is spelled out', (_, text, expected) => {
  expect(printable(text)).toBe(expected);
  expect(isClear(text)).toBe(false);
});

test.each([
  'Zo\u00eb M\u00fcller',
  '\u0410\u043d\u043d\u0430 \u041f\u0435\u0442\u0440\u043e\u0432\u0430',
  '\u5c71\u7530 Taro',
  '\u0397\u03bb\u03af\u03b1\u03c2',
  'a-b_c.d',
])('%s is left alone', (text) => {
  expect(printable(text)).toBe(text);
  expect(isClear(text)).toBe(true);
  expect(mixedWord(text)).toBeUndefined();
  expect(invisibleIn(text)).toBeUndefined();
});

test('a word of two scripts is found, and a character that nobody sees', () => {
  expect(mixedWord('the role vi\u0435w')).toBe('vi\u0435w');
  expect(mixedWord('\u0410\u043d\u043d\u0430 view')).toBeUndefined();
  expect(invisibleIn('ad\u200bmin')).toBe('\u200b');
  expect(invisibleIn('two\nlines')).toBeUndefined();
});

test.each(['vi\u0435w', 'a\u202eb', 'a\u200bb: c', 'two\nlines \u2066', '\u{1d42f}iew', 'a\u{e0041}'])(
  'YAML and JSON spell it out, and are read as %j again',
  (text) => {
    for (const written of [toYaml({ [text]: text }), json({ [text]: text })]) {
      expect(written).toMatch(/^[\x20-\x7e\n]*$/);
      expect(parse(written)).toEqual({ [text]: text });
    }
    expect(markdown(text.replace('\n', ' '))).toMatch(/^[\x20-\x7e]*$/);
  },
);

test.each([
  ['\u0440\u043e\u0440\u0435 \u043f\u0435\u0442\u0440', '\u0440\u043e\u0440\u0435 \u043f\u0435\u0442\u0440'],
  ['\u0440\u043e\u0440\u0435 view', '\\u0440\\u043e\\u0440\\u0435 view'],
  ['\u2163', '\\u2163'],
  ['\u{1d7ce}', '\\u{1d7ce}'],
  ['\u00bd \u00b2', '\u00bd \\u00b2'],
  ['a\tb', 'a\\u0009b'],
  ['\u0080', '\\u0080'],
  ['\u{10ffff}', '\\u{10ffff}'],
  ['\u2800', '\\u2800'],
  ['a b', 'a b'],
])('%j is shown as %j', (text, expected) => expect(printable(text)).toBe(expected));

test('a phonetic or full-width letter mixes a word too, and a tab is visible', () => {
  expect(mixedWord('a \u0261roup')).toBe('\u0261roup');
  expect(mixedWord('x\uff56')).toBe('x\uff56');
  expect(mixedWord('\u200b')).toBeUndefined();
  expect(invisibleIn('\u200b')).toBe('\u200b');
  expect(invisibleIn('a\tb')).toBeUndefined();
  expect(invisibleIn('a\n\u00a0')).toBe('\u00a0');
  expect(isClear('\u00eb\nb')).toBe(true);
});
