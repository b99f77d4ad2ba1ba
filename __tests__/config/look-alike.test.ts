import { lookAlikes } from '../../lib/config/look-alike';

test.each([
  ['the role vi\u0435w', 'vi\u0435w', 'view'],
  ['\u0440\u0430\u0443\u0440\u0430l is new', '\u0440\u0430\u0443\u0440\u0430l', 'paypal'],
  ['cluster-\u0430dmin', 'cluster-\u0430dmin', 'cluster-admin'],
  ['ann\u200b may', 'ann\u200b', 'ann'],
  ['\uff41\uff4e\uff4e may', '\uff41\uff4e\uff4e', 'ann'],
  ['mail \u0430nn@example.com, and', '\u0430nn@example.com', 'ann@example.com'],
])('%s looks like another name', (text, name, like) => {
  expect([...lookAlikes(text)]).toEqual([[name, like]]);
});

test('a letter without a known twin is said to be one of another script', () => {
  expect([...lookAlikes('adm\u0444in')]).toEqual([['adm\u0444in', undefined]]);
});

test.each(['view', 'Jürgen Müller', 'Анна Петрова', 'Ελένη', '東京', 'naïve'])('%s is a name of one script', (name) => {
  expect([...lookAlikes(name)]).toEqual([]);
});

/* From the table of Unicode: https://www.unicode.org/Public/security/latest/confusables.txt */
test.each([
  [
    'Cyrillic',
    '\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u04cf',
    'aeopcyxijshdqwl',
  ],
  ['Greek', '\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7', 'aikvoptux'],
  ['Armenian', '\u0585\u057d\u0570\u0578\u0581', 'ouhng'],
  ['phonetic', '\u0251\u0261\u0269\u028b\u028f\u1d04\u1d0f\u1d1c\u1d20\u1d21\u1d22', 'agivycouvwz'],
])('%s letters look like Latin ones', (_, letters, like) => {
  expect([...lookAlikes(`x${letters}`)]).toEqual([[`x${letters}`, `x${like}`]]);
});
