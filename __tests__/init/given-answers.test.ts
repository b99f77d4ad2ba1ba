import { givenAnswers } from '../../lib/init/given-answers';

test('the n-th value of an option is for the n-th name', () => {
  const { answers, faults } = givenAnswers({
    cluster: ['east', 'west'],
    server: ['https://a', 'https://b'],
    kubernetes: ['1.34'],
    person: ['jane', 'joe'],
    'display-name': ['Jane Doe', 'Joe Bloggs'],
    domain: ['idm.example.com'],
  });
  expect(faults).toEqual([]);
  expect(answers).toEqual({
    general: { domain: 'idm.example.com' },
    clusters: [
      { cluster: 'east', server: 'https://a', kubernetes: '1.34' },
      { cluster: 'west', server: 'https://b', kubernetes: '1.34' },
    ],
    people: [
      { person: 'jane', 'display-name': 'Jane Doe' },
      { person: 'joe', 'display-name': 'Joe Bloggs' },
    ],
  });
});

test('without a name, a value is kept for the placeholder', () => {
  expect(givenAnswers({ server: ['https://a'] })).toEqual({
    answers: { general: {}, clusters: [{ server: 'https://a' }], people: [] },
    faults: [],
  });
});

test.each([
  [{ cluster: ['a', 'b'], server: ['https://a'] }, '--server needs 2 values, one for each --cluster; it has 1'],
  [{ cluster: ['a'], server: ['https://a', 'https://b'] }, '--server needs one value; it has 2'],
  [
    { cluster: ['a', 'b', 'c'], kubernetes: ['1.34', '1.35'] },
    '--kubernetes needs 3 values, one for each --cluster; it has 2',
  ],
  [
    { person: ['jane', 'joe'], 'display-name': ['Jane'] },
    '--display-name needs 2 values, one for each --person; it has 1',
  ],
  [{ cluster: ['a', 'a'] }, '--cluster a is given twice'],
  [{ person: ['jane', 'jane'] }, '--person jane is given twice'],
])('%j: %s', (given, fault) => {
  expect(givenAnswers(given).faults).toEqual([fault]);
});
