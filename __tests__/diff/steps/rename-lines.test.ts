import { predecessors } from '../../../lib/diff/predecessors';
import { freeingLines, freeingValues, leftBehind, renameLines } from '../../../lib/diff/steps/rename-lines';
import { type Change, teamWith, uuid } from './configs';

const sides = (one: Change, other: Change) => {
  const [before, after] = [teamWith(one), teamWith(other)];
  return [before, after, predecessors(before, after)] as const;
};
const person = (end: number, more: Change = {}) => ({ displayName: 'Joe', id: uuid(end), ...more });
const people = (entries: Change) => ({ people: entries });

describe('the commands that rename', () => {
  const lines = (before: Change, after: Change) => renameLines(...sides(before, after));

  test('each kind of entry', () => {
    const before = {
      people: { joe: person(1) },
      serviceAccounts: { ci: { displayName: 'CI', id: uuid(2) } },
      groups: { ops: { id: uuid(3), members: [] } },
      clients: { web: { id: uuid(4), landingUrl: 'https://web.example.com' } },
    };
    const after = {
      people: { joseph: person(1) },
      serviceAccounts: { build: { displayName: 'CI', id: uuid(2) } },
      groups: { operators: { id: uuid(3), members: [] } },
      clients: { wiki: { id: uuid(4), landingUrl: 'https://web.example.com' } },
    };
    expect(lines(before, after)).toEqual([
      'kanidm person update joe --newname=joseph',
      'kanidm service-account update ci --newname=build',
      'kanidm group rename ops operators',
      'kanidm system oauth2 set-name web wiki',
    ]);
    expect(lines(before, before)).toEqual([]);
  });

  const first =
    '# first give these entries temporary names, because other entries will take the names that these have now';

  test('two people who swap their names', () => {
    expect(lines(people({ joe: person(1), ann: person(2) }), people({ joe: person(2), ann: person(1) }))).toEqual([
      first,
      'kanidm person update ann --newname=ann-moving',
      'kanidm person update joe --newname=joe-moving',
      'kanidm person update ann-moving --newname=joe',
      'kanidm person update joe-moving --newname=ann',
    ]);
  });
  test('a person whose name a group gets, and a name that is as long as Kanidm allows', () => {
    const long = 'a'.repeat(64);
    const before = { people: { [long]: person(1) }, groups: { ops: { id: uuid(2), members: [] } } };
    const after = { people: { joe: person(1) }, groups: { [long]: { id: uuid(2), members: [] } } };
    expect(lines(before, after)).toEqual([
      first,
      `kanidm person update ${long} --newname=${'a'.repeat(56)}-moving`,
      `kanidm person update ${'a'.repeat(56)}-moving --newname=joe`,
      `kanidm group rename ops ${long}`,
    ]);
  });
  test('not an entry that is absent on one side', () => {
    const gone = (name: string) => people({ [name]: { id: uuid(1), absent: true } });
    expect(lines(people({ joe: person(1) }), gone('joseph'))).toEqual([]);
    expect(lines(gone('joe'), people({ joseph: person(1) }))).toEqual([]);
  });
});

describe('an entry that leaves the config and stays in Kanidm', () => {
  const left = (before: Change, after: Change) => leftBehind(...sides(before, after));

  test('keeps its name', () => {
    const before = { people: { joe: person(1) }, groups: { ops: { members: [] } } };
    expect(left(before, {})).toEqual([
      { kind: 'person', name: 'joe' },
      { kind: 'group', name: 'ops' },
    ]);
    expect(freeingLines(left(before, {}))).toEqual([]);
  });
  test('gets another name if an entry of any kind needs it', () => {
    const long = 'a'.repeat(64);
    const before = { people: { joe: person(1), [long]: person(2) } };
    const after = { groups: { joe: { members: [] }, [long]: { members: [] } } };
    expect(left(before, after)).toEqual([
      { kind: 'person', name: 'joe', movedTo: 'joe-old' },
      { kind: 'person', name: long, movedTo: `${'a'.repeat(56)}-old` },
    ]);
    expect(freeingLines(left({ people: { joe: person(1) } }, after))).toEqual([
      '# this person joe gets another name, because another entry gets the name joe',
      'kanidm person update joe --newname=joe-old',
    ]);
  });
  test('is none that is renamed, or that was absent', () => {
    expect(left(people({ joe: person(1) }), people({ joseph: person(1) }))).toEqual([]);
    expect(left(people({ joe: { absent: true } }), {})).toEqual([]);
  });
});

describe('a value that only one entry can have', () => {
  const lines = (before: Change, after: Change) => freeingValues(...sides(before, after));
  const mail = (address: string) => ({ displayName: 'Joe', mail: address });

  test('a mail address, which another person gets, whatever its case', () => {
    expect(
      lines(
        people({ joe: mail('Ops@example.com'), ann: mail('ann@example.com') }),
        people({
          joe: mail('joe@example.com'),
          ann: { displayName: 'Ann', mail: ['ann@example.com', 'ops@example.com'] },
        }),
      ),
    ).toEqual([
      '# person joe still has the mail ops@example.com, which ann gets',
      'kanidm person update joe --mail=joe@moving.invalid',
    ]);
  });
  test('a gid number of a person and of a group', () => {
    const posix = (gid?: number) => ({ displayName: 'Joe', posix: gid === undefined ? {} : { gid } });
    const group = (gid?: number) => ({ members: [], ...(gid === undefined ? {} : { posix: { gid } }) });
    const before = { people: { joe: posix(70001) }, groups: { ops: group(70002), devs: group() } };
    const after = { people: { joe: posix() }, groups: { ops: group(70001), devs: group(70002) } };
    expect(lines(before, after)).toEqual([
      '# person joe still has the gid number 70001, which ops gets',
      'kanidm person posix reset-gidnumber joe',
      '# group ops still has the gid number 70002, which devs gets',
      'kanidm group posix reset-gidnumber ops',
    ]);
  });
  test('is freed under the new name of a renamed entry, which may keep its value', () => {
    const [one, two] = ['a@example.com', 'b@example.com'];
    const before = people({ joe: person(1, { mail: one }) });
    expect(lines(before, people({ joseph: person(1, { mail: two }), ann: person(2, { mail: one }) }))).toEqual([
      '# person joseph still has the mail a@example.com, which ann gets',
      'kanidm person update joseph --mail=joseph@moving.invalid',
    ]);
    expect(lines(before, people({ joseph: person(1, { mail: one }) }))).toEqual([]);
  });
  test('is freed at an entry that left the config', () => {
    const before = people({ joe: mail('a@example.com') });
    expect(lines(before, people({ ann: mail('a@example.com') }))).toEqual([
      '# person joe still has the mail a@example.com, which ann gets',
      'kanidm person update joe --mail=joe@moving.invalid',
    ]);
    const replaced = { groups: { joe: { members: [] } }, ...people({ ann: mail('a@example.com') }) };
    expect(lines(before, replaced)).toEqual([
      '# person joe-old still has the mail a@example.com, which ann gets',
      'kanidm person update joe-old --mail=joe-old@moving.invalid',
    ]);
  });
  test('is free if nobody gets it, or if its entry is deleted', () => {
    const before = people({ joe: mail('a@example.com') });
    expect(lines(before, people({ joe: mail('b@example.com') }))).toEqual([]);
    expect(lines(before, people({ joe: { absent: true }, ann: mail('a@example.com') }))).toEqual([]);
    expect(
      lines(people({ joe: { absent: true, mail: 'a@example.com' } }), people({ ann: mail('a@example.com') })),
    ).toEqual([]);
  });
});
