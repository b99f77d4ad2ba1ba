import { adoptedText, lacking } from '../../lib/adopt/config-yaml';

describe('the text of a config', () => {
  test('has plain quotes around typographic ones, without which the config is refused', () => {
    expect(
      adoptedText({ people: { jane: { displayName: '\u201cJane\u201d' }, joe: { displayName: 'Joe \u201cJ\u201d' } } }),
    ).toBe('people:\n  jane:\n    displayName: "\u201cJane\u201d"\n  joe:\n    displayName: Joe \u201cJ\u201d\n');
  });

  test('has an empty line between sections, and a comment at each empty field', () => {
    const config = {
      kanidm: { domain: null, helm: { repository: null, version: null, chart: 'kanidm' } },
      people: { jane: { displayName: 'Jane', mail: ['jane@example.com'] } },
      clusters: {
        a: {
          server: null,
          kubernetes: null,
          client: null,
          controlPlaneVersion: null,
          authentication: null,
          grants: [{ name: 'a', role: null }],
        },
      },
    };
    expect(adoptedText(config)).toBe(`kanidm:
  domain: # Kanidm's domain, for example idm.example.com
  helm:
    repository: # address of the Helm repository
    version: # version of the chart, in quotes
    chart: kanidm

people:
  jane:
    displayName: Jane
    mail:
      - jane@example.com

clusters:
  a:
    server: # address of the API server, for example https://192.0.2.10:6443
    kubernetes: # its version in quotes, for example "1.34"
    client: # the client id that the API server accepts
    controlPlaneVersion: # the server version that \`talosctl version\` prints, for example "1.14"
    authentication: # how the API server names people: run adopt with the settings of kube-apiserver
    grants:
      - name: a
        role:
`);
  });

  test('begins with the address of the schema, if there is one', () => {
    expect(adoptedText({ a: null }, 'https://example.com/s.json')).toBe(
      '# yaml-language-server: $schema=https://example.com/s.json\na: # fill in\n',
    );
  });

  test('has no anchors, quotes what YAML 1.1 would read as something else, and does not fold before 120 characters', () => {
    const shared = ['yes', '1:20', '012'];
    const long = `${'word '.repeat(22)}end`;
    expect(adoptedText({ a: shared, b: shared, c: long, d: '' })).toBe(
      `a:\n  - "yes"\n  - "1:20"\n  - "012"\n\nb:\n  - "yes"\n  - "1:20"\n  - "012"\n\nc: ${long}\n\nd: ""\n`,
    );
  });
});

describe('what an existing config lacks', () => {
  const adopted = {
    kanidm: { domain: 'idm.example.org' },
    people: { jane: { displayName: 'Jane' }, sam: { displayName: 'Sam' } },
    groups: { ops: {} },
    clusters: { a: { server: 'x', grants: [{ name: 'one' }, { name: 'two' }] }, b: { server: 'y' } },
  };

  test('is everything if there is none', () => {
    expect(lacking(adopted, null)).toEqual(adopted);
    expect(lacking(adopted, 'text')).toEqual(adopted);
    expect(lacking(adopted, {})).toEqual(adopted);
    expect(lacking(adopted, { kanidm: null, people: null, groups: null, clusters: null })).toEqual(adopted);
  });

  test('is nothing if it has the same keys', () => {
    expect(lacking(adopted, { ...adopted, kanidm: { domain: 'x' }, people: { jane: {}, sam: {} } })).toEqual({});
  });

  test('are entries with other keys, and grants with other names', () => {
    expect(
      lacking(adopted, { kanidm: {}, people: { sam: null }, clusters: { a: { grants: [{ name: 'two' }] } } }),
    ).toEqual({
      people: { jane: { displayName: 'Jane' } },
      groups: { ops: {} },
      clusters: { a: { grants: [{ name: 'one' }] }, b: { server: 'y' } },
    });
  });

  test('are all grants if the cluster has none', () => {
    for (const cluster of [{}, null, { grants: 'x' }, { grants: [null, 'one'] }])
      expect(lacking({ clusters: adopted.clusters }, { clusters: { a: cluster, b: {} } })).toEqual({
        clusters: { a: { grants: [{ name: 'one' }, { name: 'two' }] } },
      });
  });

  test('are no inherited keys, and no grants of another section', () => {
    const people = { constructor: { displayName: 'C' }, jane: { grants: [{ name: 'x' }] } };
    expect(lacking({ people }, { people: { jane: {} } })).toEqual({ people: { constructor: { displayName: 'C' } } });
  });

  test('is left out if a section of either is no map', () => {
    expect(lacking({ people: null, groups: { ops: {} } }, { people: {}, groups: [] })).toEqual({});
    expect(lacking({ apps: { x: 1 } }, { apps: {} })).toEqual({});
  });
});
