import { samples } from '../../../lib/checks/live/api-server-metrics';

test('metrics are read by name, with labels in any order and escapes in them', () => {
  const text = [
    '# HELP a_total Something.',
    'a_total{result="failure",issuer="x\\"y,z=1"} 2',
    'a_seconds 1.5e-3 1700000000000',
    'other_total 7',
    'a_broken{',
  ].join('\n');
  expect(samples(text, 'a_')).toEqual([
    { name: 'a_total', labels: { result: 'failure', issuer: 'x\\"y,z=1' }, value: 2 },
    { name: 'a_seconds', labels: {}, value: 0.0015 },
  ]);
});
