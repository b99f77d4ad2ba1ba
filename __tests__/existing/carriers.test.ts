import { parse, stringify } from 'yaml';
import { factsOf, fromDocument } from '../../lib/existing/read-documents';
import { bent } from './bent';
import { issuer, rows, words } from './carrier-rows';

test.each(rows.map((row) => [row[0], row] as const))('%s', (_, [name, text, says, expected = issuer]) => {
  const servers = factsOf(`${name}.txt`, text)?.apiServers ?? [];
  const telling = servers.filter(({ issuers }) => issuers.length > 0);
  expect(telling.map(({ issuers }) => issuers)).toMatchObject([[expected]]);
  expect(Object.assign({}, ...servers.toReversed())).toMatchObject(says);
  expect(JSON.stringify(factsOf(name, text)?.passedOver)).not.toContain('geheim');
});

test('an expression in a program is a variable', () => {
  const text = `config = {\n  "oidc-issuer-url" = var.issuer\n  "oidc-client-id" = "k8s"\n}\n`;
  const [server] = factsOf('main.tf', text)?.apiServers ?? [];
  expect(server?.issuers).toMatchObject([{ url: `\${var.issuer}`, audiences: ['k8s'] }]);
});

test('a required claim of EKS Anywhere has the fields claim and value; in other carriers these are names of claims', () => {
  const map = (requiredClaims: unknown) => ({ issuerUrl: issuer.url, clientId: 'k8s', requiredClaims });
  const claims = (text: string) =>
    factsOf('x', text)?.apiServers.flatMap(({ args }) => args?.get('oidc-required-claim'));
  const anywhere = { apiVersion: 'anywhere.eks.amazonaws.com/v1alpha1', kind: 'OIDCConfig' };
  const tier = { claim: 'tier', value: 'gold' };
  expect(claims(stringify({ ...anywhere, spec: map([tier]) }))).toEqual(['tier=gold']);
  expect(claims(stringify({ ...anywhere, spec: map([{ ...tier, more: 'x' }]) }))).toEqual([
    'claim=tier,value=gold,more=x',
  ]);
});

test('what is switched off is no setting, and that is said', () => {
  const off = { kube_oidc_auth: false, kube_oidc_url: issuer.url, kube_oidc_client_id: 'k8s' };
  const facts = factsOf('vars.yml', stringify(off));
  expect(facts?.apiServers.flatMap(({ issuers }) => issuers)).toEqual([]);
  expect(facts?.notes).toEqual([
    { source: 'vars.yml', text: 'kube_oidc_auth is not true, so kubespray ignores kube_oidc_url, kube_oidc_client_id' },
  ]);
});

test.each([
  ['a command of kubelogin', `kubectl oidc-login setup --oidc-issuer-url=${issuer.url} --oidc-client-id=k8s`],
  [
    'a command of kubelogin in a program',
    `args: ["oidc-login", "get-token", "--oidc-issuer-url=${issuer.url}", "--oidc-client-id=k8s"]\n)`,
  ],
  ['a comment in a program', `f(\n// "--oidc-issuer-url=${issuer.url}", "--oidc-client-id=k8s",\n"--v=2")`],
  [
    'another program',
    stringify({ apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ command: ['oauth2-proxy', ...words] }] } }),
  ],
  [
    'a compose file of something else',
    stringify({ services: { a: { image: 'nginx', command: ['nginx', '--oidc-issuer-url=x'] } } }),
  ],
  [
    'the API of a cloud about a cluster',
    JSON.stringify({
      cluster: {
        arn: 'a',
        platformVersion: 'eks.5',
        identity: { oidc: { issuer: 'https://oidc.eks.example.org/id/A' } },
      },
    }),
  ],
])('%s is no API server', (_, text) => {
  expect((factsOf('x', text)?.apiServers ?? []).flatMap(({ issuers }) => issuers)).toEqual([]);
});

test.each(
  rows.flatMap(([name, text]) => (text.startsWith('[') && !text.startsWith('[{') ? [] : [[name, text] as const])),
)('%s: nothing in it makes the reader fail', (_, text) => {
  let document: unknown;
  try {
    document = parse(text);
  } catch {
    return;
  }
  // An error that is thrown fails the test.
  for (const one of bent(document)) fromDocument('x', one);
});
