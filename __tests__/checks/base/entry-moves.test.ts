import { identityMoves, wrongRemovals } from '../../../lib/checks/base/entry-moves';
import { configOf } from '../../config';

type Change = Record<string, unknown>;
const migrating = { version: '1.11.1', provision: 'migrations' };
const config = (change: Change = {}, kanidm: Change = {}) =>
  configOf({ ...change, kanidm: { ...migrating, ...kanidm } });
const codes = (before: Change, after: Change) => identityMoves(config(before), config(after)).map(({ code }) => code);
const jane = { displayName: 'Jane' };
const group = (members: string[] | undefined) => ({ k8s_users: { members } });
const person = (name: string, fields: Change = {}) => ({ people: { [name]: { ...jane, ...fields } } });

describe('an entry', () => {
  test('that stays as it is gives nothing to say', () => {
    expect(codes(person('jane'), person('jane', { displayName: 'Jane Doe', mail: 'jane@example.com' }))).toEqual([]);
  });

  test('that leaves the config stays in Kanidm, which is said', () => {
    const [problem] = identityMoves(config(person('jane')), config());
    expect(problem).toMatchObject({ code: 'entry-left', severity: 'warning', place: { path: ['people'] } });
    expect(problem?.fix).toContain('`absent: true`');
  });

  test('that is absent may leave the config', () => {
    expect(codes(person('jane', { absent: true }), {})).toEqual([]);
  });

  test('that is to be removed goes by the UUID that it has', () => {
    const id = '0a6b7c8d-1111-4222-8333-444455556666';
    const absent = (fields: Change = {}) => ({ people: { jane: { absent: true, ...fields } } });
    expect(codes(person('jane'), absent())).toEqual([]);
    expect(codes(person('jane', { id }), absent({ id }))).toEqual([]);
    expect(codes(person('jane', { id }), absent())).toEqual(['removal-misses']);
    expect(codes(person('jane', { formerly: 'joan' }), absent())).toEqual(['removal-misses']);
    expect(codes(person('jane', { formerly: 'joan' }), absent({ formerly: 'joan' }))).toEqual([]);
    expect(codes(absent(), absent())).toEqual([]);
    const [problem] = wrongRemovals(config(person('jane', { id })), config(absent()));
    expect(problem?.fix).toBe(`write \`id: ${id}\``);
    // Without migrations, or in another domain, no field but `id` leads to the UUID.
    const derived = wrongRemovals(config(person('jane')), configOf(absent()));
    expect(derived.map(({ fix }) => fix)).toEqual([expect.stringMatching(/^write `id: [0-9a-f-]{36}`$/)]);
    const elsewhere = config(absent(), { domain: 'idm.example.com', origin: 'https://idm.example.com' });
    expect(wrongRemovals(config(person('jane')), elsewhere).map(({ fix }) => fix)).toEqual(
      derived.map(({ fix }) => fix),
    );
    // An entry that was created by hand and has no id is identified by its name.
    const byHand = (change: Change) => configOf(change);
    expect(wrongRemovals(byHand(person('jane', { id })), byHand(absent()))).toEqual([
      expect.objectContaining({
        message: `\`jane\` has the UUID ${id} in Kanidm, but the config no longer has this UUID. So when you run the runbook, it removes whichever entry then has this name. If the entry was renamed in Kanidm, the entry stays`,
      }),
    ]);
    expect(wrongRemovals(byHand(person('jane')), byHand(absent()))).toEqual([]);
  });

  test('that is renamed is not also to be removed under its old key', () => {
    const id = '0a6b7c8d-1111-4222-8333-444455556666';
    const both = (fields: Change, absent: Change = {}) => ({
      people: { jane_doe: { ...jane, ...fields }, jane: { absent: true, ...absent } },
    });
    const before = configOf(person('jane', { id }));
    const renamed = expect.objectContaining({
      code: 'removal-misses',
      message:
        '`people.jane_doe` is the entry that was called `jane` before, so the entry is renamed, and `absent` does not remove it',
      fix: `remove \`people.jane\` from the config; to delete the entry instead, remove \`people.jane_doe\`, and write \`id: ${id}\` under \`people.jane\``,
    });
    expect(wrongRemovals(before, configOf(both({ id })))).toEqual([renamed]);
    expect(wrongRemovals(before, configOf(both({ formerly: 'jane' })))).toEqual([renamed]);
    expect(wrongRemovals(config(person('jane', { id })), config(both({ id })))).toEqual([renamed]);
    // Another entry, and with migrations an entry whose UUID is derived from its former name, is not the old one.
    const other = expect.objectContaining({ message: expect.stringContaining('`jane` has the UUID') });
    expect(wrongRemovals(before, configOf(both({ id: id.replace('0a', '0b') })))).toEqual([other]);
    const derived = config(both({ formerly: 'jane' }, { incarnation: 2 }));
    expect(wrongRemovals(config(person('jane', { id })), derived)).toEqual([other]);
  });

  test('that was removed comes back under another UUID only', () => {
    const gone = person('jane', { absent: true });
    expect(codes(gone, person('jane'))).toEqual(['return-without-incarnation']);
    expect(codes(gone, person('jane', { incarnation: 2 }))).toEqual([]);
    expect(codes(person('jane', { absent: true, incarnation: 2 }), person('jane', { incarnation: 3 }))).toEqual([]);
    expect(
      identityMoves(
        config(person('jane', { absent: true, incarnation: 2 })),
        config(person('jane', { incarnation: 2 })),
      ),
    ).toMatchObject([{ code: 'return-without-incarnation', fix: 'write `incarnation: 3`' }]);
  });

  test('that is made anew without having been away loses its credentials', () => {
    expect(codes(person('jane'), person('jane', { incarnation: 2 }))).toEqual(['made-anew']);
  });

  test('with a new key keeps its UUID by `formerly`, for good', () => {
    expect(codes(person('jane'), person('janet', { formerly: 'jane' }))).toEqual([]);
    expect(codes(person('jane'), person('janet'))).toEqual(['entry-left']);
    expect(codes(person('janet', { formerly: 'jane' }), person('janet'))).toEqual(['uuid-changed']);
  });

  test('with a UUID of its own keeps it under another key', () => {
    const id = '0a6b7c8d-1111-4222-8333-444455556666';
    expect(codes(person('jane', { id }), person('janet', { id }))).toEqual([]);
    expect(codes(person('jane', { id }), person('jane'))).toEqual(['uuid-changed']);
    expect(codes(person('jane'), person('jane', { id }))).toEqual(['uuid-changed']);
  });

  test('that was made by hand is taken over by its UUID', () => {
    const byHand = configOf(person('jane'));
    expect(
      identityMoves(byHand, config(person('jane'))).map(({ code, place }) => [code, place.path.join('.')]),
    ).toEqual([
      ['version-jump', 'kanidm.version'],
      ['takeover-without-id', 'people.jane'],
      ['takeover-without-id', 'groups.k8s_users'],
      ['takeover-without-id', 'clients.k8s'],
    ]);
    const withId = config(person('jane', { id: '0a6b7c8d-1111-4222-8333-444455556666' }));
    expect(identityMoves(byHand, withId).map(({ place }) => place.path.join('.'))).toEqual([
      'kanidm.version',
      'groups.k8s_users',
      'clients.k8s',
    ]);
  });
});

describe('what is unique', () => {
  const two = (first: [string, Change], second: [string, Change]) => ({
    people: { [first[0]]: { ...jane, ...first[1] }, [second[0]]: { ...jane, ...second[1] } },
  });

  test('a chain of renames is applied from its end', () => {
    expect(codes(two(['a', {}], ['b', {}]), two(['b', { formerly: 'a' }], ['c', { formerly: 'b' }]))).toEqual([]);
  });

  test('two that swap names need two steps', () => {
    expect(codes(two(['a', {}], ['b', {}]), two(['b', { formerly: 'a' }], ['a', { formerly: 'b' }]))).toEqual([
      'unique-swap',
    ]);
  });

  test('a name passes to a later kind in one step, to an earlier in two', () => {
    expect(codes(person('ops'), { ...person('jane', { formerly: 'ops' }), groups: { ops: {} } })).toEqual([]);
    expect(codes({ groups: { ops: {} } }, { ...person('ops'), groups: { team: { formerly: 'ops' } } })).toEqual([
      'unique-swap',
    ]);
  });

  test('a name of somebody who only left the config is still held', () => {
    expect(codes({ groups: { ops: {} } }, person('ops'))).toEqual(['entry-left', 'unique-held']);
  });

  test('a mail that moves has to be let go first', () => {
    const mail = ['team@example.com'];
    expect(codes(two(['a', { mail }], ['b', {}]), two(['a', { mail: [] }], ['b', { mail }]))).toEqual([]);
    expect(codes(two(['a', {}], ['b', { mail }]), two(['a', { mail }], ['b', { mail: [] }]))).toEqual(['unique-swap']);
    expect(codes(two(['a', { mail }], ['b', {}]), two(['a', {}], ['b', { mail }]))).toEqual(['unique-held']);
    expect(codes(two(['a', { mail }], ['b', {}]), two(['a', { absent: true }], ['b', { mail }]))).toEqual([]);
  });

  test('so with a gid', () => {
    const posix = { gid: 70001 };
    expect(codes(person('jane', { posix }), { ...person('jane'), groups: { team: { posix } } })).toEqual([]);
    expect(codes(person('jane', { posix }), { ...person('jane', { posix: {} }), groups: { team: { posix } } })).toEqual(
      ['unique-held'],
    );
  });
});

describe('the deployment', () => {
  const moves = (before: Change, after: Change) =>
    identityMoves(configOf({ kanidm: before }), configOf({ kanidm: after })).map(({ code }) => code);
  const v = (version: string) => ({ version });

  test.each([
    ['1.10.5', '1.11.1', []],
    ['1.11.0', '1.11.1', []],
    ['1.9', '1.11', ['version-jump']],
    ['1.11', '1.10', ['version-back']],
  ])('from %s to %s', (from, to, wanted) => {
    expect(moves(v(from), v(to))).toEqual(wanted);
  });

  test("the chart's own image counts", () => {
    const [problem] = identityMoves(configOf(), configOf({ kanidm: v('1.7') }));
    expect(problem).toMatchObject({ code: 'version-jump', fix: expect.stringContaining('1.5, 1.6, 1.7') });
    expect(moves({}, v('1.5.0'))).toEqual([]);
  });

  test('chart 0.1 to 0.2 would start on empty volumes', () => {
    expect(moves({}, { helm: { version: '0.2.1' } })).toEqual(['deployment-changed']);
    expect(moves({ helm: { version: '0.2.0' } }, { helm: { version: '0.2.1' } })).toEqual([]);
  });

  test('so would another namespace, or manifests in place of the chart', () => {
    expect(moves({}, { namespace: 'idm' })).toEqual(['kanidm-moves']);
    expect(moves(v('1.11'), { ...v('1.11'), helm: null, manifests: {} })).toEqual(['deployment-changed']);
  });

  test('a server elsewhere has another database than one that Kaniflux deploys', () => {
    const elsewhere = { ...v('1.11.1'), helm: null, cluster: null };
    const manifests = { ...v('1.11.1'), helm: null, manifests: {} };
    const [start] = identityMoves(configOf({ kanidm: elsewhere }), configOf({ kanidm: manifests }));
    expect(start).toMatchObject({ code: 'deployment-changed', message: expect.stringContaining('an empty database') });
    expect(moves(manifests, elsewhere)).toEqual(['deployment-changed']);
    expect(moves(elsewhere, elsewhere)).toEqual([]);
  });

  test('a StatefulSet takes no other size', () => {
    const manifests = (storage?: Change) => ({ ...v('1.11'), helm: null, manifests: storage ? { storage } : {} });
    expect(moves(manifests(), manifests({ size: '2Gi' }))).toEqual([]);
    expect(moves(manifests(), manifests({ size: '5Gi' }))).toEqual(['storage-changed']);
  });

  test('another domain is one finding, not one for each entry', () => {
    expect(moves({}, { domain: 'idm.example.com' })).toEqual(['domain-changed']);
  });
});

test('groups keep their members out of it', () => {
  expect(codes({ groups: group(['datosh']) }, { groups: group([]), clusters: { homelab: { grants: [] } } })).toEqual(
    [],
  );
});
