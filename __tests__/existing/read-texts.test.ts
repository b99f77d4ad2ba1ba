import { nothing } from '../../lib/existing/facts';
import { factsOf } from '../../lib/existing/read-documents';
import { readElsewhere } from '../../lib/existing/read-elsewhere';
import { factsOfFile } from '../../lib/existing/read-file';
import { said } from './carrier-reading';

const source = 'file';
const url = 'https://idm.example.org';
const instead =
  'if it has the sign-in settings of the API server, write these settings into a file as flags of kube-apiserver, such as `--oidc-issuer-url=…`, one flag on each line, and run adopt with this file';
const args = [`oidc-issuer-url=${url}`, 'oidc-client-id=k8s'];
const line = `kube-apiserver --oidc-issuer-url=${url} --oidc-client-id=k8s`;

const words = { carrier: 'arguments of kube-apiserver', args, method: 'flags' };
const command = { ...words, carrier: 'a command line' };

describe('a text', () => {
  test.each<[string, string, object | undefined]>([
    ['a command line', line, { apiServers: [command] }],
    [
      'a command line that looks like a map',
      `--oidc-issuer-url=${url} --oidc-client-id=k8s # a: b`,
      { apiServers: [command] },
    ],
    [
      'a map with an option',
      `--oidc-client-id=k8s: x\n`,
      {
        apiServers: [{ carrier: 'a command line', args: ['oidc-client-id=k8s:'] }],
        passedOver: [['1 more word', 'not about sign-in']],
      },
    ],
    ['a process', `${line.replaceAll(' ', '\0')}\0`, { apiServers: [command] }],
    ['nothing', '', undefined],
    ['prose', 'hello', undefined],
    [
      'several documents, also empty ones',
      '---\n---\na: 1\n---\n- b: 2\n',
      {
        passedOver: [
          ['a map with a', 'not understood'],
          ['a map with b', 'not understood'],
        ],
      },
    ],
    ['a document and a text', 'a: 1\n---\nx\n', undefined],
    ['YAML with an error', 'a: [\n', undefined],
    [
      'server.toml',
      'domain = "a.example"\norigin = "https://a.example"\n',
      { passedOver: [['server.toml of Kanidm (domain, origin and 0 other lines)', 'runs Kanidm']] },
    ],
  ])('%s', (_, text, expected) => {
    expect(said(factsOf(source, text))).toEqual(expected);
  });

  test('the entries of the client', () => {
    const text = '---\nclass: group\nname: a\nuuid: x\n';
    expect(factsOf(source, text)).toEqual({
      ...nothing,
      entries: [expect.objectContaining({ name: 'a', kind: 'group' })],
    });
    const lines = '---\nclass: group\ndescription: one\n\n  two: 2\r\nname: a\nx\nuuid: x\n\nx\n';
    expect(factsOf(source, lines)?.entries).toMatchObject([
      { name: 'a', fields: { description: 'one\n\n  two: 2', id: 'x' } },
    ]);
  });

  test.each<[string, string, string, object]>([
    ['is empty', ' \n\n', 'an empty file', {}],
    ['has one line', 'hello\n\n', 'the whole file, 1 line', {}],
    ['has several lines', 'hello\nworld oidc_issuer', 'the whole file, 2 lines', { instead }],
    [
      'is not valid YAML',
      'a:\n  b: [x\n',
      'the whole file, which is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 3, column 1',
      {},
    ],
    ['has a colon, but is YAML', 'a: x\n---\nb', 'the whole file, 3 lines', {}],
    [
      'is a template',
      '{{ if .Values.x }}\nx\n',
      'the whole file, 2 lines',
      {
        instead:
          'if the file is a template, run adopt with the finished file, for example the output of `helm template`',
      },
    ],
    ['is a picture', `a: {{\n${'\uFFFD{'.repeat(9)}`, 'a binary file', {}],
    ['has one character that is not UTF-8', `${'a '.repeat(99)}\uFFFD`, 'the whole file, 1 line', {}],
    [
      'is not valid YAML at a secret',
      'a: b\nc\n---\n"secret"\n',
      'the whole file, which is not valid YAML: Implicit map keys need to be followed by map values at line 2, column 1',
      {},
    ],
    [
      'has a secret where YAML ends',
      'a: [b]\n}secret\n',
      'the whole file, which is not valid YAML: Unexpected flow-map-end token at line 2, column 1',
      {},
    ],
    [
      'configures Kanidm by Nix',
      '{ services.kanidm = { enable = true; }; }',
      'the whole file, 1 line',
      {
        instead:
          'the file sets `services.kanidm`, but adopt does not read Nix: run adopt with the JSON state of kanidm-provision and the `server.toml`',
      },
    ],
  ])('a file that %s', (_, text, what, more) => {
    expect(factsOfFile(source, text)).toEqual({
      ...nothing,
      passedOver: [{ source, what, ...more, why: 'not understood' }],
    });
  });

  test.each([
    ['kanidm group create ops', true],
    ['kanidm -D idm_admin group create ops', true],
    ['kanidm --name=idm_admin -d -H https://idm.example.com system oauth2 list', true],
    ['command: ["kanidm", "-D", "idm_admin", "group", "add-members", "ops"]', true],
    ['argv: [kanidm, system, oauth2, create, web]', true],
    ['kanidm version', false],
    ['kanidm -D idm_admin login', false],
    ['namespace: kanidm\ngroup: ops', false],
    ['my_kanidm group', false],
  ])('has commands of kanidm: %s', (text, isCommand) => {
    expect(readElsewhere(text)?.startsWith('it sets entries of Kanidm') ?? false).toBe(isCommand);
  });

  test.each([
    ['{"systems":{"oauth2":{"web":{"public": $' + '{PUBLIC}}}}}', true],
    ['"scopeMaps": {', true],
    ['{"systems": {"radius": {}}}', false],
    ['kind: KanidmOAuth2Client\nspec:\n  scopeMap: []', false],
  ])('has a state of kanidm-provision: %s', (text, isState) => {
    expect(readElsewhere(text)?.startsWith('it contains a state of kanidm-provision') ?? false).toBe(isState);
  });

  test('with many options is read in time', () => {
    expect(readElsewhere(`kanidm ${'-a" x" '.repeat(5000)}`)).toBeUndefined();
  });

  test('a file that is understood', () => {
    expect(said(factsOfFile(source, line))).toEqual({ apiServers: [command] });
  });
});

describe('a file that writes the settings of Kanidm', () => {
  const kanidm = 'services.kanidm.serverSettings = {\n  domain = "a.example";\n  origin = "https://a.example";\n};\n';
  const server = { source, domain: 'a.example', origin: 'https://a.example' };
  const own = ['domain and origin of Kanidm', 'runs Kanidm'];

  test('is read for other settings too', () => {
    const k3s = `services.k3s.extraFlags = [ "--kube-apiserver-arg=oidc-client-id=k8s" ];\n`;
    const facts = factsOf(source, kanidm + k3s);
    expect(facts?.servers).toEqual([server]);
    expect(said(facts)).toMatchObject({
      apiServers: [{ args: ['oidc-client-id=k8s'] }],
      passedOver: [own, expect.anything()],
    });
  });

  test('has a rest that is reported', () => {
    expect(said(factsOf(source, `${kanidm}services.kanidm.provision.enable = true;\n`))).toEqual({
      passedOver: [own, ['the rest of the file', 'not understood', expect.stringContaining('does not read Nix')]],
    });
  });
});
