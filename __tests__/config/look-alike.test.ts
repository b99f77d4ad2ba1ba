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
