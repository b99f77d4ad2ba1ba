import { parse, stringify } from 'yaml';
import { entry } from '../lib/config/config';
import { memoryReader } from '../lib/config/reader';
import { formatFinding } from '../lib/findings/finding-text';
import { parseConfig } from '../lib/load';
import { codesOf, configOf, homeLab, homeLabText, load } from './config';
import fc, { anyCharacter, runs } from './fast-check';

const cluster = { server: 'https://192.0.2.9:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };

describe('a config', () => {
  test('of the home lab is valid as it stands', () => {
    const { config, findings } = load(homeLabText);
    // The chart of the home lab deploys an old Kanidm.
    expect(findings.map(({ severity, code }) => [severity, code])).toEqual([['warning', 'kanidm-unsupported']]);
    expect(config?.kanidm.origin).toBe('https://sso.kammel.dev');
    expect(config?.clusters.get('homelab')?.kubeconfig.user).toBe('oidc');
  });

  test('says everything that is wrong at once, in the order of the file', () => {
    const { findings } = load(
      homeLabText
        .replace('displayName: Fabian', 'displayname: Fabian')
        .replace('"1.32"', '1.30')
        .replace('people: [datosh]', 'people: [dathosh]'),
    );
    expect(findings.map(({ line, code }) => [line, code])).toEqual([
      [17, 'unknown-key'],
      [36, 'not-text'],
      [44, 'unknown-reference'],
    ]);
  });

  test('a message names the place, quotes the line and says the fix', () => {
    const [issue] = load(homeLabText.replace('client: k8s', 'client: k9s')).findings;
    expect(issue && formatFinding(issue)).toBe(
      [
        'kaniflux.yaml:37:13 error there is no client `k9s` (unknown-reference)',
        '  37 |     client: k9s',
        '     |             ^',
        '  fix: write `k8s`',
      ].join('\n'),
    );
  });

  test('says a problem of a grant on several clusters once', () => {
    const found = (subjects: string[]) =>
      codesOf(
        homeLab({
          kanidm: { cluster: 'homelab' },
          clusters: { edge: cluster },
          grants: [{ name: 'zz', clusterRole: 'view', subjects: { groups: subjects }, clusters: '*' }],
        }),
      );
    expect(found(['system:authenticated'])).toEqual(['system-subject']);
    expect(found(['system:authenticated', 'system:masters'])).toEqual(['system-subject', 'system-subject']);
  });

  test('leaves out warnings only if it has no errors', () => {
    const read = (text: string) =>
      parseConfig('kaniflux.yaml', new TextEncoder().encode(text), memoryReader({}), { errorsOnly: true });
    const valid = read(homeLabText);
    expect(valid.findings).toEqual([]);
    expect(valid.config).toEqual(load(homeLabText).config);
    const faulty = homeLabText.replace('displayName: Fabian', 'displayname: Fabian');
    expect(read(faulty).findings).toEqual(load(faulty).findings);
  });

  test('with a faulty person still has that person: no error that only follows', () => {
    expect(codesOf(homeLabText.replace('displayName: Fabian Kammel', 'colour: blue'))).toEqual([
      'missing-key',
      'unknown-key',
    ]);
  });

  test.each([
    ['a misspelt section', '\ngroups:', '\ngroup:', ['unknown-key']],
    ['a key in other letters', 'controlPlane:', 'controlplane:', ['unknown-key']],
    ['a list of one without brackets', 'people: [datosh]', 'people: datosh', ['wrong-type']],
    ['a tab', '  k8s:\n', '\tk8s:\n', ['tab-indent']],
    ['another name of a section', '\npeople:', '\nusers:', ['unknown-key']],
  ])('%s is one error, without those that follow from it', (_, right, wrong, codes) => {
    expect(homeLabText).toContain(right);
    expect(codesOf(homeLabText.replace(right, wrong))).toEqual(codes);
  });

  test.each([
    ['datosh@sso.kammel.dev', 'people: [datosh]', 'people: [datosh@sso.kammel.dev]', 'write `datosh`'],
    [
      'a UUID in capitals',
      /id: \S+/,
      'id: 7B89B6EA-1E8B-4AA8-98FB-A70CBA498D16',
      'write `7b89b6ea-1e8b-4aa8-98fb-a70cba498d16`',
    ],
    ['a list of one', 'people: [datosh]', 'people: datosh', 'write `[datosh]`: the people who get the role'],
    [
      'a colon in a text',
      'client: k8s',
      'client: k8s: yes',
      'quote a string that contains `: ` or ends with `:`, or indent the line like its neighbors',
    ],
    ['a line out of step', '    client: k8s', '   client: k8s', /indent the line like its neighbors/],
  ])('the fix of %s can be typed as it is', (_, right, wrong, fix) => {
    const { findings } = load(homeLabText.replace(right, wrong));
    expect(findings.map((issue) => issue.fix)).toContainEqual(
      typeof fix === 'string' ? fix : expect.stringMatching(fix),
    );
  });

  test('that deploys Kanidm and has no cluster is told so, unless its only cluster is faulty', () => {
    const deployed = (clusters: object) =>
      load(
        homeLab({ kanidm: { version: '1.11.1', helm: null, cluster: null, manifests: {} }, clusters }),
      ).findings.flatMap(({ severity, code, message }) => (severity === 'error' ? [[code, message]] : []));
    expect(deployed({ homelab: null })).toEqual([['kanidm-cluster', 'the config deploys Kanidm, but has no cluster']]);
    expect(deployed({ homelab: { client: 'k9s' } }).map(([code]) => code)).toEqual(['unknown-reference']);
  });

  test('prints no control characters of its input', () => {
    const { findings } = load(homeLabText.replace('client: k8s', 'client: "\\e[31mk8s"'));
    const text = findings.map((issue) => formatFinding(issue)).join('\n');
    expect(text).not.toContain('\u001b');
    expect(text).toContain('\\u001b[31m');
  });
});

describe('clusters', () => {
  const files = { 'clusters/a.yaml': stringify({ name: 'alpha', ...cluster }), 'clusters/b.yml': 'not: read' };
  const input = homeLab({ clusters: 'clusters/*.yaml', kanidm: { cluster: 'alpha' } });

  test('can be files, one a cluster', () => {
    const { config, findings } = load(input, files);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect([...(config?.clusters.keys() ?? [])]).toEqual(['alpha']);
  });

  test('a problem stands in the file of its cluster', () => {
    const { findings } = load(input, {
      ...files,
      'clusters/a.yaml': stringify({ name: 'alpha', ...cluster, client: 'k9s' }),
    });
    expect(findings.map(({ file, line, code }) => [file, line, code])).toEqual([
      ['clusters/a.yaml', 4, 'unknown-reference'],
    ]);
  });

  test('a value in the file of a cluster is quoted as it is written there', () => {
    const username = { expression: 'claims.sub' };
    const authentication = { method: 'structured', claim: 'sub', username };
    const text = stringify({ name: 'alpha', ...cluster, authentication }).replace('"1.34"', '1.30');
    const { findings } = load(input, { ...files, 'clusters/a.yaml': text });
    expect(findings.map(({ file, line, code, message }) => [file, line, code, message])).toEqual([
      ['clusters/a.yaml', 3, 'not-text', 'YAML reads `1.30` as the number 1.3'],
      ['clusters/a.yaml', 8, 'conflicting-key', '`claim` and `username` exclude each other'],
    ]);
  });

  test('two files with one name are an error that names both', () => {
    const { findings } = load(input, { ...files, 'clusters/c.yaml': stringify({ name: 'alpha', ...cluster }) });
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ file: 'clusters/c.yaml', code: 'duplicate-cluster' });
    expect(errors[0]?.message).toContain('clusters/a.yaml');
  });

  test.each([
    ['without a name', { 'clusters/a.yaml': stringify(cluster) }, ['missing-key']],
    ['that is empty', { 'clusters/a.yaml': '' }, ['empty-file']],
    ['with another name', { 'clusters/a.yaml': stringify({ name: 'beta', ...cluster }) }, ['unknown-reference']],
  ])('a file %s is one error: Kanidm may be on that cluster', (_, changed, codes) => {
    const others = { 'clusters/b.yaml': stringify({ name: 'gamma', ...cluster }), ...changed };
    const { findings } = load(input, others);
    expect(findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(codes);
  });

  test.each(['clusters', 'clusters/', './clusters'])(
    'a folder `%s` in place of a glob is told how to be one',
    (glob) => {
      const [issue] = load({ ...input, clusters: glob }, files).findings.filter(
        ({ code }) => code === 'no-cluster-files',
      );
      expect(issue?.fix).toBe(`write \`${glob.replace(/\/$/, '')}/*.yaml\``);
    },
  );

  test('an empty glob matches nothing', () => {
    expect(codesOf({ ...input, clusters: '' }, files)).toContain('no-cluster-files');
  });

  test('a broken file does not hide what is wrong elsewhere', () => {
    const { findings } = load(
      { ...input, groups: { k8s_users: { members: ['nobody'] } } },
      { ...files, 'clusters/c.yaml': 'a: [' },
    );
    expect(new Set(findings.map(({ file }) => file))).toEqual(new Set(['kaniflux.yaml', 'clusters/c.yaml']));
  });
});

describe('grants', () => {
  const grant = { name: 'viewers', clusterRole: 'view', people: ['datosh'] };

  test('at the top hold on the clusters that they name, or on all', () => {
    const config = configOf({
      clusters: { edge: cluster },
      grants: [
        { ...grant, clusters: ['edge'] },
        { ...grant, name: 'everywhere', clusters: '*' },
      ],
    });
    const names = (key: string) => entry(config.clusters, key).grants.map(({ name }) => name);
    expect(names('homelab')).toEqual(['everywhere', 'oidc-cluster-admin']);
    expect(names('edge')).toEqual(['everywhere', 'viewers']);
  });

  test('to a group turn the groups claim on', () => {
    expect(entry(configOf().clusters, 'homelab').authentication.groups).toBeUndefined();
    const config = configOf({ grants: [{ name: 'users', clusterRole: 'view', groups: ['k8s_users'], clusters: '*' }] });
    expect(entry(config.clusters, 'homelab').authentication.groups).toEqual({ claim: 'groups', prefix: 'kanidm:' });
  });
});

describe('the place of a finding', () => {
  const places = (input: Record<string, unknown>) =>
    load(stringify(homeLab(input), { aliasDuplicateObjects: false }))
      .findings.filter(({ code }) => code !== 'kanidm-unsupported')
      .map(({ code, path, excerpt }) => [code, path?.join('.'), excerpt.trim()]);
  const noMail = { displayName: 'Somebody' };
  const people = { zoe: noMail, adam: noMail, mia: noMail };
  const groups = { zebras: { members: [] }, apes: { members: [] } };

  test.each([
    ['people', ['zoe', 'datosh', 'adam'], 'person-uuid-unknown', [0, 2]],
    ['groups', ['zebras', 'k8s_users', 'apes'], 'outside-scope-map', [0, 2]],
    ['serviceAccounts', ['robot2', 'robot1'], 'person-uuid-unknown', [0, 1]],
  ])('in the %s of a grant is the line of the name, whatever the order', (kind, names, code, wrong) => {
    const serviceAccounts = { robot1: { displayName: 'One' }, robot2: { displayName: 'Two' } };
    const k8s = { scopes: { k8s_users: ['openid', 'groups'] } };
    const grant = { name: 'g', clusterRole: 'view', clusters: '*', [kind]: names };
    const found = places({ people, groups, serviceAccounts, clients: { k8s }, grants: [grant] });
    const path = `grants.0.${kind}`;
    expect(found.filter(([, place]) => place?.startsWith(path))).toEqual(
      wrong.map((i) => [code, `${path}.${i}`, `- ${names[i]}`]),
    );
  });

  test('in a grant is right if an item before it has an error of its own', () => {
    const own = { clusterRole: 'view', people: ['datosh'], clusters: '*' };
    const found = places({
      people,
      grants: [
        { ...own, name: 'a', people: ['nobody'] },
        { ...own, name: 'b', role: 'r' },
        { name: 'c', clusters: '*' },
        { ...own, name: 'd', people: ['mia'] },
        { ...own, name: 'd' },
      ],
    });
    expect(found).toEqual([
      ['unknown-reference', 'grants.0.people.0', '- nobody'],
      ['grant-role', 'grants.1.role', 'role: r'],
      ['grant-role', 'grants.2', '- name: c'],
      ['grant-to-nobody', 'grants.2', '- name: c'],
      ['person-uuid-unknown', 'grants.3.people.0', '- mia'],
      ['duplicate-binding', 'grants.4.name', 'name: d'],
    ]);
  });
});

describe('any input', () => {
  const scalars = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.double());
  const values = fc.oneof(
    scalars,
    fc.array(scalars, { maxLength: 3 }),
    fc.dictionary(fc.string(), scalars, { maxKeys: 3 }),
  );

  test('of text gives a config, or errors with places', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 200 }), (text) => {
        const { config, findings } = load(text);
        expect(config === undefined).toBe(findings.some(({ severity }) => severity === 'error'));
        for (const { line, column, fix } of findings) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
          expect(fix).not.toBe('');
        }
      }),
    );
  });

  test('of the home lab with one thing replaced gives a config, or errors with places', () => {
    const paths = pathsOf(parse(homeLabText));
    fc.assert(
      fc.property(fc.constantFrom(...paths), values, (path, value) => {
        const input = parse(homeLabText);
        let node = input;
        for (const step of path.slice(0, -1)) node = node[step];
        node[path.at(-1) as string] = value;
        const { config, findings } = load(stringify(input));
        expect(config === undefined).toBe(findings.some(({ severity }) => severity === 'error'));
        for (const { line, column } of findings) expect(Math.min(line, column)).toBeGreaterThan(0);
      }),
      { numRuns: runs(50) },
    );
  });
});

function pathsOf(value: unknown, prefix: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [prefix];
  const inner = Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...prefix, key]));
  return prefix.length > 0 ? [prefix, ...inner] : inner;
}
