import { redacted } from '../../lib/explain/redact';

const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';

test.each([
  [`token ${jwt} refused`, 'token <token> refused'],
  ['eyJhbGciOiJFUzI1NiJ9', '<token>'],
  ['Authorization: Bearer abcdefghijkl', 'Authorization: Bearer <token>'],
  ['Basic dXNlcjpwYXNzd29yZA==', 'Basic <token>'],
  ['client_secret=abc&x=1', 'client_secret=<secret>&x=1'],
  ['client-secret: "abc"', 'client-secret: <secret>"'],
  ['clientSecret:="abc"', 'clientSecret:=<secret>"'],
  ['"refresh_token":"abc","a":1', '"refresh_token":<secret>","a":1'],
  ['access_token=abc', 'access_token=<secret>'],
  ['id-token=abc', 'id-token=<secret>'],
  ['PASSWORD=hunter2 and more', 'PASSWORD=<secret> and more'],
  ["code_verifier='abc'", "code_verifier=<secret>'"],
  [
    'GET /?code=abc&state=def&nonce=ghi&token=jkl x',
    'GET /?code=<secret>&state=<secret>&nonce=<secret>&token=<secret> x',
  ],
  ['AccessToken:"c" a', 'AccessToken:<secret>" a'],
  ['token: abcdef.0123456789abcdef', 'token: <token>'],
  ['id_token: opaque7Token and more', 'id_token: <secret> and more'],
  ['client_secret: lowercase and more', 'client_secret: <secret> and more'],
  [String.raw`{\"client_secret\":\"abc\",\"a\":1}`, String.raw`{\"client_secret\":<secret>\",\"a\":1}`],
  [String.raw`{"password":"ab\\cd","a":1}`, '{"password":<secret>","a":1}'],
  [String.raw`{"password":"\\abcd","a":1}`, '{"password":<secret>","a":1}'],
  [String.raw`{"client_secret":"ab\"cd ef","a":1}`, '{"client_secret":<secret>","a":1}'],
  [
    String.raw`msg="{\"password\":\"ab\\\"cd\\\\\",\"a\":1}" b=1`,
    String.raw`msg="{\"password\":<secret>\",\"a\":1}" b=1`,
  ],
  [String.raw`msg="{\"password\":\"\\\\ab\",\"a\":1}" b=1`, String.raw`msg="{\"password\":<secret>\",\"a\":1}" b=1`],
  ['{"password":"","a":1}', '{"password":"","a":1}'],
  [String.raw`{\"password\":\"\",\"a\":1}`, String.raw`{\"password\":\"\",\"a\":1}`],
  ['password="two words, and more" b', 'password=<secret>" b'],
  ["password: 'two words' b", "password: <secret>' b"],
])('%s', (text, expected) => {
  expect(redacted(text)).toBe(expected);
});

test.each([
  'eyJ',
  'keyJournalists',
  'bearer authentication is on',
  'Bearer short',
  'the password was wrong',
  'the code of the state is 7',
  'token: abcdef.012345678',
  'no id_token in the answer',
  'could not verify id_token: audience from claim aud does not match',
])('%s has no secret', (text) => {
  expect(redacted(text)).toBe(text);
});
