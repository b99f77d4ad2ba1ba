import { kanidmImage, kanidmInValues, kanidmVariables } from '../../lib/existing/kanidm-image';

const source = 'values.yaml';
const repository = 'docker.io/kanidm/server';

describe('the image of Kanidm in values', () => {
  test.each<[string, unknown, object]>([
    ['the image and the tag apart', { image: { repository, tag: '1.11.1' } }, { version: '1.11.1' }],
    ['the tag in the image', { a: [{ image: `${repository}:v1.10.2@sha256:0` }] }, { version: '1.10.2' }],
    ['values as text', { helm: { values: `image:\n  repository: ${repository}\n  tag: "1.9"\n` } }, { version: '1.9' }],
    [
      'variables in a map',
      {
        image: repository,
        env: { KANIDM_DOMAIN: 'idm.example.com', KANIDM_ORIGIN: { value: 'https://idm.example.com' } },
      },
      { domain: 'idm.example.com', origin: 'https://idm.example.com' },
    ],
    [
      'variables in lists',
      {
        image: repository,
        env: [{ name: 'KANIDM_DOMAIN', value: 'idm.example.com' }, 'KANIDM_ORIGIN=https://idm.example.com:8443'],
      },
      { domain: 'idm.example.com', origin: 'https://idm.example.com:8443' },
    ],
    [
      'a server.toml',
      {
        image: repository,
        data: { 'server.toml': 'domain = "idm.example.com"\n[replication]\norigin = "repl://a"\n' },
      },
      { domain: 'idm.example.com' },
    ],
  ])('%s', (_, values, server) => {
    expect(kanidmImage(source, 'x', values)?.servers).toEqual([{ source, ...server }]);
  });

  test('a variable that takes its value from elsewhere does not have the text after the next `>`', () => {
    const env = [{ name: 'KANIDM_DOMAIN', valueFrom: { configMapKeyRef: { name: 'a', key: 'b' } } }];
    const command = ['sh', '-c', 'exec kanidmd server >log.example.com'];
    expect(kanidmImage(source, 'x', { image: `${repository}:1.11.1`, env, command })?.servers).toEqual([
      { source, version: '1.11.1' },
    ]);
  });

  test('a tag without a version, and a variable, say nothing', () => {
    const env = { KANIDM_DOMAIN: `\${DOMAIN:-localhost}`, KANIDM_ORIGIN: 'https://{{ domain }}/' };
    expect(kanidmImage(source, 'x', { image: { repository, tag: 'latest' }, env })).toMatchObject({
      servers: [],
      notes: [
        { text: expect.stringContaining(`the domain \`\${DOMAIN:-localhost}\` contains a variable`) },
        { text: expect.stringContaining('the origin `https://{{ domain }}/` contains a variable') },
      ],
    });
  });

  test.each<[string, unknown]>([
    ['another image', { image: 'docker.io/kanidm/tools:1.11.1' }],
    ['a longer name', { image: 'docker.io/kanidm/server-docs' }],
    ['a name in a list', { packages: [repository] }],
    ['a replaced image', { images: [{ name: repository, newTag: '1.11.1' }] }],
  ])('not %s', (_, values) => {
    expect(kanidmImage(source, 'x', values)).toBeUndefined();
  });
});

describe('a document that runs Kanidm', () => {
  const image = { repository, tag: '1.11.1' };
  const why = 'runs Kanidm';

  test.each<[string, object, string]>([
    ['a file of values', { app: { image } }, 'a map with app (2), Kanidm 1.11.1'],
    ['a compose file', { services: { kanidmd: { image: repository } } }, 'a map with services (1)'],
    [
      'an Application of Argo CD',
      { kind: 'Application', metadata: { name: 'a' }, spec: { source: { helm: { valuesObject: { image } } } } },
      'Application a (3), Kanidm 1.11.1',
    ],
  ])('%s', (_, document, what) => {
    expect(kanidmInValues(source, { ...document })?.passedOver).toEqual([{ source, what, why }]);
  });

  test('what it also contains is not lost', () => {
    const instead = expect.stringContaining('run adopt with this file');
    expect(kanidmInValues(source, { image, args: ['--oidc-issuer-url=x'] })?.passedOver).toEqual([
      { source, what: 'a map with image (2), args (1), Kanidm 1.11.1', why },
      { source, what: 'a map with image (2), args (1)', why: 'not understood', instead },
    ]);
  });

  test('not a Job, which uses the image for something else', () => {
    expect(kanidmInValues(source, { kind: 'Job', spec: { image: repository } })).toBeUndefined();
  });
});

describe('the environment of Kanidm in a text', () => {
  const known = { source, domain: 'example.org', origin: 'https://idm.example.org' };
  const both = (line: (name: string, value: string) => string) =>
    `${line('KANIDM_DOMAIN', 'example.org')}\n${line('KANIDM_ORIGIN', 'https://idm.example.org')}\n`;

  test.each<[string, string, object]>([
    ['a unit', both((name, value) => `Environment="${name}=${value}"`), known],
    [
      'a command',
      both((name, value) => `-e ${name}=${value} kanidm/server:1.11.1 \\`),
      { ...known, version: '1.11.1' },
    ],
    ['XML', both((name, value) => `<Config Target="${name}" Type="Variable">${value}</Config>`), known],
  ])('%s', (_, text, server) => {
    expect(kanidmVariables(source, text)?.servers).toEqual([server]);
  });

  test.each([
    ['README.md', '    docker run -e %s kanidm/server:1.4.0'],
    ['docs/kanidm.RST', '%s'],
    ['.env.example', '%s'],
    ['env-template', '%s'],
    [source, '#%s'],
    [source, '  ; %s'],
    [source, '// %s'],
  ])('is not read in documentation, examples and comments: %s with %s', (name, line) => {
    const text = both((key, value) => line.replace('%s', `${key}=${value}`));
    expect(kanidmVariables(name, text)).toBeUndefined();
  });

  test('is read beside comments and inline code', () => {
    const text = both((name, value) => `# ${name}=old\n${name}=${value} # default`);
    expect(kanidmVariables('example.env', text)?.servers).toEqual([{ ...known, source: 'example.env' }]);
    const code = both((name, value) => `Set \`${name}=${value}\`.`);
    expect(kanidmVariables(source, code)?.servers).toEqual([known]);
  });

  test('is not read if a variable is missing, or there are two', () => {
    expect(kanidmVariables(source, 'KANIDM_DOMAIN=example.org\n')).toBeUndefined();
    expect(kanidmVariables(source, `${both((name, value) => `${name}=${value}`)}KANIDM_DOMAIN=a.b\n`)).toBeUndefined();
    expect(kanidmVariables(source, 'KANIDM_DOMAIN and KANIDM_ORIGIN')).toBeUndefined();
  });
});
