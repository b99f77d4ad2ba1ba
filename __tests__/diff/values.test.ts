import { asList, isSame, listDifference, shown, shownBoth } from '../../lib/diff/values';

/** A certificate of idm.example.com. OpenSSL printed its fingerprint. */
const pem = `-----BEGIN CERTIFICATE-----
MIIBbzCCASGgAwIBAgIUH7VA1T2SVasBKcImqU8vU3P8LI0wBQYDK2VwMCwxEDAO
BgNVBAoMB0V4YW1wbGUxGDAWBgNVBAMMD2lkbS5leGFtcGxlLmNvbTAgFw0yNjEx
MjcwODA0MTBaGA8yMTI2MTEwMzA4MDQxMFowLDEQMA4GA1UECgwHRXhhbXBsZTEY
MBYGA1UEAwwPaWRtLmV4YW1wbGUuY29tMCowBQYDK2VwAyEAt4jlV4ID/Up9W5cK
+Y4LFYYRVNojnUA9N46ZEL6tiA+jUzBRMB0GA1UdDgQWBBQ17DGTbCA0BwFbqThP
QmDrp4ygrTAfBgNVHSMEGDAWgBQ17DGTbCA0BwFbqThPQmDrp4ygrTAPBgNVHRMB
Af8EBTADAQH/MAUGAytlcANBAOlsEYZOVLwJyoPYxm+F0U4iEhhqpikWTKnNKwsa
TaBoWoT0C+z5fQGws/2/mYBAo6NY+XlarG5pDNC192BfVQw=
-----END CERTIFICATE-----
`;
const unreadable = '-----BEGIN CERTIFICATE-----\naaaa\n-----END CERTIFICATE-----\n';
const ofPem =
  'certificate of O=Example, CN=idm.example.com (SHA-256 55:F5:15:5C:88:D7:E4:31:5D:41:DD:99:2F:EB:33:C9:D1:84:0F:8D:8A:C9:C0:47:AC:A5:A0:74:20:EE:62:D6)';
const ofUnreadable =
  'certificate that cannot be read (SHA-256 of the text e387b50949f9648e31e7a15872c2618fb9c07d0a5ad32d67e18c9ed8372a412f)';

describe('a value as one line', () => {
  test.each<[unknown, string]>([
    [undefined, 'not set'],
    [null, 'null'],
    [true, 'true'],
    [12, '12'],
    ['view', 'view'],
    ['https://idm.example.com/a?b=c', 'https://idm.example.com/a?b=c'],
    ['a b', '"a b"'],
    ['a,b', '"a,b"'],
    ['a;b', '"a;b"'],
    ['a"b', '"a\\"b"'],
    ['a\nb', '"a\\nb"'],
    ['', '""'],
    // They could be mistaken for values of another type.
    ['nothing', '"nothing"'],
    ['null', '"null"'],
    ['true', '"true"'],
    ['false', '"false"'],
    ['12', '"12"'],
    ['12a', '12a'],
    ['a12', 'a12'],
    ['nullable', 'nullable'],
    ['untrue', 'untrue'],
    [[], 'an empty list'],
    [['a', 'b c', 1], 'a, "b c", 1'],
    [{ b: 1, a: [{ d: 1, c: 'x' }] }, '{"a":[{"c":"x","d":1}],"b":1}'],
    [pem, ofPem],
    [unreadable + pem, `${ofUnreadable}; ${ofPem}`],
  ])('%j', (value, text) => {
    expect(shown(value)).toBe(text);
  });

  test('of 300 characters is whole, and a longer one is shortened', () => {
    expect(shown('x'.repeat(300))).toBe('x'.repeat(300));
    expect(shown('x'.repeat(301))).toBe(
      `${'x'.repeat(150)}… (301 characters, SHA-256 e4c11e4fa5423893d1927ae29ada0b6e2da560b5fa44ddc2c09fcd4734a9d9a6)`,
    );
  });
});

describe('two values', () => {
  test('that are short are whole', () => {
    expect(shownBoth('a', undefined)).toEqual(['a', 'not set']);
    expect(shownBoth('x'.repeat(300), 'y'.repeat(300))).toEqual(['x'.repeat(300), 'y'.repeat(300)]);
  });
  test('of which one is long are shown from shortly before the first difference', () => {
    expect(shownBoth('x'.repeat(301), `${'x'.repeat(100)}${'y'.repeat(250)}`)).toEqual([
      `…${'x'.repeat(150)}… (301 characters, SHA-256 e4c11e4fa5423893d1927ae29ada0b6e2da560b5fa44ddc2c09fcd4734a9d9a6)`,
      `…${'x'.repeat(20)}${'y'.repeat(130)}… (350 characters, SHA-256 bedbd96f3b3bbff281706028ab62d7142d8be8c6e2915d66845e2370140b953d)`,
    ]);
    expect(shownBoth('abc', `${'x'.repeat(10)}${'y'.repeat(340)}`)).toEqual([
      'abc (3 characters, SHA-256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad)',
      `${'x'.repeat(10)}${'y'.repeat(140)}… (350 characters, SHA-256 bbd9e7b86ae96e8b9d71bddce7d0c7de2f86383bc8fc0b2523683beef34359e5)`,
    ]);
  });
  test('of which one is the start of the other differ at its end', () => {
    expect(shownBoth('x'.repeat(300), 'x'.repeat(301))).toEqual([
      `…${'x'.repeat(20)} (300 characters, SHA-256 0d4e2ca9e9cbced7a7a5380eb29e1a3783b9b6d0db72de36a1051038e1c1fbc7)`,
      `…${'x'.repeat(21)} (301 characters, SHA-256 e4c11e4fa5423893d1927ae29ada0b6e2da560b5fa44ddc2c09fcd4734a9d9a6)`,
    ]);
  });
});

test('the order of keys is no difference, and the order of a list is one', () => {
  expect(isSame({ a: 1, b: [{ c: 1, d: 2 }] }, { b: [{ d: 2, c: 1 }], a: 1 })).toBe(true);
  expect(isSame(['a', 'b'], ['b', 'a'])).toBe(false);
  expect(isSame(undefined, null)).toBe(false);
});

test.each<[unknown, unknown, unknown[], unknown[]]>([
  [['a', 'b'], ['b', 'c', 'd'], ['c', 'd'], ['a']],
  [['a', 'b'], ['b', 'a'], [], []],
  [undefined, 'a', ['a'], []],
  ['a', null, [], ['a']],
  [[{ a: 1, b: 2 }], [{ b: 2, a: 1 }, { a: 2 }], [{ a: 2 }], []],
])('from %j to %j', (before, after, added, removed) => {
  expect(listDifference(before, after)).toEqual({ added, removed });
});

test.each([
  [['a'], ['a']],
  ['a', ['a']],
  [0, [0]],
  [null, []],
  [undefined, []],
])('%j as a list', (value, list) => {
  expect(asList(value)).toEqual(list);
});
