import {
  assumeGroups,
  entriesOf,
  ownEntriesFirst,
  recordStrangers,
  withoutStrangers,
} from '../../lib/adopt/adopt-entries';
import { itemsIn, Treatments } from '../../lib/adopt/treatments';
import type { OwnKanidm } from '../../lib/adopt/which-kanidm';
import { type Facts, nothing } from '../../lib/existing/facts';
import type { ReadEntry } from '../../lib/existing/kanidm-entries';
import { identities, jane } from './worlds';

const common = (name: string) => ({ source: 'e.json', name, unread: [] });
const person = (name: string, more: Partial<ReadEntry> = {}): ReadEntry =>
  ({ ...common(name), kind: 'person', fields: { displayName: name }, ...more }) as ReadEntry;
const group = (name: string, members?: readonly string[], more: Partial<ReadEntry> = {}): ReadEntry =>
  ({ ...common(name), kind: 'group', fields: members ? { members: [...members] } : {}, ...more }) as ReadEntry;
const other = (name: string): ReadEntry => ({ ...common(name), kind: 'other', why: 'of no use' });

const kanidm = (foreign: ReadonlyMap<number, string> = new Map()): OwnKanidm => ({ others: new Map(), foreign });
const said = (treatments: Treatments) =>
  treatments.all.map(
    ({ what, treatment, text, isUnrelated }) =>
      `${what} ${isUnrelated ? 'left alone' : treatment}${text === undefined ? '' : `: ${text}`}`,
  );
function read(entries: readonly ReadEntry[], foreign?: ReadonlyMap<number, string>) {
  const facts: Facts = { ...nothing, entries };
  const treatments = new Treatments(itemsIn(facts));
  const found = entriesOf(facts, kanidm(foreign), treatments);
  return { found, told: said(treatments) };
}

describe('an entry', () => {
  test('with POSIX attributes is said to be unfit for migrations if it is a service account', () => {
    const robot = { ...common('bot'), kind: 'service account', fields: { displayName: 'Bot' } } as const;
    const { told } = read([{ ...robot, unread: ['gidnumber', 'loginshell', 'mail'] }]);
    const unfit = told.filter((line) => line.includes('so do not write `provision: migrations`'));
    expect(unfit.map((line) => line.split(' not taken')[0])).toEqual(['bot: gidnumber', 'bot: loginshell']);
    expect(read([person('jane', { unread: ['gidnumber'] })]).told.join()).not.toContain('migrations');
  });

  test('is taken, and its attributes without a field are not', () => {
    const { found, told } = read([person('jane', { unread: ['radius_secret', 'image'] })]);
    expect([...found.people]).toEqual([['jane', { displayName: 'jane' }]]);
    expect(told).toEqual([
      'person jane taken',
      'jane: radius_secret not taken: a config has no field for this attribute, or its field cannot have a value of this type; Kanidm keeps the value',
      'jane: image not taken: Kanidm shows only a hash of the logo image of this client, and keeps the logo image; to replace it, write the file or address of a logo image into the config',
    ]);
  });

  test('is taken with its differences', () => {
    expect(read([person('jane', { differences: ['one', 'two'] })]).told).toEqual(['person jane different: one; two']);
  });

  test('of another Kanidm is not taken', () => {
    const entries = [person('jane', { unread: ['x'], differences: ['one'] }), person('sam')];
    const { found, told } = read(entries, new Map([[0, 'of the test']]));
    expect([...found.people.keys()]).toEqual(['sam']);
    expect(told).toEqual([
      'person jane not taken: of the test',
      'jane: x not taken: the attribute belongs to person jane, which is not adopted',
      'person sam taken',
    ]);
  });

  test('that a config cannot contain is not taken', () => {
    expect(read([other('radius')]).told).toEqual(['entry radius not taken: of no use']);
  });

  test('with a name that Kanidm does not allow is not taken', () => {
    const { found, told } = read([person('Jane')]);
    expect(found.people.size).toBe(0);
    expect(told).toEqual(['person Jane not taken: Kanidm does not allow this name']);
  });

  test('that was read twice is taken once', () => {
    const second = person('jane', { fields: { displayName: 'Jane' } } as Partial<ReadEntry>);
    const { found, told } = read([person('jane'), person('jane'), second, group('jane'), other('x'), other('x')]);
    expect([...found.people]).toEqual([['jane', { displayName: 'jane' }]]);
    expect(told).toEqual([
      'person jane taken',
      'person jane taken',
      'person jane not taken: a different entry with this kind and name was read first',
      'group jane taken',
      'entry x not taken: of no use',
      'entry x not taken: of no use',
    ]);
  });

  test('of Kanidm itself counts, and not that of a program that writes into Kanidm', () => {
    const own = person('jane', { fields: { displayName: 'Jane', id: jane } } as Partial<ReadEntry>);
    const managed = person('jane', { manager: 'kaniop' });
    const { entries } = ownEntriesFirst({ ...nothing, entries: [managed, person('sam', { manager: 'kaniop' }), own] });
    expect(entries.map(({ name, manager }) => `${name} ${manager}`)).toEqual([
      'jane undefined',
      'jane kaniop',
      'sam kaniop',
    ]);
    const { found, told } = read([
      ...entries,
      person('sam', { manager: 'kaniop', fields: { displayName: 'S' } } as never),
    ]);
    expect([...found.people]).toEqual([
      ['jane', { displayName: 'Jane', id: jane }],
      ['sam', { displayName: 'sam' }],
    ]);
    expect(told.filter((line) => line.includes('not taken'))).toEqual([
      'person jane not taken: this entry was also read from Kanidm, and the config has it as it is in Kanidm',
      'person sam not taken: a different entry with this kind and name was read first',
    ]);
  });

  test('that is built in stays unchanged', () => {
    const builtIn = { isBuiltIn: true };
    const { found, told } = read([
      person('idm_admin', { ...builtIn, unread: ['x'] }),
      group('idm_admins', ['idm_admin'], builtIn),
      group('idm_people_admins', ['jane', 'idm_admins', 'sam'], builtIn),
      group('idm_all_persons', undefined, builtIn),
    ]);
    expect([found.people.size, found.groups.size]).toEqual([0, 0]);
    expect(told).toEqual([
      'person idm_admin left alone: this is a built-in entry of Kanidm, and stays unchanged',
      'idm_admin: x left alone: this attribute belongs to a built-in entry of Kanidm',
      'group idm_admins left alone: this is a built-in entry of Kanidm, and stays unchanged',
      'group idm_people_admins not taken: this is a built-in group of Kanidm, whose members a config cannot list: jane, sam',
      'group idm_all_persons left alone: this is a built-in entry of Kanidm, and stays unchanged',
    ]);
  });

  test('that is built in does not hide another one of its name', () => {
    const { found } = read([group('ops', ['x'], { isBuiltIn: true }), group('ops', ['jane'])]);
    expect([...found.groups]).toEqual([['ops', { members: ['jane'] }]]);
  });
});

describe('groups that a client names', () => {
  const client = (name: string, source: string): ReadEntry => ({
    ...common(name),
    source,
    kind: 'client',
    fields: { landingUrl: 'x' },
  });
  const named = (fields: object, entries: readonly ReadEntry[] = [], foreign?: ReadonlyMap<number, string>) => {
    const there = identities({ clients: new Map([['k8s', { landingUrl: 'x', ...fields }]]) });
    const notes = assumeGroups({ ...nothing, entries }, kanidm(foreign), there);
    return { groups: [...there.groups.keys()].slice(1), notes };
  };

  test('are added, with a note at the source of the client', () => {
    const fields = {
      scopes: { ops: ['openid'], team: ['openid'] },
      supplementaryScopes: { sup: ['x'], ops: ['y'] },
      claims: { role: { values: { staff: ['a'] } }, level: { values: { crew: ['a'] } } },
    };
    const entries = [client('web', 'w.json'), client('k8s', 'test.json'), client('k8s', 'c.json')];
    expect(named(fields, entries, new Map([[1, 'other']]))).toEqual({
      groups: ['ops', 'sup', 'staff', 'crew'],
      notes: [
        {
          source: 'c.json',
          text: 'client k8s names groups that were not read: ops, sup, staff, crew; adopt assumes that these groups exist, and does not know their members; to read the groups, use --kanidm, or run adopt with the JSON of the groups',
        },
      ],
    });
    expect(named(fields).notes[0]?.source).toBe('k8s');
  });

  test('are not added if they are known, built in, no names, or accounts', () => {
    const names = ['team', 'idm_admins', 'Ops', jane, 'jane', 'bot'];
    const scopes = Object.fromEntries(names.map((name) => [name, ['openid']]));
    expect(named({ scopes })).toEqual({ groups: [], notes: [] });
    expect(named({})).toEqual({ groups: [], notes: [] });
  });

  test('are not added if the source removes them, unless it is of another Kanidm', () => {
    const scopes = { gone: ['openid'] };
    expect(named({ scopes }, [other('gone')]).groups).toEqual([]);
    expect(named({ scopes }, [other('else')]).groups).toEqual(['gone']);
    expect(named({ scopes }, [person('gone')]).groups).toEqual(['gone']);
    expect(named({ scopes }, [other('gone')], new Map([[0, 'other']])).groups).toEqual(['gone']);
  });

  test('are added once for two clients, which both have a note', () => {
    const scopes = { ops: ['openid'] };
    const clients = new Map(['k8s', 'web'].map((name) => [name, { landingUrl: 'x', scopes }]));
    const there = identities({ clients });
    expect(assumeGroups(nothing, kanidm(), there).map(({ source }) => source)).toEqual(['k8s', 'web']);
    expect([...there.groups.keys()]).toEqual(['team', 'ops']);
  });
});

describe('members that were not read', () => {
  const without = (members: readonly string[], more: object = {}) => {
    const there = identities({
      groups: new Map([
        ['team', {}],
        ['ops', { members: [...members], ...more }],
      ]),
    });
    const left = withoutStrangers(there);
    return { ops: there.groups.get('ops'), left: [...left] };
  };

  test('are left out', () => {
    expect(without(['jane', 'bot', 'team', 'idm_admins', 'ghost', 'x'], { id: '1' })).toEqual({
      ops: { id: '1', members: ['jane', 'bot', 'team', 'idm_admins'] },
      left: [['ops', ['ghost', 'x']]],
    });
  });

  test('are left to Kanidm if there are no others', () => {
    expect(without(['ghost'], { id: '1' })).toEqual({ ops: { id: '1' }, left: [['ops', ['ghost']]] });
  });

  test('are none if all were read', () => {
    expect(without(['jane'])).toEqual({ ops: { members: ['jane'] }, left: [] });
    expect(without([])).toEqual({ ops: { members: [] }, left: [] });
  });

  test('are recorded with the effect', () => {
    const entries = [person('ops'), group('ops', ['ghost']), group('ops', ['ghost', 'jane']), group('all', ['x'])];
    const facts: Facts = { ...nothing, entries };
    const record = (members: string[] | undefined) => {
      const treatments = new Treatments(itemsIn(facts));
      recordStrangers(facts, kanidm(new Map([[1, 'other']])), {
        config: { groups: { ops: members ? { members } : {} } },
        strangers: new Map([['ops', ['ghost', 'x']]]),
        treatments,
      });
      return said(treatments)[2];
    };
    const left =
      'group ops different: the config does not have these members, because their entries were not read: ghost, x; ';
    expect(record(['jane'])).toBe(`${left}the rendered runbook and migrations remove these members from the group`);
    expect(record(undefined)).toBe(
      `${left}Kanidm keeps these members, because the config lists no members of this group at all`,
    );
  });

  test('are not said to be unread if they are clients', () => {
    const client: ReadEntry = {
      kind: 'client',
      source: 'f',
      name: 'web',
      unread: [],
      fields: { landingUrl: 'https://a' },
    };
    const facts: Facts = { ...nothing, entries: [group('ops', ['web']), client] };
    const record = (left: string[], foreign: [number, string][] = []) => {
      const treatments = new Treatments(itemsIn(facts));
      const strangers = new Map([['ops', left]]);
      recordStrangers(facts, kanidm(new Map(foreign)), { config: {}, strangers, treatments });
      return said(treatments)[0];
    };
    expect(record(['web'])).toMatch(/members, because a config cannot list a client as a member: web; Kanidm keeps/);
    expect(record(['web'])).not.toMatch(/not read/);
    expect(record(['web', 'ghost'])).toMatch(/not read: ghost; .* as a member: web; /);
    expect(record(['web'], [[1, 'other']])).toMatch(/not read: web; /);
  });
});
