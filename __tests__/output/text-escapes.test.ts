import {
  codeCell,
  codeSpan,
  githubMessage,
  githubProperty,
  json,
  markdown,
  mermaid,
  terminal,
} from '../../lib/output/text-escapes';

const hostile =
  '\u001b[31m<script>alert(1)</script> `x` ](http://evil.example) @everyone | "a"]; --> b %0A::error::\n# x \u202e';

/** Characters that control a terminal, except the end of a line. */
const obeyed = /(?!\n)[\p{Cc}\p{Cf}]/u;

describe('one text in every kind of output', () => {
  test('a terminal gets no control and no change of direction', () => {
    expect(terminal(hostile)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(terminal(hostile)).toContain('\\u001b[31m<script>');
  });

  test('Markdown gets no HTML, link, code, table, heading or mention', () => {
    const text = markdown(hostile);
    expect(text).not.toMatch(/<|(^|[^\\])[`[\]()|]|(^|[^\\&])#|@(?!&)/);
    expect(text).not.toContain('\n');
  });

  test.each([
    ['\\*_{}[]()#+-.!|~$^=:', '\\\\\\*\\_\\{\\}\\[\\]\\(\\)\\#\\+\\-\\.\\!\\|\\~\\$\\^\\=\\:'],
    ['<b>&`', '&#60;b&#62;&#38;&#96;'],
    ['see #12, #3 and # 4', 'see \\#&#8203;12, \\#&#8203;3 and \\# 4'],
    ['@all, @b', '@&#8203;all, @&#8203;b'],
    ['Zoë 1/2, "x"', 'Zoë 1/2, "x"'],
    ['a\nb', 'a\\\\u000ab'],
  ])('Markdown shows %j as it is', (text, escaped) => expect(markdown(text)).toBe(escaped));

  test.each(['a`b', '``', '`', 'a|b', '', ' ', hostile])('a code span holds %j and ends where it ends', (text) => {
    const span = codeCell(text);
    const [, fence = ''] = /^(`+)/.exec(span) ?? [];
    if (fence) {
      expect(span.endsWith(fence)).toBe(true);
      const inner = span.slice(fence.length, -fence.length);
      expect((inner.match(/`+/g) ?? []).every((run) => run.length !== fence.length)).toBe(true);
    }
    expect(span).not.toMatch(/(^|[^\\])\||\n/);
  });

  test.each([
    ['a', '`a`'],
    [' a b', '` a b`'],
    ['a b ', '`a b `'],
    [' ab ', '`  ab  `'],
    ['a|b|c', '`a|b|c`'],
    ['a`b', '``a`b``'],
    ['a`', '`` a` ``'],
    ['``a', '``` ``a ```'],
    ['a```b`c', '````a```b`c````'],
    ['a\tb', '`a\\u0009b`'],
    ['', '(empty)'],
    [' ', '(empty)'],
  ])('the code span of %j is %s', (text, span) => expect(codeSpan(text)).toBe(span));

  test('only in a cell of a table, `|` is escaped', () => expect(codeCell('a|b `|c')).toBe('``a\\|b `\\|c``'));

  test('a Mermaid label is one quoted text without syntax', () => {
    expect(mermaid(hostile)).toMatch(/^"[\p{L}\p{N} .,/@_#;-]*"$/u);
    expect(mermaid('a"]; click b')).toBe('"a#34;#93;#59; click b"');
    expect(mermaid('Zoë 1.,/@_-#👋')).toBe('"Zoë 1.,/@_-#35;#128075;"');
  });

  test('a workflow command cannot be ended or begun', () => {
    expect(githubMessage('a\n::error::b%')).toBe('a\\u000a::error::b%25');
    expect(githubMessage('50 %, 5 %:\r')).toBe('50 %25, 5 %25:\\u000d');
    expect(githubProperty('a:b,c:d,%')).toBe('a%3Ab%2Cc%3Ad%2C%25');
  });

  test('JSON is the same value, without what a terminal obeys', () => {
    expect(JSON.parse(json({ hostile }))).toEqual({ hostile });
    expect(json({ hostile })).not.toMatch(obeyed);
  });

  test.each([
    ['Zoë ~ "x" \\', '"Zoë ~ \\"x\\" \\\\"'],
    ['é\u202e ~\u007f', '"\\u00e9\\u202e ~\\u007f"'],
    ['"\u200b', '"\\"\\u200b"'],
    ['\\\u200b', '"\\\\\\u200b"'],
    ['\u{e0041}', '"\\udb40\\udc41"'],
    [['é', '\u202e', 'é'], '[\n  "é",\n  "\\u202e",\n  "é"\n]'],
  ])('%j in JSON has escapes only in texts with a misleading character', (value, text) => {
    expect(json(value)).toBe(text);
  });
});
