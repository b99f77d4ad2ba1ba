import { html, scriptJson } from '../../lib/report/html-escapes';

test('what nobody sees, or takes for another letter, is spelled out in the page', () => {
  expect(html('vi\u0435w <b>\u202e')).toBe('vi\\u0435w &#60;b&#62;\\u202e');
  expect(JSON.parse(scriptJson({ name: 'vi\u0435w', list: ['a\u200bb'] }))).toEqual({
    name: 'vi\\u0435w',
    list: ['a\\u200bb'],
  });
});

test('other scripts are left alone', () => {
  expect(html('\u0410\u043d\u043d\u0430 Zo\u00eb')).toBe('\u0410\u043d\u043d\u0430 Zo\u00eb');
});
