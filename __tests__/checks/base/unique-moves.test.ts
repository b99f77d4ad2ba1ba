import { identityMoves } from '../../../lib/checks/base/entry-moves';
import { uniqueMoves } from '../../../lib/checks/base/unique-moves';
import { configOf } from '../../config';

type Change = Record<string, unknown>;

const config = (change: Change, provision = 'migrations') =>
  configOf({ ...change, kanidm: { version: '1.11.1', provision } });
const people = (entries: Record<string, Change>) => ({
  people: Object.fromEntries(Object.entries(entries).map(([name, more]) => [name, { displayName: 'X', ...more }])),
});
const lines = (found: ReturnType<typeof uniqueMoves>) =>
  found.map(({ severity, code, message, fix, place }) => [
    `${severity} ${place.path.join('.')}: ${message} (${code})`,
    fix,
  ]);
const unique = (before: Change, after: Change) => lines(uniqueMoves(config(before), config(after)));
const id = '0a6b7c8d-1111-4222-8333-444455556666';

test('a mail that another entry keeps, because the config no longer sets it', () => {
  expect(
    unique(people({ a: { mail: 'Team@example.com' }, b: {} }), people({ a: {}, b: { mail: 'team@example.com' } })),
  ).toEqual([
    [
      'error people.b.mail: the mail `team@example.com` still belongs to `people.a` in Kanidm (unique-held)',
      'write the new value into `people.a`, such as `mail: []`',
    ],
  ]);
});

test('a gid number that another entry keeps', () => {
  const before = people({ a: { posix: { gid: 70001 } } });
  expect(unique(before, { ...people({ a: { posix: {} } }), groups: { team: { posix: { gid: 70001 } } } })).toEqual([
    [
      'error groups.team.posix.gid: the gid `70001` still belongs to `people.a` in Kanidm (unique-held)',
      'write the new value into `people.a`, such as `posix: { gid: … }`',
    ],
  ]);
  // Without `posix`, a migration removes the class, and with the class it removes the gid number.
  expect(unique(before, { ...people({ a: {} }), groups: { team: { posix: { gid: 70001 } } } })).toEqual([]);
});

test('a name of an entry that left the config', () => {
  expect(unique({ groups: { ops: {} } }, people({ ops: {} }))).toEqual([
    [
      'error people.ops: the name `ops` still belongs to `groups.ops` in Kanidm (unique-held)',
      'write that entry into the config again, with `absent: true`; if it was renamed, write `formerly` under its new key',
    ],
  ]);
});

test('a mail of an entry that is renamed, when another entry has its name', () => {
  const mail = 'team@example.com';
  const after = people({ c: { formerly: 'b', mail }, b: { incarnation: 2 } });
  expect(unique(people({ b: { formerly: 'a', mail } }), after).map(([line]) => line)).toEqual([
    'error people.c.mail: the mail `team@example.com` still belongs to `people.b` in Kanidm (unique-held)',
  ]);
});

test('a value that an earlier file would give to another entry', () => {
  const mail = 'team@example.com';
  expect(unique(people({ a: {}, b: { mail } }), people({ a: { mail }, b: { mail: [] } }))).toEqual([
    [
      'error people.a.mail: Kanidm would give the mail `team@example.com` to `a` before `b` loses it, so Kanidm would reject the migration file (unique-swap)',
      'apply only the change of `b` first, and give the mail to `a` in a later change',
    ],
  ]);
  expect(unique(people({ a: { mail }, b: {} }), people({ a: { mail: [] }, b: { mail } }))).toEqual([]);
});

test('values that entries swap, so that neither of them can change first', () => {
  const [one, two] = ['one@example.com', 'two@example.com'];
  expect(
    unique(people({ a: { mail: one }, b: { mail: two } }), people({ a: { mail: two }, b: { mail: one } })),
  ).toEqual([
    [
      'error people.a.mail: Kanidm would give the mail `two@example.com` to `a` before `b` loses it, so Kanidm would reject the migration file (unique-swap)',
      'in an earlier change, give `people.b` another mail that no entry has. Then make this change',
    ],
  ]);
  const names = unique(people({ a: {}, b: {} }), people({ a: { formerly: 'b' }, b: { formerly: 'a' } }));
  expect(names).toEqual([
    [
      'error people.b: Kanidm would give the name `b` to `b` before `a`, which has this name now, loses it, so Kanidm would reject the migration file (unique-swap)',
      'in an earlier change, give `people.b` another name that no entry has. Then make this change',
    ],
  ]);
});

test.each<[string, Change, Change]>([
  ['stays', people({ a: { mail: 'a@example.com' } }), people({ a: { mail: 'a@example.com' } })],
  ['nobody had', people({ a: {} }), people({ a: { mail: 'a@example.com', posix: { gid: 70001 } } })],
  [
    'a deleted entry had',
    people({ a: { mail: 'a@example.com' }, b: {} }),
    people({ a: { absent: true }, b: { mail: 'a@example.com' } }),
  ],
  ['an absent entry had', people({ a: { absent: true }, b: {} }), { groups: { a: {} }, ...people({ b: {} }) }],
  [
    'an entry with another UUID has, which is another finding',
    people({ a: { id, mail: 'a@example.com' } }),
    people({ a: { mail: 'a@example.com' } }),
  ],
  [
    'an entry had that is renamed, which is another finding',
    people({ b: { formerly: 'a', mail: 'a@example.com' } }),
    people({ c: { formerly: 'b', mail: 'a@example.com' } }),
  ],
])('a value that %s can be used', (_, before, after) => {
  expect(unique(before, after)).toEqual([]);
});

test('with the runbook, values are moved by hand', () => {
  const [before, after] = [
    people({ a: { id, mail: 'a@example.com' } }),
    people({ b: { id: id.replace(/6$/, '7'), mail: 'a@example.com' } }),
  ];
  expect(uniqueMoves(config(before, 'runbook'), config(after, 'runbook'))).toEqual([]);
  expect(uniqueMoves(config(before), config(after))).toHaveLength(1);
});

describe('a UUID', () => {
  const moves = (before: Change, after: Change) => lines(identityMoves(config(before), config(after)));

  test('that an entry cannot change', () => {
    expect(moves(people({ a: { id } }), people({ a: { id: id.replace(/6$/, '7') } }))).toEqual([
      [
        `error people.a: \`a\` has the UUID ${id} in Kanidm and would get 0a6b7c8d-1111-4222-8333-444455556667, but Kanidm never changes the UUID of an entry (uuid-changed)`,
        `write \`id: ${id}\``,
      ],
    ]);
    const [[, fix] = []] = moves(people({ b: { formerly: 'a' } }), people({ b: {} }));
    expect(fix).toBe('write `formerly: a`');
  });
  test('that an entry loses when it is renamed a second time', () => {
    const before = people({ b: { formerly: 'a' } });
    expect(moves(before, people({ c: { formerly: 'b' } }))).toEqual([
      [expect.stringMatching(/^error people\.c: `b` has the UUID .* in Kanidm and would get /), 'write `formerly: a`'],
    ]);
    expect(moves(before, people({ c: { formerly: 'b', absent: true } }))).toEqual([
      [expect.stringMatching(/^error people\.c: `b` has the UUID .*so the entry would stay/), 'write `formerly: a`'],
    ]);
    expect(moves(people({ a: { incarnation: 2 } }), people({ b: { formerly: 'a' } }))).toEqual([
      [expect.stringContaining('would get'), 'write `incarnation: 2`'],
    ]);
    expect(moves(before, people({ c: { formerly: 'a' } }))).toEqual([]);
  });
  test('that a deleted entry had under a former name', () => {
    expect(moves(people({ a: { absent: true } }), people({ b: { formerly: 'a' } }))).toEqual([
      [expect.stringMatching(/^error people\.b: `a` was deleted/), 'write `incarnation: 2`'],
    ]);
  });
  test('that an entry leaves behind', () => {
    expect(moves(people({ a: {} }), people({ a: { incarnation: 2 } }))).toEqual([
      [
        'warning people.a.incarnation: `a` is deleted and created again, with another UUID and without its credentials (made-anew)',
        'restore the old `incarnation` if this is not intended',
      ],
    ]);
    expect(moves({ groups: { a: {} } }, { groups: { a: { incarnation: 2 } } })).toEqual([
      [
        'warning groups.a.incarnation: `a` is deleted and created again, with another UUID (made-anew)',
        'restore the old `incarnation` if this is not intended',
      ],
    ]);
    expect(moves(people({ a: { absent: true } }), people({ a: {} }))).toEqual([
      [
        'error people.a: `a` was deleted, and Kanidm keeps its UUID in the recycle bin: no new entry can use that UUID (return-without-incarnation)',
        'write `incarnation: 2`',
      ],
    ]);
    expect(moves(people({ a: { id, absent: true } }), people({ a: { id } })).map(([, fix]) => fix)).toEqual([
      'write another `id`',
    ]);
  });
  test('of an entry that left the config', () => {
    expect(moves(people({ a: {}, b: {} }), people({ b: {} }))).toEqual([
      [
        'warning people: `people.a` is no longer in the config, but stays in Kanidm unchanged (entry-left)',
        'to delete the entry from Kanidm, write it into the config again, with `absent: true`; if the entry was renamed, write `formerly: a` under its new key',
      ],
    ]);
  });
  test('by which the wrong entry would be removed', () => {
    expect(moves(people({ a: { id } }), people({ a: { id: id.replace(/6$/, '7'), absent: true } }))).toEqual([
      [
        `error people.a: \`a\` has the UUID ${id} in Kanidm, but \`absent\` would remove the UUID 0a6b7c8d-1111-4222-8333-444455556667, so the entry would stay (removal-misses)`,
        `write \`id: ${id}\``,
      ],
    ]);
    const [[, fix] = []] = moves(people({ b: { formerly: 'a' } }), people({ b: { absent: true } }));
    expect(fix).toBe('write `formerly: a`');
  });
});
