import fc from 'fast-check';
import { parse } from 'yaml';
import { expire } from '../../lib/expire/expire-config';
import { load } from '../config';
import { runs } from '../fast-check';

/*
 * Random configs in random styles of YAML. `expire` must remove from the config everything that has ended, and nothing
 * else. Every line must be a line of the old text, in the same order and with the same bytes. Two kinds of lines can
 * differ: the key of a list that becomes empty, and a line that an ended item shares with other items.
 */

const at = '2027-02-01';
const days = ['2026-12-31', '2027-01-31', '2027-02-01', '2028-01-01', undefined];
const comment = fc.constantFrom('', '', ' # temp', '   # - name: jane', ' #');
const above = fc.constantFrom('', '', '# who: [jane]\n', '\n', '# one\n\n# two\n', '# { until: 2027-01-31 },\n');

interface Item {
  readonly key: string;
  readonly until?: string;
  /** The item in flow style; `block` contains its lines in block style. */
  readonly flow: string;
  readonly block: readonly string[];
}

const quoted = fc.constantFrom(
  (text: string) => text,
  (text: string) => `"${text}"`,
  (text: string) => `'${text}'`,
);
const reason = fc.constantFrom(undefined, 'on call', "'it''s # not a comment'", '"[a, {b: c}, \\" ]"');

const members = fc
  .array(fc.record({ until: fc.constantFrom(...days), quoted, reason, long: fc.boolean(), note: comment }), {
    maxLength: 5,
  })
  .map((list) =>
    list.map(({ until, quoted: quote, reason: why, long, note }, i): Item => {
      const key = `p${i}`;
      const fields = [
        `name: ${quote(key)}`,
        ...(until === undefined ? [] : [`until: ${quote(until)}`]),
        ...(why === undefined ? [] : [`reason: ${why}`]),
      ];
      const plain = until === undefined && why === undefined;
      return {
        key,
        ...(until === undefined ? {} : { until }),
        flow: plain ? quote(key) : `{ ${fields.join(', ')} }`,
        block:
          plain || !long
            ? [plain ? quote(key) : `{ ${fields.join(', ')} }${note}`]
            : fields.flatMap((field, at) => (at === 1 && note !== '' ? ['# between', `${field}${note}`] : [field])),
      };
    }),
  );

const grants = fc.array(fc.record({ until: fc.constantFrom(...days), quoted, reason }), { maxLength: 4 }).map((list) =>
  list.map(({ until, quoted: quote, reason: why }, i): Item => {
    const fields = [
      `name: ${quote(`g${i}`)}`,
      'clusterRole: view',
      'people: [p0]',
      ...(until === undefined ? [] : [`until: ${quote(until)}`]),
      ...(why === undefined ? [] : [`reason: ${why}`]),
    ];
    return { key: `g${i}`, ...(until === undefined ? {} : { until }), flow: `{ ${fields.join(', ')} }`, block: fields };
  }),
);

interface Style {
  readonly kind: 'block' | 'flow' | 'lines' | 'first';
  readonly above: string;
  readonly note: string;
  readonly indent: boolean;
  readonly trailing: boolean;
}

const style: fc.Arbitrary<Style> = fc.record({
  kind: fc.constantFrom('block', 'flow', 'lines', 'first'),
  above,
  note: comment,
  indent: fc.boolean(),
  trailing: fc.boolean(),
});

/** Returns a list under a key, with an indentation. */
function listText(
  key: string,
  items: readonly Item[],
  { kind, above: before, note, indent, trailing }: Style,
  at: string,
): string {
  if (items.length === 0) return `${at}${key}: []${note}\n`;
  const comments = (deep: string) => before.replace(/^(?=#)/gm, deep);
  if (kind === 'flow')
    return `${at}${key}: [${items.map(({ flow }) => flow).join(', ')}${trailing ? ',' : ''}]${note}\n`;
  const deep = `${at}${indent ? '  ' : '   '}`;
  if (kind === 'lines') {
    const lines = items.map(
      ({ flow }, i) => `${comments(deep)}${deep}${flow}${trailing || i + 1 < items.length ? ',' : ''}${note}\n`,
    );
    return `${at}${key}: [${note}\n${lines.join('')}${deep}]\n`;
  }
  if (kind === 'first') {
    const lines = items.map(({ flow }, i) => `${deep}${i === 0 ? '[' : ','} ${flow}${note}\n`);
    return `${at}${key}:\n${lines.join('')}${deep}]\n`;
  }
  const dash = `${at}${indent ? '  ' : ''}`;
  const lines = items.map(({ block }) => `${comments(dash)}${dash}- ${block.join(`\n${dash}  `)}${note}\n`);
  return `${at}${key}:${note}\n${lines.join('')}`;
}

const configs = fc
  .record({ members, grants, styles: fc.tuple(style, style), end: fc.constantFrom('\n', '\r\n') })
  .map(({ members: people, grants: given, styles: [one, two], end }) => ({
    text: [
      '# the config\nkanidm: { domain: idm.example.com }\n',
      'people:\n  p0: { displayName: A, id: 00000000-0000-4000-8000-000000000001 } # first\n',
      ...[1, 2, 3, 4].map((i) => `  p${i}: { displayName: "${i}" }\n`),
      'groups:\n  users: { members: [p0, p1] }\n  team:\n',
      listText('members', people, one, '    '),
      '    description: "the team # of all"\n',
      'clients:\n  k8s: { landingUrl: "http://localhost:8000", scopes: { users: [openid, groups] } }\n',
      'clusters:\n  lab:\n    server: https://192.0.2.10:6443\n    kubernetes: "1.34"\n    client: k8s\n',
      '    controlPlane: kubeadm\n',
      listText('grants', given, two, '    '),
      '    breakGlass: safe # the end\n',
    ]
      .join('')
      .replaceAll('\n', end),
    ended: [...people, ...given].flatMap(({ key, until }) => (until !== undefined && until < at ? [key] : [])),
    shared: [one, two].some(({ kind }) => kind === 'flow' || kind === 'first'),
  }));

const without = (value: ReturnType<typeof parse>, ended: readonly string[]) => {
  const keep = (list: unknown[]) =>
    list.filter((one) => !ended.includes(typeof one === 'string' ? one : (one as { name: string }).name));
  value.groups.team.members = keep(value.groups.team.members);
  value.clusters.lab.grants = keep(value.clusters.lab.grants);
  return value;
};

test('the config without exactly what has ended, and no other line is touched', () => {
  const seen = { changed: 0, same: 0 };
  fc.assert(
    fc.property(configs, ({ text, ended, shared }) => {
      const { config, sources, findings } = load(text);
      if (!config) throw new Error(`${findings.map(({ message }) => message).join('\n')}\n${text}`);
      const { files, not } = expire(config, sources, at, () => text);
      if (not) {
        // `expire` removes nothing only if there is a comment between an item and its comma.
        expect(shared).toBe(true);
        return;
      }
      seen[ended.length > 0 ? 'changed' : 'same']++;
      const [file, ...others] = files ?? [];
      expect(others).toEqual([]);
      const after = file?.text ?? text;
      expect(file === undefined).toBe(ended.length === 0);
      expect(parse(after)).toEqual(without(parse(text), ended));
      const lines = text.split('\n');
      let from = 0;
      const changed = after.split('\n').filter((line) => {
        const found = lines.indexOf(line, from);
        if (found >= 0) from = found + 1;
        return found < 0;
      });
      const allowed = (line: string) => /^\s*(members|grants):/.test(line) || shared;
      expect(changed.filter((line) => !allowed(line))).toEqual([]);
      if (ended.length === 0) expect(after).toBe(text);
    }),
    { numRuns: runs(40) },
  );
  expect(seen.changed).toBeGreaterThan(5);
  expect(seen.same).toBeGreaterThan(0);
});
