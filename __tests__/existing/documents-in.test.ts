import { documentsIn, keyWrittenTwice } from '../../lib/existing/documents-in';
import { factsOf } from '../../lib/existing/read-documents';

test('a key that is in one map twice: which one counts depends on the program', () => {
  const text = 'a: 1\nb:\n- x\na: 2\n';
  expect(documentsIn(text)).toBeUndefined();
  expect(keyWrittenTwice(text)).toMatch(/^the key in line 4 is in the same map twice, .* remove one of them/);
  expect(factsOf('config.yaml', text)?.passedOver).toMatchObject([{ what: 'the whole file', why: 'not understood' }]);
});

test.each(['a: 1\nb: 2\n', 'a: 1\n---\na: 2\n', 'a: 1\na: 2\nb: [\n', '', 'a\nb'])('%j has no key twice', (text) => {
  expect(keyWrittenTwice(text)).toBeUndefined();
});

test('the outputs of several commands are several JSON values', () => {
  expect(documentsIn('{"a":1}\n{"b":2}\n')).toEqual([{ a: 1 }, { b: 2 }]);
  expect(documentsIn('[\n {"a": 1}\n]\n\n{\n "b": 2\n}\n')).toEqual([[{ a: 1 }], { b: 2 }]);
});

test.each(['{"a":1}\n{"b"\n', '{"a":1}\nx\n', '{"a":1,"a":2}\n{"b":2}\n', 'x\n[a]\n{{ a }}\n'])(
  '%j has no JSON values',
  (text) => {
    expect(documentsIn(text)).toBeUndefined();
  },
);
