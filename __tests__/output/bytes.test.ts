import fc from 'fast-check';
import { fromBase64, toBase64, toHex, utf8 } from '../../lib/output/bytes';

test('they are what Node makes of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const node = Buffer.from(text);
      expect(toHex(utf8(text))).toBe(node.toString('hex'));
      expect(toBase64(text)).toBe(node.toString('base64'));
      expect([...fromBase64(toBase64(text))]).toEqual([...node]);
    }),
  );
});

test('of a truncated text, the complete bytes are decoded', () => {
  const text = toBase64('kaniflux');
  for (let length = 0; length <= text.length; length++) {
    const part = text.slice(0, length);
    expect([...fromBase64(part)]).toEqual([...Buffer.from(part, 'base64')]);
  }
});

test.each(['a b!', 'YQ=YQ', 'YQ==YQ'])('%s is not base64', (text) => expect(() => fromBase64(text)).toThrow());
