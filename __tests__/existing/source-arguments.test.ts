import { sourceArguments, variablesBeside, withoutBlocks, withoutComments } from '../../lib/existing/source-arguments';

const variable = (name: string) => `\${${name}}`;
const unknown = variable('…');

test.each<[string, string, string]>([
  ['a line', 'a\n# b\nc', 'a\n\nc'],
  ['an indented line', 'a\n  // b\nc', 'a\n  \nc'],
  ['after a comma and brackets', 'f(a, // b\n[ # c\n{ // d\n( # e', 'f(a, \n[ \n{ \n( '],
  ['after a value', `"a" // b\n'c' # d\n\`e\` # f\ng] // h\ni} # j\nk) // l`, `"a" \n'c' \n\`e\` \ng] \ni} \nk) `],
  ['not after a word', 'a # b\nhttps://c', 'a # b\nhttps://c'],
  ['not close to a value', '"a"# b', '"a"# b'],
  ['in a block', 'a /* b\nc */ d /*e*/', 'a  d '],
  ['not inside a word', 'a/* b */', 'a/* b */'],
  ['of Helm', 'a {{- /* b\nc */ -}} d {{/* e */}}', 'a  d '],
  ['of Jinja', 'a {# b\nc #} d', 'a  d'],
])('comments: %s', (_, text, expected) => {
  expect(withoutComments(text)).toBe(expected);
});

test('the length of a variable in a shell is no comment of Jinja', () => {
  const text = `a ${variable('#b')} c #}`;
  expect(withoutBlocks(text)).toBe(text);
});

test.each<[string, string, readonly string[]]>([
  [
    'elements',
    `["--oidc-client-id=a", 'oidc-groups-claim=b', \`--v=c\`]`,
    ['--oidc-client-id=a', '--oidc-groups-claim=b'],
  ],
  ['an element for K3s', '["kube-apiserver-arg=oidc-client-id=a"]', ['--kube-apiserver-arg=oidc-client-id=a']],
  [
    'an element for K3s with dashes',
    '["--kube-apiserver-arg=oidc-client-id=a"]',
    ['--kube-apiserver-arg=oidc-client-id=a'],
  ],
  [
    'items of a list in YAML',
    'kube-apiserver-arg:\n  - oidc-issuer-url=https://a/b\n  - "oidc-client-id={{ a }}"\n  - oidc-signing-algs+=ES256\n  - v=2\n',
    ['--oidc-issuer-url=https://a/b', '--oidc-client-id={{ a }}', '--oidc-signing-algs=ES256'],
  ],
  ['an item with other words', '- oidc-client-id=a and more', [`--oidc-client-id=${unknown}`]],
  ['a pair that is no item', '-oidc-client-id=a', []],
  ['arguments of a function', 'f("authentication-config=/a", x)', ['--authentication-config=/a']],
  [
    'a list of Nix for K3s',
    `kube-apiserver-arg = [\n  "oidc-client-id=a"\n  "v=1"\n  "authentication-config=${variable('b c "d"')}"\n];`,
    ['--oidc-client-id=a', `--authentication-config=${variable('b c "d"')}`],
  ],
  [
    'a list of Nix after definitions',
    'kube-apiserver-arg = let a = [ 1 ]; in [ "oidc-client-id=a" "oidc-groups-claim=b" ];',
    ['--oidc-client-id=a', '--oidc-groups-claim=b'],
  ],
  ['another list of Nix', 'kubelet-arg = [ "x=a" "oidc-client-id=a" ];', []],
  ['a list with commas, once', 'kube-apiserver-arg = ["oidc-client-id=a", "v=b"]', ['--oidc-client-id=a']],
  ['similar options', '["--my-oidc-client-id=a", "--authentication-config-x=b", "oidc-client-id"]', []],
  ['a text outside of a list', 'x = "--oidc-client-id=a"', []],
  ['a text with another quote', `["--oidc-client-id='a'"]`, []],
  [
    'an operator',
    '["--oidc-client-id=" + a, "--oidc-groups-claim=b".c, "--oidc-groups-prefix=%d" % e]',
    [`--oidc-client-id=${unknown}`, `--oidc-groups-claim=b${unknown}`, `--oidc-groups-prefix=%d${unknown}`],
  ],
  [
    'placeholders',
    '[f"--oidc-client-id={a}", $"--oidc-groups-claim={b}", "--oidc-groups-prefix=%s:%v"]',
    [
      `--oidc-client-id=${variable('a')}`,
      `--oidc-groups-claim=${variable('b')}`,
      `--oidc-groups-prefix=${unknown}:${unknown}`,
    ],
  ],
  [
    'placeholders that are written in full',
    `[\`--oidc-client-id=${variable('a')}\`, "--oidc-groups-claim=#{b}", f"--oidc-groups-prefix=${variable('c')}"]`,
    [
      `--oidc-client-id=${variable('a')}`,
      `--oidc-groups-claim=${variable('b')}`,
      `--oidc-groups-prefix=${variable('c')}`,
    ],
  ],
  [
    'braces in a plain text',
    '["--oidc-client-id={a}", r"--oidc-groups-claim={b}"]',
    ['--oidc-client-id={a}', '--oidc-groups-claim={b}'],
  ],
  [
    'values apart',
    `["--oidc-client-id", "a", "--oidc-groups-claim", b.c, '--oidc-ca-file', d()]`,
    ['--oidc-client-id=a', `--oidc-groups-claim=${variable('b.c')}`, `--oidc-ca-file=${unknown}`],
  ],
  ['values apart, a placeholder', '["--oidc-client-id", f"{a}"]', [`--oidc-client-id=${variable('a')}`]],
  ['a flag without a value', '["--oidc-client-id", "--v=2"]', []],
  ['a flag of another program', '["--oidc-client-secret", "a", "--oidc-scopes", b]', []],
  [
    'pairs',
    `"oidc-client-id" = "a"\n'oidc-groups-claim': "b",\noidc-groups-prefix => 'c'\n{ oidc-ca-file = "d" }`,
    ['--oidc-client-id=a', '--oidc-groups-claim=b', '--oidc-groups-prefix=c', '--oidc-ca-file=d'],
  ],
  [
    'pairs with placeholders',
    'oidc-client-id = f"{a}"\noidc-groups-claim = "%s"',
    [`--oidc-client-id=${variable('a')}`, `--oidc-groups-claim=${unknown}`],
  ],
  [
    'pairs with expressions',
    '"oidc-client-id" = var.a\n"oidc-groups-claim": b,\noidc-groups-prefix = c ? d : e\noidc-ca-file = f;',
    [
      `--oidc-client-id=${variable('var.a')}`,
      `--oidc-groups-claim=${variable('b')}`,
      `--oidc-groups-prefix=${unknown}`,
      `--oidc-ca-file=${variable('f')}`,
    ],
  ],
  [
    'pairs of YAML',
    'oidc-client-id: a-b\noidc-groups-claim: var.c\noidc-groups-prefix: "d" + e\noidc-ca-file:  /f/g ',
    [
      '--oidc-client-id=a-b',
      `--oidc-groups-claim=${variable('var.c')}`,
      `--oidc-groups-prefix=${unknown}`,
      '--oidc-ca-file=/f/g',
    ],
  ],
  [
    'comparisons and paths',
    'oidc-client-id == "a"\noidc-groups-claim::b\noidc-ca-file => c',
    [`--oidc-ca-file=${variable('c')}`],
  ],
  ['pairs of another program', 'oidc-client-secret = "a"\nauthentication-config = "b"', ['--authentication-config=b']],
  ['a name in a longer word', 'my-oidc-client-id = "a"\nx.oidc-groups-claim = "b"', []],
  ['kubelogin', '["kubelogin", "--oidc-client-id=a"]', []],
  ['kubelogin by kubectl', '["oidc-login", "--oidc-client-id=a"]', []],
  ['kubelogin as a file', '["oidc_login", "--oidc-client-id=a"]', []],
])('%s', (_, code, expected) => {
  expect(sourceArguments(code)).toEqual(expected);
});

test('items of a list that are only a variable can be arguments too, if others are arguments', () => {
  expect(variablesBeside(`- oidc-client-id=a\n- {{ b }}\n  - "${variable('c')}"\n- d {{ e }}\n`)).toEqual([
    '{{ b }}',
    variable('c'),
  ]);
  expect(variablesBeside('- {{ b }}\n')).toEqual([]);
});
