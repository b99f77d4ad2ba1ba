import { ableLine, whoCan } from '../../lib/access/able-people';
import { AccessMd } from '../../lib/access/access-md';
import { requestOf } from '../../lib/access/resource-request';
import { check } from '../../lib/checks/review/run-review';
import type { Config } from '../../lib/config/config';
import { entry } from '../../lib/config/config';
import { reviewDiff } from '../../lib/diff/review-diff';
import { accessOn, rendered } from '../../lib/diff/side';
import { failsOn } from '../../lib/diff/statement';
import { Judgements } from '../../lib/expect/judgements';
import { isValidOn, validityText } from '../../lib/expire/validity';
import { explainPerson, personLines } from '../../lib/explain/person';
import { clusterObjects } from '../../lib/render';
import { configOf, homeLab, load } from '../config';

const [newYear, spring] = ['2027-01-01T00:00:00Z', '2027-04-01T12:00:00Z'];

test.each([
  ['a day before the last', { expires: spring }, '2027-03-31', true],
  ['the last day', { expires: spring }, '2027-04-01', true],
  ['the day after', { expires: spring }, '2027-04-02', false],
  ['a day that begins when the account expires', { expires: newYear }, '2027-01-01', false],
  ['the first day', { validFrom: spring }, '2027-04-01', true],
  ['the day before the first', { validFrom: spring }, '2027-03-31', false],
  ['any day, without times', { validFrom: null, expires: null }, '2027-04-01', true],
])('%s', (_, validity, day, expected) => expect(isValidOn(validity, day)).toBe(expected));

test('the times as text', () => {
  expect(validityText({ validFrom: newYear, expires: spring })).toBe(`from ${newYear} until ${spring}`);
  expect(validityText({ expires: spring })).toBe(`until ${spring}`);
  expect(validityText({ expires: null })).toBeUndefined();
});

const admin = (validity: object, more: object = {}): Config => configOf(adminInput(validity, more));

const adminInput = (validity: object, more: object = {}) => ({
  ...more,
  people: {
    jane: { displayName: 'Jane', id: '00000000-0000-4000-8000-000000000001', ...validity },
    joe: { displayName: 'Joe', id: '00000000-0000-4000-8000-000000000002' },
  },
  groups: { k8s_users: { members: ['datosh', 'jane', 'joe'] } },
  clusters: {
    homelab: {
      grants: [
        { name: 'admins', clusterRole: 'cluster-admin', people: ['jane'] },
        { name: 'look', clusterRole: 'view', people: ['joe'] },
      ],
    },
  },
});

describe('the account of an administrator that expires', () => {
  const config = admin({ expires: spring });
  const access = accessOn(rendered(config), 'homelab');
  const cluster = entry(config.clusters, 'homelab');

  test('is in the answers of who-can and explain, and in ACCESS.md', () => {
    const able = access ? whoCan(access, requestOf('get', 'pods')).map(ableLine) : [];
    expect(able).toContain(`jane (cluster-admin; binding admins; the account is valid until ${spring})`);
    expect(able.find((line) => line.startsWith('joe'))).not.toContain('valid');
    const explained = (name: string) => personLines(name, explainPerson(config, name, ['homelab'])).join('\n');
    expect(explained('jane')).toContain(`\n  can sign in only until ${spring}\n`);
    expect(explained('joe')).not.toContain('can sign in only');
    const md = new AccessMd(config);
    md.add(cluster, clusterObjects(config, cluster));
    expect(md.artifact().text).toContain(`nobody can sign in with them at any other time: \`jane\` until ${spring}.\n`);
  });

  test('leaves open whether somebody has a right, if there is no day and nobody else has it', () => {
    const state = (always: object) => {
      const asking = admin({ expires: spring }, { expect: [always] });
      const judgements = new Judgements(asking);
      const on = accessOn(rendered(asking), 'homelab');
      if (on) judgements.add(on, []);
      return judgements.results()[0]?.verdicts[0]?.verdict.state;
    };
    expect(state({ always: 'everything' })).toBe('undecided');
    expect(state({ always: 'get pods', who: ['jane', 'joe'] })).toBe('undecided');
    expect(state({ always: 'get pods' })).toBe('holds');
    expect(state({ always: 'get pods', who: ['joe'] })).toBe('holds');
  });

  test('may do nothing afterwards, for an expectation that asks for it', () => {
    const asking = admin(
      { expires: spring },
      { expect: [{ always: 'everything', who: ['jane'] }, { never: 'everything' }] },
    );
    const verdicts = (day?: string) => {
      const judgements = new Judgements(asking, day);
      const on = accessOn(rendered(asking), 'homelab');
      if (on) judgements.add(on, []);
      return judgements.results().map(({ verdicts: [one] }) => [one?.verdict.state, ...(one?.verdict.why ?? [])]);
    };
    const never = ['fails', 'jane (cluster-admin; grant admins)'];
    expect(verdicts()).toEqual([['undecided', `on which day: the account jane is valid only until ${spring}`], never]);
    expect(verdicts('2027-04-01')).toEqual([['holds'], never]);
    // Somebody can extend the validity, so the account still counts for `never`.
    expect(verdicts('2027-04-02')).toEqual([
      ['fails', `jane cannot sign in on 2027-04-02, because the account is valid only until ${spring}`],
      never,
    ]);
  });
});

test('a check without a day leaves out an expectation that only the day decides', () => {
  const codes = (expected: object, at?: string) => {
    const { config, sources } = load(homeLab(adminInput({ expires: spring }, { expect: [expected] })));
    if (!config) throw new Error('the config is invalid');
    const { findings } = check({ config, sources, warnings: [], ...(at === undefined ? {} : { at }) });
    return findings.map(({ code }) => code).filter((code) => code.startsWith('expectation-'));
  };
  const jane = { always: 'everything', who: ['jane'] };
  expect(codes(jane)).toEqual([]);
  expect(codes(jane, '2027-04-02')).toEqual(['expectation-failed']);
  expect(codes({ ...jane, who: ['joe'] })).toEqual(['expectation-failed']);
  expect(codes({ always: 'get pods', who: ['joe'] })).toEqual([]);
});

describe('a diff', () => {
  const said = (before: object, after: object) => {
    const { statements } = reviewDiff({ before: rendered(admin(before)), after: rendered(admin(after)) });
    const found = statements.filter(({ part }) => part === 'access');
    expect(found.every((one) => failsOn(one, 'gain') && failsOn(one, 'everything'))).toBe(true);
    return found.map(({ level, say }) => `${level} ${say('homelab')}`);
  };

  test.each([
    ['a later end', { expires: newYear }, { expires: spring }, `until ${newYear} -> until ${spring}`],
    ['no end any more', { expires: newYear }, { expires: null }, `until ${newYear} -> always`],
    ['an earlier start', { validFrom: spring }, { validFrom: newYear }, `from ${spring} -> from ${newYear}`],
    [
      'an earlier start, with an end that only Kanidm still has,',
      { validFrom: newYear, expires: spring },
      { validFrom: '2026-12-01T00:00:00Z' },
      `from ${newYear} until ${spring} -> from 2026-12-01T00:00:00Z until ${spring}`,
    ],
  ])('%s gives an administrator access at more times', (_, before, after, times) => {
    expect(said(before, after)).toEqual([
      `high jane can sign in at more times (${times}), and may do everything on homelab`,
    ]);
  });

  test.each([
    ['an earlier end', { expires: spring }, { expires: newYear }],
    ['a later start', { validFrom: newYear }, { validFrom: spring }],
    ['a first end', {}, { expires: newYear }],
    ['an end that only Kanidm still has', { expires: newYear }, {}],
    ['the same end', { expires: newYear }, { expires: newYear }],
  ])('%s does not', (_, before, after) => expect(said(before, after)).toEqual([]));

  test('nor does a later end of somebody who may only read', () => {
    const reader = (expires: string) =>
      rendered(
        configOf({
          ...homeLab(),
          people: { datosh: { expires } },
          clusters: { homelab: { grants: [{ name: 'look', clusterRole: 'view', people: ['datosh'] }] } },
        }),
      );
    const { statements } = reviewDiff({ before: reader(newYear), after: reader(spring) });
    expect(statements.filter(({ part }) => part === 'access')).toEqual([]);
  });
});
