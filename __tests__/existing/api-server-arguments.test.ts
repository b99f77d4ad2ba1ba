import {
  areArguments,
  argumentsIn,
  argumentsOfContainer,
  type ParsedWords,
  parseWords,
  unwrapped,
} from '../../lib/existing/api-server-arguments';
import { inWords } from './carrier-reading';

/**
 * Returns first the arguments, then each of the other words in brackets, and then each fault after an exclamation mark.
 */
const said = (words: ParsedWords | undefined) =>
  words && [
    ...inWords(words.args),
    ...words.others.map((one) => `[${one}]`),
    ...(words.faults ?? []).map((one) => `! ${one}`),
  ];

const afterCommas = (name: string) =>
  `! --${name} has other arguments after commas or spaces, and kube-apiserver takes all of it as one value: write each argument by itself`;
const colon = (name: string) =>
  `! YAML reads the argument \`${name}\` as a map, because its value ends in a colon: put the argument in quotes`;
const quotes = (name: string) =>
  `! the quotes around the value of --${name} are part of the value for kube-apiserver, unless a shell removes them: the config has the value without quotes`;

test.each<[string, readonly string[], readonly string[]]>([
  ['no words', [], []],
  ['a value with several lines', ['--a=b\nc'], ['a=b\nc']],
  ['a name that begins with a digit', ['--1a=b', '--A=b'], ['[--A]', '[1 more word]']],
  ['a flag with two dashes after a flag', ['--a', '--b', 'c'], ['a=true', 'b=c']],
  ['a value that begins with a dash', ['--a', '-b', '--c', '-'], ['a=true', 'c=-', '[-b]']],
  ['an option with one dash', ['-v', '-v=2'], ['[-v]', '[-v]']],
  ['an assignment', ['TOKEN=x', 'a.b=c'], ['[TOKEN]', '[1 more word]']],
  ['an assignment of nothing', ['TOKEN=', 'token='], ['[TOKEN]', '[token]']],
  ['Base64 with its padding', ['c2VjcmV0dA==', 'c2VjcmV0cw='], ['[2 more words]']],
  [
    'an option with its value close by',
    ['-ps3cr3t', '-p', '-oidc-scopes=x'],
    ['[-p]', '[-oidc-scopes]', '[1 more word]'],
  ],
  ['a path that ends like the program', ['/bin/my-kube-apiserver', '--a=b'], ['a=b', '[1 more word]']],
  ['the program in the middle of a word', ['x/kube-apiserver/y', '--a=b'], ['a=b', '[1 more word]']],
  ['options before the program', ['--a=b', '-x', 'kube-apiserver', '--c=d'], ['c=d', '[--a]', '[-x]']],
  ['K3s with a value apart', ['kube-apiserver-arg', 'a=b', '--kube-apiserver-arg+', '--c=d'], ['a=b', 'c=d']],
  [
    'K3s with options of its own',
    ['--a=b', '--kube-apiserver-arg=c=d', '--e', 'f'],
    ['c=d', '[--a]', '[--e]', '[1 more word]'],
  ],
  ['K3s without a value', ['--kube-apiserver-arg'], []],
  ['K3s with an argument that has no value', ['--kube-apiserver-arg=a'], ['a=']],
  ['K3s, a similar option', ['--kube-apiserver-args=a=b'], ['kube-apiserver-args=a=b']],
  ['minikube, another component', ['--extra-config=kubelet.a=b'], ['extra-config=kubelet.a=b']],
  ['minikube, both', ['--extra-config=apiserver.a=b', '--extra-config=kubelet.c=d'], ['a=b', '[--extra-config]']],
  ['k3d, the nodes', ['--k3s-arg', '--kube-apiserver-arg=a=1@agent:0,1'], ['a=1', '[--k3s-arg]']],
  ['k3d, all nodes', ['--k3s-server-arg', '--kube-apiserver-arg=a=1@all'], ['a=1', '[--k3s-server-arg]']],
  ['k3d, no nodes', ['--k3s-arg', '--kube-apiserver-arg=a=1@server:x'], ['a=1@server:x', '[--k3s-arg]']],
  ['k3d, another option', ['--k3s-args', '--kube-apiserver-arg=a=1@server'], ['a=1@server', '[--k3s-args]']],
  ['quotes inside', ['--a="b" c"', '--b=\'c"', '--c=x"y"'], ['a=b" c', 'b=\'c"', 'c=x"y"']],
  [
    'arguments after commas',
    ['--kube-apiserver-arg=oidc-issuer-url=a, oidc-client-id=b,--oidc-groups-claim=c'],
    ['oidc-issuer-url=a', 'oidc-client-id=b', 'oidc-groups-claim=c', afterCommas('oidc-issuer-url')],
  ],
  [
    'the same fault twice',
    ['--a=b,authentication-config=c', '--a=d,authentication-config=e'],
    ['a=b|d', 'authentication-config=c|e', afterCommas('a')],
  ],
  ['a list of values', ['--oidc-signing-algs=ES256,RS256', '--a=b,c=d'], ['oidc-signing-algs=ES256,RS256', 'a=b,c=d']],
  [
    'arguments after spaces',
    ['--oidc-issuer-url=a oidc-client-id=b', '--oidc-username-prefix=my org: '],
    ['oidc-issuer-url=a', 'oidc-client-id=b', 'oidc-username-prefix=my org: ', afterCommas('oidc-issuer-url')],
  ],
  [
    'K3s, added to a default',
    ['--kube-apiserver-arg=a+=b', '--kube-apiserver-arg', 'c-=d', '--kube-apiserver-arg=e=f+=g'],
    ['a=b', 'c=d', 'e=f+=g'],
  ],
  [
    'K3s, a value before those that were given',
    [
      '--kube-apiserver-arg=a=b',
      '--kube-apiserver-arg=a-=c',
      '--kube-apiserver-arg=a+=d',
      '--kube-apiserver-arg=a+-=e',
    ],
    ['a=e|c|b|d'],
  ],
  [
    'K3s, an argument in quotes',
    ['--kube-apiserver-arg="a=b:"', '--kube-apiserver-arg', "'c=d'", '--kube-apiserver-arg="e+=f"'],
    ['a=b:', 'c=d', 'e=f'],
  ],
  ['K3s, what is no argument', ['--kube-apiserver-arg=a=b', '--kube-apiserver-arg=$ARG'], ['a=b', '[1 more word]']],
  [
    'names with underscores',
    ['--oidc_username_prefix=a_b', '--kube-apiserver', '--oidc_groups-claim', 'c_d'],
    ['oidc-username-prefix=a_b', 'kube-apiserver=true', 'oidc-groups-claim=c_d'],
  ],
  ['K3s, a name with underscores', ['--kube-apiserver-arg=oidc_client_id+=a_b'], ['oidc-client-id=a_b']],
  [
    'arguments with underscores after commas',
    ['--oidc_issuer_url=a,oidc_client_id=b,c_d=e'],
    ['oidc-issuer-url=a', 'oidc-client-id=b,c_d=e', afterCommas('oidc-issuer-url')],
  ],
  ['one other word', ['--a=b', 'x'], ['a=b', '[1 more word]']],
])('words: %s', (_, words, expected) => {
  expect(said(parseWords(words))).toEqual(expected);
});

test('words about an argument are no value of it', () => {
  const read = (text: string) => [...parseWords(text.split(' ')).args];
  expect(read('passes --authentication-config (injected by x) and no --oidc- argument')).toEqual([]);
  expect(read('--authentication-config and --v=2')).toEqual([['v', ['2']]]);
  expect(read('--authentication-config /etc/a --authentication-config b.yaml')).toEqual([
    ['authentication-config', ['/etc/a', 'b.yaml']],
  ]);
  expect(read('--authentication-config=a')).toEqual([['authentication-config', ['a']]]);
});

test('a result without a fault has no list of faults', () => {
  expect(parseWords(['--a=b'])).toEqual({ args: new Map([['a', ['b']]]), others: [] });
});

test('options of k3d and minikube are brought into one form', () => {
  expect(unwrapped(['--k3s-arg=a=b\nc', '--k3s-server-arg=d', 'x--k3s-arg=e', '--k3s-agent-arg=f'])).toEqual([
    ...['--k3s-arg', 'a=b\nc', '--k3s-server-arg', 'd'],
    ...['x--k3s-arg=e', '--k3s-agent-arg=f'],
  ]);
  expect(unwrapped(['--extra-config', 'apiserver.a=b', '--extra-config', 'kubelet.c=d', 'apiserver.e=f'])).toEqual([
    ...['--extra-config=apiserver.a=b', '--extra-config', 'kubelet.c=d', 'apiserver.e=f'],
  ]);
});

test.each<[string, unknown]>([
  ['text', `--a=b {{ args }} \${ARGS:=c=d} $ARGS`],
  ['a list', ['a=b', '{{args}}', `\${ARGS:=c=d}`, '$ARGS']],
  ['text for K3s', `--kube-apiserver-arg=a=b {{ args }} \${ARGS:=c=d} $ARGS`],
])('variables in place of arguments, as %s', (_, value) => {
  const notes = ['{{args}}', `\${ARGS:=c=d}`, '$ARGS'].map(
    (name) =>
      `! ${name} is a variable whose value may contain arguments: run adopt with a copy of the file that has the value in place of the variable`,
  );
  expect(said(argumentsIn(value))).toEqual(['a=b', '[3 more words]', ...notes]);
});

test('variables inside arguments are part of them', () => {
  expect(said(argumentsIn([`a=\${B}`, 'c={{ d }}', 'e$F']))).toEqual([`a=\${B}`, 'c={{ d }}', '[1 more word]']);
});

describe('a container', () => {
  test.each<[string, unknown, readonly string[] | undefined]>([
    ['that is no map', 'kube-apiserver --a=b', undefined],
    ['of another program', { command: ['nginx', '--a=b'] }, undefined],
    ['that runs kube-apiserver', { command: ['/bin/kube-apiserver'], args: ['--a=b', '--c', 7] }, ['a=b', 'c=7']],
    ['with its command as text', { entrypoint: 'kube-apiserver --a="b c"', args: '--d=e' }, ['a=b c', 'd=e']],
    ['of K3s', { image: 'a', command: ['server', '--kube-apiserver-arg=a=b'] }, ['a=b', '[1 more word]']],
    ['of a similar program', { command: ['my-kube-apiserver', '--a=b'] }, undefined],
    ['in a patch', { args: ['--oidc-client-id=a'] }, ['oidc-client-id=a']],
    ['in a patch, with its name', { name: 'kube-apiserver', args: ['--oidc-client-id=a'] }, ['oidc-client-id=a']],
    ['in a patch of a proxy', { name: 'kube-oidc-proxy', args: ['--oidc-client-id=a'] }, undefined],
    ['in a patch, with other words', { args: ['x', '--oidc-client-id=a'] }, undefined],
    ['in a patch, about nothing', { args: ['--a=b'] }, undefined],
    ['with an image, and arguments alone', { image: 'a', args: ['--oidc-client-id=a'] }, undefined],
    ['without words', {}, undefined],
    [
      'with arguments that YAML reads as maps',
      { command: ['kube-apiserver', { '--oidc-groups-prefix=g': null }, { a: null }, { 'b=c': 1 }] },
      ['oidc-groups-prefix=g:', '[2 more words]', colon('--oidc-groups-prefix')],
    ],
  ])('%s', (_, container, expected) => {
    expect(said(argumentsOfContainer(container))).toEqual(expected);
  });
});

describe('a value with arguments', () => {
  test.each<[string, unknown, readonly string[] | undefined]>([
    ['a number', 7, undefined],
    ['nothing', undefined, undefined],
    ['text', 'a=b --c=d "e=f g"', ['a=b', 'c=d', 'e=f g']],
    ['a list without dashes', ['a=b', '--c', 'd', 'e'], ['a=b', 'c=d', '[1 more word]']],
    ['a list for K3s', ['kube-apiserver-arg=a=b', 'c=d'], ['a=b', '[c]']],
    ['a list with maps of YAML', ['a=b', { 'c=d': null }], ['a=b', 'c=d:', colon('c')]],
    [
      'a map that removes arguments',
      { 'oidc-groups-claim': null, 'oidc-x': 'y', e: null },
      [
        'oidc-x=y',
        'e=true',
        '! --oidc-groups-claim has no value. In a merge patch, this removes the argument from the patched document',
      ],
    ],
    ['a map', { a: 'b', '--c': 1, d: true, e: null, f: ['g', null] }, ['a=b', 'c=1', 'd=true', 'e=true', 'f=g|true']],
    ['a map with a map', { a: { b: 'c', d: 1 }, e: { claim: 'f', value: 'g' } }, ['a=b=c,d=1', 'e=f=g']],
    [
      'a map with half a claim',
      { a: { claim: 'b' }, c: { value: 'd' }, e: { claim: 'f', value: 'g', h: 'i' } },
      ['a=claim=b', 'c=value=d', 'e=claim=f,value=g,h=i'],
    ],
    [
      'a patch of Talos',
      { $patch: 'replace', a: { $patch: 'delete' }, b: 'c' },
      [
        'b=c',
        '! `$patch: replace` changes the other arguments of the patched document, and adopt does not apply it',
        '! `$patch: delete` changes --a of the patched document, and adopt does not apply it',
      ],
    ],
    ['text in place of a list, with underscores', 'oidc_client_id=a b', ['oidc-client-id=a b']],
    ['a map with underscores', { oidc_groups_prefix: 'a_b', 'oidc-x': 'y' }, ['oidc-groups-prefix=a_b', 'oidc-x=y']],
    [
      'a list with quotes that no shell removes',
      ['kube-apiserver-arg="oidc-client-id=a"', 'kube-apiserver-arg=oidc_x="b"', 'kube-apiserver-arg="v=2"'],
      ['oidc-client-id=a', 'oidc-x=b', 'v=2', quotes('kube-apiserver-arg'), quotes('oidc_x')],
    ],
    ['pairs of kubeadm', [{ name: 'a', value: 'b' }, { name: 'a', value: 'c' }, { name: 'd' }], ['a=b|c', 'd=true']],
    [
      'pairs of minikube',
      [
        { Component: 'apiserver', Key: 'a', Value: 'b' },
        { Component: 'kubelet', Key: 'c', Value: 'd' },
        { Key: 'e', Value: 'f' },
      ],
      ['a=b', 'e=f'],
    ],
    ['pairs among other values', ['x', 7, { name: 'a', value: 'b' }], ['a=b']],
    [
      'k3d',
      [{ arg: '--kube-apiserver-arg=a=b', nodeFilters: ['server:*'] }, { arg: '--disable=traefik' }],
      ['a=b', '[--disable]'],
    ],
    ['an empty list', [], []],
  ])('%s', (_, value, expected) => {
    expect(said(argumentsIn(value))).toEqual(expected);
  });
});

test.each<[unknown, boolean]>([
  [{ 'oidc-client-id': 'a' }, true],
  [{ '--authentication-config': 'a' }, true],
  [{ 'oidc-issuer-url': 'a' }, false],
  [{ 'x-oidc-client-id': 'a', 'oidc-client-id-x': 'a', '-oidc-client-id': 'a' }, false],
  ['oidc-client-id=a', false],
  [['oidc-client-id=a'], true],
  [['--oidc-client-id=a=b\nc'], true],
  [['--authentication-config', 'a'], true],
  [['--oidc-issuer-url=a'], false],
  [['kube-apiserver-arg=a=b'], true],
  [['--extra-config=apiserver.a=b'], true],
  [['get-token', '--oidc-client-id=a'], false],
  [['oidc-login', '--oidc-client-id=a'], false],
  [['oidc_login', '--oidc-client-id=a'], false],
  [['kubectl-oidc_login', '--oidc-client-id=a'], false],
  [['kubelogin', '--oidc-client-id=a'], false],
  [['my-kubelogin', '--oidc-client-id=a'], true],
  [['get-token-x', '--oidc-client-id=a'], true],
  [[{ name: 'oidc-client-id', value: 'a' }], true],
  [[{ name: 'oidc-client-id' }], false],
  [[{ name: 'a', value: 'b' }], false],
  [[{ name: 7, value: 'b' }], false],
  [
    [
      { name: 'a', value: 'b' },
      { name: 'authentication-config', value: 'a' },
    ],
    true,
  ],
  [[], false],
])('%j are arguments of kube-apiserver: %s', (value, expected) => {
  expect(areArguments(value)).toBe(expected);
});
