import { parse, stringify } from 'yaml';
import { authenticationConfigFile } from '../../lib/node-files/api-server-settings';
import { clusterSettings } from '../../lib/node-files/control-plane-files';
import { issuersOf, mergeAuthenticationConfig } from '../../lib/node-files/merged-authentication-config';
import { clusterOf, filesOf, pem } from './cluster';

const renderedWith = (authentication: object = {}, kubernetes = '1.34') => {
  const { config, cluster } = clusterOf({
    kubernetes,
    authentication: { method: 'structured', groups: {}, ...authentication },
  });
  return authenticationConfigFile(clusterSettings(config, cluster))?.text ?? '';
};
const rendered = renderedWith();
const [own] = parse(rendered).jwt;
const url = 'https://sso.kammel.dev/oauth2/openid/k8s';

const head = 'apiVersion: apiserver.config.k8s.io/v1beta1\nkind: AuthenticationConfiguration\n';
const ci = `  # deploys from the forge
  - issuer:
      url: https://git.example.net/api/actions # by the CI team
      audiences: [forge]
    claimMappings:
      username: {claim: sub, prefix: "forge:"}
`;
const fileOf = (...entries: object[]) => `${head}${stringify({ jwt: entries })}`;
const entry = (change: object) => ({
  issuer: { url: 'https://ci.example.com', audiences: ['ci'] },
  claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
  ...change,
});

test('the entries of others stay as they are written, after the rendered ones', () => {
  const { text, kept, notes } = mergeAuthenticationConfig(`${head}jwt:\n${ci}`, rendered);
  expect(text).toContain(ci);
  expect(parse(text)).toEqual({ ...parse(rendered), jwt: [own, parse(`jwt:\n${ci}`).jwt[0]] });
  expect(kept).toEqual(['https://git.example.net/api/actions']);
  expect(notes).toEqual([]);
});

test('JSON becomes YAML, because kube-apiserver reads a file that begins with a brace as JSON', () => {
  const other = parse(`${head}jwt:\n${ci}`);
  const { text } = mergeAuthenticationConfig(JSON.stringify(other, null, 2), rendered);
  expect(text).toMatch(/^"?apiVersion/);
  expect(parse(text)).toEqual({ ...parse(rendered), jwt: [own, other.jwt[0]] });
});

test('merging again changes nothing', () => {
  const once = mergeAuthenticationConfig(`${head}jwt:\n${ci}`, rendered).text;
  expect(mergeAuthenticationConfig(once, rendered)).toEqual({
    text: once,
    kept: ['https://git.example.net/api/actions'],
    notes: [],
  });
});

test.each(['', 'jwt:\n', 'jwt: []\n'])('a file without issuers becomes the rendered one: %j', (jwt) => {
  expect(parse(mergeAuthenticationConfig(head + jwt, rendered).text)).toEqual(parse(rendered));
});

test.each([
  ['jwt: # none so far\n', ['# none so far']],
  ['jwt:\n  # - issuer:\n  #     url: https://old.example\n', ['# - issuer:\n', '#     url: https://old.example\n']],
  ['jwt:\n# - issuer:\n#     url: https://old.example\nanonymous: {}\n', ['# - issuer:\n', '#     url: https://old']],
])('comments in an empty list of issuers stay: %j', (jwt, comments) => {
  const { text } = mergeAuthenticationConfig(head + jwt, rendered);
  for (const comment of comments) expect(text).toContain(comment);
});

describe('a KubeAuthenticationConfig', () => {
  const talos = 'apiVersion: v1alpha1\nkind: KubeAuthenticationConfig\nconfiguration:';

  test('keeps its comments, and gets the kind and the version of the AuthenticationConfiguration', () => {
    const jwt = `  # from CI\n  jwt:\n${ci.replaceAll(/^/gm, '  ').trimEnd()}\n`;
    const { text, kept } = mergeAuthenticationConfig(`# ours\n${talos}\n${jwt}    # end\n`, rendered);
    for (const part of [`# ours\n${talos}\n`, '  # from CI\n', ci.split('\n')[0], '# by the CI team\n', '    # end\n'])
      expect(text).toContain(part);
    const { configuration, ...document } = parse(text);
    expect(document).toEqual({ apiVersion: 'v1alpha1', kind: 'KubeAuthenticationConfig' });
    expect(configuration).toEqual({ ...parse(rendered), jwt: [own, parse(`jwt:\n${ci}`).jwt[0]] });
    expect(kept).toEqual(['https://git.example.net/api/actions']);
    expect(mergeAuthenticationConfig(text, rendered).text).toBe(text);
  });

  test('without a configuration gets one', () => {
    const { text } = mergeAuthenticationConfig(`${talos} # nothing yet\n`, rendered);
    expect(parse(text).configuration).toEqual(parse(rendered));
    expect(text).toContain('# nothing yet');
  });

  test('with something else than a map is refused', () => {
    expect(() => mergeAuthenticationConfig(`${talos} []\n`, rendered)).toThrow('must be a map');
  });
});

test('what Kaniflux rendered before is replaced, and the names that it made are no reason to keep it', () => {
  const before = renderedWith({ claim: 'email', groups: { prefix: 'oidc:' } });
  const { text, kept, notes } = mergeAuthenticationConfig(before, rendered);
  expect(parse(text)).toEqual(parse(rendered));
  expect(kept).toEqual([]);
  expect(notes).toEqual([`replaced: jwt[0] for the issuer ${url}`]);
});

test.each<[string, object]>([
  ['the audience web', { issuer: { url, audiences: ['k8s', 'web'], audienceMatchPolicy: 'MatchAny' } }],
  ['issuer.discoveryURL', { issuer: { url, audiences: ['k8s'], discoveryURL: 'https://keys.example.com' } }],
  ['issuer.certificateAuthority', { issuer: { url, audiences: ['k8s'], certificateAuthority: pem } }],
  ['claimMappings.uid', { issuer: { url, audiences: ['k8s'] }, claimMappings: { uid: { claim: 'sub' } } }],
  ['claimValidationRules', { issuer: { url, audiences: ['k8s'] }, claimValidationRules: [{ expression: 'claims.x' }] }],
  ['userValidationRules', { issuer: { url, audiences: ['k8s'] }, userValidationRules: [{ expression: 'user.x' }] }],
])('an entry for an issuer of ours is not replaced where that would lose %s', (what, change) => {
  expect(() => mergeAuthenticationConfig(fileOf(entry({}), entry(change)), rendered)).toThrow(
    `jwt[1], an entry for the issuer ${url}, has settings that the rendered entry lacks: ${what};`,
  );
});

test('an entry that has the CA and the rules of the rendered one is replaced', () => {
  const withCa = renderedWith({ ca: { file: 'ca.crt' }, requiredClaims: { azp: 'k8s' } });
  expect(mergeAuthenticationConfig(withCa, withCa).notes).toEqual([]);
  expect(() => mergeAuthenticationConfig(withCa, rendered)).toThrow(
    'issuer.certificateAuthority, claimValidationRules',
  );
});

test.each([
  ['spaces and quotes', 'claims.azp == "k8s"', "claims.azp=='k8s'", true],
  ['a space inside a string', "claims.azp == 'k8s'", "claims.azp == 'k 8s'", false],
  ['a quote inside a string', `claims.azp == "k'8s"`, `claims.azp == 'k"8s'`, false],
  ['the last digit of a number', 'claims.id == 9007199254740993', 'claims.id == 9007199254740992', false],
  [
    'the value of a message',
    'claims.a == google.protobuf.StringValue{value: "a"}',
    'claims.a == google.protobuf.StringValue{value: "b"}',
    false,
  ],
  ['a character that is not CEL', 'claims.a # b', 'claims.a # b', true],
  ['an expression that cannot be parsed', 'claims.azp ==', 'claims.azp ==', true],
  ['spaces in text that is not CEL', 'claims.a # b', 'claims.a  # b', false],
])('rules that differ only in %s', (_what, theirs, ours, isSame) => {
  const file = (expression: string) => fileOf(entry({ claimValidationRules: [{ expression, message: expression }] }));
  const merge = () => mergeAuthenticationConfig(file(theirs), file(ours));
  if (isSame) expect(parse(merge().text).jwt).toHaveLength(1);
  else expect(merge).toThrow('has settings that the rendered entry lacks: claimValidationRules;');
});

test('an issuer with a slash at the end is another', () => {
  const { kept } = mergeAuthenticationConfig(
    fileOf(entry({ issuer: { url: `${url}/`, audiences: ['k8s'] } })),
    rendered,
  );
  expect(kept).toEqual([`${url}/`]);
});

describe('anonymous requests', () => {
  const shut = `${fileOf()}anonymous: { enabled: false }\n`;

  test('stay as they are where the config says nothing', () => {
    expect(parse(mergeAuthenticationConfig(shut, rendered).text).anonymous).toEqual({ enabled: false });
  });

  test('are as the config says, and the change is named', () => {
    const open = renderedWith({ anonymous: { enabled: true, paths: ['/livez', '/readyz', '/healthz'] } });
    const { text, notes } = mergeAuthenticationConfig(shut, open);
    expect(parse(text).anonymous).toEqual(parse(open).anonymous);
    expect(notes).toEqual(['replaced: `anonymous`']);
  });
});

describe('names of another issuer', () => {
  const notesFor = (claimMappings: object, authentication: object = { prefix: 'kanidm:' }) =>
    mergeAuthenticationConfig(fileOf(entry({ claimMappings })), renderedWith(authentication)).notes;

  test.each<[object, RegExp]>([
    [
      { username: { claim: 'sub', prefix: '' } },
      /^the user names of .* have no prefix, and those of Kanidm begin with `kanidm:`/,
    ],
    [{ username: { claim: 'sub', prefix: 'kanidm:' } }, /^the user names of .* begin with `kanidm:`, and/],
    [{ username: { claim: 'sub', prefix: 'kanidm:a' } }, /user names/],
    [{ username: { expression: '"kanidm:" + claims.sub' } }, /user names/],
    [
      { username: { expression: 'claims.sub' } },
      /^unknown: whether the issuer https:\/\/ci\.example\.com .* can issue user names/,
    ],
    [{ username: { expression: '"ci:" + claims.a == "ci:b" ? "x" : "kanidm:y"' } }, /^unknown: whether/],
    [{ username: { claim: 'sub', prefix: 'ci:' }, groups: { claim: 'groups', prefix: 'kan' } }, /group names/],
  ])('%j can be those of Kanidm', (mappings, note) => {
    expect(notesFor(mappings)).toEqual([expect.stringMatching(note)]);
  });

  test.each<object>([
    { username: { claim: 'sub', prefix: 'kanidm:x' } },
    { username: { claim: 'sub', prefix: 'ci:' } },
    { username: { claim: 'sub', prefix: 'ci:' }, groups: { claim: 'groups', prefix: 'ci:' } },
    { username: { expression: '"ci:" + claims.sub' } },
    { username: { expression: "'ci:' + claims.sub" } },
  ])('%j can not', (mappings) => {
    expect(notesFor(mappings)).toEqual([]);
  });
});

test.each([
  ['', 'kind AuthenticationConfiguration'],
  ['kind: AuthenticationConfiguration\n', 'API version'],
  [head.replace('v1beta1', 'v2'), 'v2'],
  [`${head}---\n${head}`, 'one document'],
  [`${head}jwt: {}\n`, 'not a list'],
  [`${head}jwt: [{}]\n`, 'jwt[0] of the AuthenticationConfiguration has no `issuer.url`'],
  [`${head}jwt: [\n`, 'not YAML'],
  ['kind: ClusterConfiguration\n', 'kind AuthenticationConfiguration'],
  [
    `${head}jwt:\n  - issuer: { url: "${url}", audiences: &a [k8s] }\n  - issuer: { url: "https://b.example.com", audiences: *a }\n`,
    'replace each YAML alias',
  ],
])('%j is refused', (text, message) => {
  expect(() => mergeAuthenticationConfig(text, rendered)).toThrow(expect.objectContaining({ name: 'MergeError' }));
  expect(() => mergeAuthenticationConfig(text, rendered)).toThrow(message);
});

test('more issuers than an API server accepts are refused', () => {
  const many = (count: number) =>
    fileOf(
      ...Array.from({ length: count }, (_, i) =>
        entry({ issuer: { url: `https://${i}.example.com`, audiences: ['a'] } }),
      ),
    );
  expect(() => mergeAuthenticationConfig(many(64), rendered)).toThrow('more than 64');
  expect(mergeAuthenticationConfig(many(63), rendered).kept).toHaveLength(63);
});

test.each(['kubeadm', 'k3s', 'rke2', 'k0s', 'talos', 'cluster-api', 'flags'])(
  'the README of %s says how to keep others',
  (controlPlane) => {
    const said = 'no longer trusts an issuer that is not in it';
    const version = controlPlane === 'talos' ? { controlPlaneVersion: '1.14' } : {};
    const readme = (method: string) =>
      filesOf({ controlPlane, kubernetes: '1.34', ...version, authentication: { method } })['README.md'];
    expect(readme('structured')).toContain(said);
    expect(readme('flags')).not.toContain(said);
  },
);

test.each(['k3s', 'rke2', 'k0s', 'talos', 'cluster-api', 'flags'])(
  'the README of %s has the command that keeps them',
  (controlPlane) => {
    const version = controlPlane === 'talos' ? { controlPlaneVersion: '1.14' } : {};
    const authentication = { method: 'structured' };
    const readme = filesOf({ controlPlane, kubernetes: '1.34', ...version, authentication })['README.md'];
    expect(readme).toContain('npx kaniflux merge-authentication-config homelab < current.yaml');
  },
);

test('what a rendered entry has too is not lost: fields, and rules with another message', () => {
  const [own] = parse(rendered).jwt;
  const same = {
    ...own,
    claimMappings: { ...own.claimMappings, uid: { claim: 'sub' } },
    userValidationRules: own.userValidationRules.map((rule: object) => ({ ...rule, message: 'reserved' })),
  };
  const more = { ...own, claimMappings: same.claimMappings };
  const file = (jwt: object) => stringify({ ...parse(rendered), jwt: [jwt] });
  expect(mergeAuthenticationConfig(file(same), file(more)).kept).toEqual([]);
  expect(() => mergeAuthenticationConfig(file(same), rendered)).toThrow('lacks: claimMappings.uid');
});

test('a lost part of each kind is named, with what to do', () => {
  const more = {
    ...own,
    added: 1,
    issuer: { ...own.issuer, audiences: ['a', 'k8s', 'b'], egressSelectorType: 'cluster', certificateAuthority: pem },
    claimMappings: { ...own.claimMappings, uid: { claim: 'jti' }, extra: [] },
    claimValidationRules: [{ claim: 'hd', requiredValue: 'x' }],
    userValidationRules: [...own.userValidationRules, { expression: 'user.x' }],
  };
  expect(() => mergeAuthenticationConfig(fileOf(more), rendered)).toThrow(
    `jwt[0], an entry for the issuer ${url}, has settings that the rendered entry lacks: added, issuer.egressSelectorType, the audience a, the audience b, issuer.certificateAuthority, claimMappings.uid, claimMappings.extra, claimValidationRules, userValidationRules; write these settings into the config if it has fields for them, or remove jwt[0] from your copy of the file`,
  );
});

describe('a rule of a replaced entry', () => {
  const rules = (field: string, ...list: object[]) => fileOf({ ...own, [field]: list });
  const claim = { claim: 'hd', requiredValue: 'x' };

  test.each<[string, object, object, boolean]>([
    ['spaces', { expression: "claims.a == 'b'" }, { expression: "claims.a=='b'" }, true],
    [
      'quotes',
      { expression: "claims.a == 'b' || claims.c == 'd'" },
      { expression: 'claims.a == "b" || claims.c == "d"' },
      true,
    ],
    ['its message', { expression: 'claims.a', message: 'x' }, { expression: 'claims.a', message: 'y' }, true],
    ['its expression', { expression: 'claims.a' }, { expression: 'claims.b' }, false],
    ['its value', claim, { ...claim, requiredValue: 'y' }, false],
    ['its claim', claim, { ...claim, claim: 'azp' }, false],
    ['nothing', claim, claim, true],
  ])('may differ from the rendered one in %s', (_, before, after, isKept) => {
    for (const field of ['claimValidationRules', 'userValidationRules']) {
      const merge = () =>
        mergeAuthenticationConfig(rules(field, before), rules(field, { expression: 'x' }, after)).kept;
      if (isKept) expect(merge()).toEqual([]);
      else expect(merge).toThrow(`lacks: ${field};`);
    }
  });
});

describe('what is at the top', () => {
  test('is that of the rendered file: the API version without a note, other fields with one', () => {
    const before = `${fileOf(entry({}))}anonymous: { enabled: false }\nmine: 1\n`;
    const { text, notes } = mergeAuthenticationConfig(before, `${rendered}anonymous: { enabled: true }\n`);
    expect(parse(text)).toEqual({ ...parse(rendered), jwt: [own, entry({})], anonymous: { enabled: true }, mine: 1 });
    expect(notes).toEqual(['replaced: `anonymous`']);
  });

  test('that is equal, or new, needs no note', () => {
    const ours = `${rendered}anonymous: { enabled: true, conditions: [{ path: /livez }] }\n`;
    for (const before of [ours, fileOf()]) {
      const { text, notes } = mergeAuthenticationConfig(before, ours);
      expect(parse(text)).toEqual(parse(ours));
      expect(notes).toEqual([]);
    }
  });
});

test('a comment above the first entry stays above it, if the entry stays', () => {
  const jwt = (first: object, second: object) =>
    `${head}jwt:\n  # about this one\n${stringify([first, second]).replace(/^(?=.)/gm, '  ')}`;
  const { text } = mergeAuthenticationConfig(jwt(entry({}), own), rendered);
  expect(text).toMatch(/\n {2}# about this one\n {2}- issuer:\n {6}url: https:\/\/ci\.example\.com\n/);
  expect(text.match(/about this one/g)).toHaveLength(1);
  const replaced = mergeAuthenticationConfig(jwt(own, entry({})), rendered).text;
  expect(replaced).toMatch(/^jwt:\n {2}# about this one\n {2}- issuer:\n {6}url: https:\/\/sso\.kammel\.dev/m);
});

describe('a note about names', () => {
  const notesFor = (claimMappings: object, authentication: object) =>
    mergeAuthenticationConfig(fileOf(entry({ claimMappings })), renderedWith(authentication)).notes;
  const at = 'the issuer https://ci.example.com (jwt[0])';

  test.each<[string, object, object, string[]]>([
    [
      'users',
      { username: { claim: 'sub', prefix: 'k' } },
      { prefix: 'kanidm:' },
      [
        `the user names of ${at} begin with \`k\`, and those of Kanidm begin with \`kanidm:\`: a token of https://ci.example.com can contain the name of a user of Kanidm`,
      ],
    ],
    [
      'groups',
      { username: { claim: 'sub', prefix: 'ci:' }, groups: { claim: 'groups', prefix: 'kanidm:x' } },
      { prefix: 'kanidm:' },
      [
        `the group names of ${at} begin with \`kanidm:x\`, and those of Kanidm begin with \`kanidm:\`: a token of https://ci.example.com can contain the name of a group of Kanidm`,
      ],
    ],
    [
      'both, of which nothing is known',
      { username: { expression: 'claims.a' }, groups: { expression: 'claims.b' } },
      { prefix: 'kanidm:' },
      ['user', 'group'].map((what) => `unknown: whether ${at} can issue ${what} names that Kanidm has too`),
    ],
    [
      'a rendered expression, of which nothing is known',
      { username: { claim: 'sub', prefix: 'ci:' } },
      {
        username: { expression: 'claims.email' },
        claimValidationRules: [{ expression: 'claims.email_verified == true' }],
      },
      [`unknown: whether ${at} can issue user names that Kanidm has too`],
    ],
    ['groups that Kanidm does not issue', { groups: { claim: 'groups', prefix: 'kanidm:' } }, { groups: null }, []],
    // A mail address and a UUID contain no colon, so no name of Kanidm begins with `gh:`.
    [
      'a prefix, while Kanidm has mail addresses',
      { username: { claim: 'sub', prefix: 'gh:' } },
      { claim: 'email' },
      [],
    ],
    [
      'a prefix, while Kanidm has UUIDs',
      { username: { claim: 'sub', prefix: 'gh:' } },
      { claim: 'sub', prefix: '' },
      [],
    ],
    [
      'a prefix with which a mail address can begin',
      { username: { claim: 'sub', prefix: 'gh-' } },
      { claim: 'email' },
      [
        `the user names of ${at} begin with \`gh-\`, and those of Kanidm have no prefix: a token of https://ci.example.com can contain the name of a user of Kanidm`,
      ],
    ],
    [
      'a prefix with which no UUID begins',
      { username: { claim: 'sub', prefix: 'gh-' } },
      { claim: 'sub', prefix: '' },
      [],
    ],
    [
      'mail addresses, as Kanidm',
      { username: { claim: 'email', prefix: '' } },
      { claim: 'email' },
      [
        `the user names of ${at} have no prefix, and those of Kanidm have no prefix: a token of https://ci.example.com can contain the name of a user of Kanidm`,
      ],
    ],
    [
      'groups without a prefix',
      { username: { claim: 'sub', prefix: 'ci:' }, groups: { claim: 'groups', prefix: 'gh-' } },
      { prefix: 'kanidm:', groups: { prefix: '' } },
      [
        `the group names of ${at} begin with \`gh-\`, and those of Kanidm have no prefix: a token of https://ci.example.com can contain the name of a group of Kanidm`,
      ],
    ],
    [
      'groups that no group of Kanidm can be called',
      { username: { claim: 'sub', prefix: 'ci:' }, groups: { claim: 'groups', prefix: 'gh:' } },
      { prefix: 'kanidm:', groups: { prefix: '' } },
      [],
    ],
    ['groups without a mapping', { groups: {} }, { prefix: 'kanidm:' }, []],
  ])('%s', (_, mappings, authentication, notes) => expect(notesFor(mappings, authentication)).toEqual(notes));

  test('about claims that a claim map fills, and issuers other than Kanidm', () => {
    const groups = { username: { claim: 'sub', prefix: 'ci:' }, groups: { claim: 'groups', prefix: 'gh:' } };
    const ours = renderedWith({ prefix: 'kanidm:', groups: { prefix: '' } });
    const notes = (mapped: ReadonlySet<string> | undefined) =>
      mergeAuthenticationConfig(fileOf(entry({ claimMappings: groups })), ours, () => mapped).notes;
    expect(notes(new Set())).toEqual([]);
    expect(notes(new Set(['groups']))).toEqual([expect.stringContaining('and those of Kanidm have no prefix')]);
    expect(notes(undefined)).toEqual([
      expect.stringContaining('and those of the issuer https://sso.kammel.dev/oauth2/openid/k8s have no prefix'),
    ]);
  });

  test.each([
    [`  "ci:"  + claims.sub`, []],
    [`'ci:' + claims.sub`, []],
    [`'kanidm:' + claims.sub`, ['known']],
    [`x + "ci:" + claims.sub`, ['unknown']],
    [`"ci:"`, ['unknown']],
    [`"c\\"i:" + claims.sub`, ['unknown']],
    [`'c\\'i:' + claims.sub`, ['unknown']],
    [`"ci:" + (claims.a ? "b" : "c")`, ['unknown']],
    [`'ci:' + claims[?"sub"]`, ['unknown']],
  ])('the prefix of %s', (expression, kinds) => {
    const notes = notesFor({ username: { expression } }, { prefix: 'kanidm:' });
    expect(notes.map((note) => (note.startsWith('unknown: ') ? 'unknown' : 'known'))).toEqual(kinds);
  });
});

test.each([
  ['v1', true],
  ['v1beta1', true],
  ['v1alpha1', true],
  ['v1alpha2', false],
  ['v1beta', false],
  ['v10', false],
  ['v1beta10', false],
])('apiserver.config.k8s.io/%s is supported: %s', (version, isSupported) => {
  const text = head.replace('v1beta1', version);
  const merge = () => parse(mergeAuthenticationConfig(text, rendered).text);
  if (isSupported) expect(merge()).toEqual(parse(rendered));
  else
    expect(merge).toThrow(`the API version \`apiserver.config.k8s.io/${version}\` of the AuthenticationConfiguration`);
});

test.each([
  [`${head}jwt: [\n`, /^the AuthenticationConfiguration is not YAML: [^\n]+$/],
  [`${head}---\n${head}`, /^expected a file with one document of kind AuthenticationConfiguration$/],
  ['- kind: AuthenticationConfiguration\n', /^expected a file with one document/],
  [head.replace('apiserver', 'x.apiserver'), /^the API version `x\.apiserver\.config\.k8s\.io\/v1beta1` of the/],
  [`${head}jwt: 5\n`, /^`jwt` of the AuthenticationConfiguration is not a list$/],
  [`${head}jwt: [5]\n`, /^jwt\[0\] of the AuthenticationConfiguration has no `issuer\.url`$/],
  [`${head}jwt: [{ issuer: { url: 5 } }]\n`, /^jwt\[0\] of the AuthenticationConfiguration has no `issuer\.url`$/],
])('the error for %j', (text, message) => {
  expect(() => mergeAuthenticationConfig(text, rendered)).toThrow(message);
});

test('a comment after the end of the document does no harm', () => {
  expect(parse(mergeAuthenticationConfig(`${head}...\n# the end\n`, rendered).text)).toEqual(parse(rendered));
});

test('the issuers of a file', () => {
  expect(issuersOf(fileOf(entry({}), own))).toEqual(['https://ci.example.com', url]);
  expect(issuersOf(head)).toEqual([]);
});
