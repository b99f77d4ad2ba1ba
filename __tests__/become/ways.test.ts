import { whoCanBecome } from '../../lib/become/become';
import { boss, grant, rules, world } from './small-world';

describe('a service account that another one can become again', () => {
  const objects = [
    ...boss('web'),
    ...grant('web/first', { namespace: 'web', rules: rules('create serviceaccounts/token middle') }),
    ...grant('web/middle', { namespace: 'web', rules: rules('create serviceaccounts/token boss,first') }),
  ];
  const all = (most: number) =>
    new Map(whoCanBecome(world({ objects }), 'everything', most).map((one) => [one.name, one]));

  test.each([1, 10])('needs its steps (of at most %i ways)', (most) => {
    const steps = (name: string) =>
      all(most)
        .get(`system:serviceaccount:web:${name}`)
        ?.ways.map((way) => way.steps.map(({ fact }) => fact.words));
    expect(steps('first')).toEqual([['the service account web/middle', 'the service account web/boss']]);
    expect(steps('middle')).toEqual([['the service account web/boss']]);
    expect(steps('boss')).toEqual([[]]);
  });
});
