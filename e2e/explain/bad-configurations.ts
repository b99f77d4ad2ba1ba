import { stringify } from 'yaml';

/** An AuthenticationConfiguration with which an API server does not start. */
export interface BadConfiguration {
  readonly name: string;
  readonly text: string;
  /** Matches the explanation. */
  readonly says: RegExp;
}

interface Jwt {
  readonly issuer?: object;
  readonly claimMappings?: object;
  readonly claimValidationRules?: readonly object[];
  readonly userValidationRules?: readonly object[];
}

const issuer = { url: 'https://idm.example.com/oauth2/openid/k8s', audiences: ['k8s'] };
const claimMappings = { username: { claim: 'sub', prefix: '' } };
const text = (...jwt: readonly Jwt[]) =>
  stringify({
    apiVersion: 'apiserver.config.k8s.io/v1beta1',
    kind: 'AuthenticationConfiguration',
    jwt: jwt.map((one) => ({ issuer, claimMappings, ...one })),
  });
const mapped = (change: object) => text({ claimMappings: { ...claimMappings, ...change } });
const rule = (expression: string) => text({ claimValidationRules: [{ expression }] });

/** Contents of the file, each with one mistake. */
export const badConfigurations: readonly BadConfiguration[] = [
  { name: 'nothing', text: '', says: /the file is empty/ },
  {
    name: 'no kind',
    text: 'apiVersion: apiserver.config.k8s.io/v1beta1\n',
    says: /lacks `kind: AuthenticationConfiguration`/,
  },
  {
    name: 'another kind',
    text: 'apiVersion: apiserver.config.k8s.io/v1beta1\nkind: AuthorizationConfiguration\n',
    says: /its kind is not|does not know the kind|breaks a rule|cannot be used/,
  },
  {
    name: 'another version',
    text: 'apiVersion: apiserver.config.k8s.io/v9\nkind: AuthenticationConfiguration\n',
    says: /does not know the kind AuthenticationConfiguration in the version/,
  },
  { name: 'no YAML', text: 'jwt: [\n', says: /not valid YAML/ },
  {
    name: 'a field that does not exist',
    text: text({ issuer: { ...issuer, audience: 'k8s' } }),
    says: /the field `jwt\[0\]\.issuer\.audience` does not exist/,
  },
  {
    name: 'an issuer of http',
    text: text({ issuer: { ...issuer, url: 'http://idm.example.com' } }),
    says: /jwt\[0\]\.issuer\.url.*not https/,
  },
  {
    name: 'an issuer with a query',
    text: text({ issuer: { ...issuer, url: 'https://idm.example.com/?a=b' } }),
    says: /query/,
  },
  {
    name: 'no audience',
    text: text({ issuer: { ...issuer, audiences: [] } }),
    says: /jwt\[0\]\.issuer\.audiences.*Add at least one entry/,
  },
  { name: 'two audiences', text: text({ issuer: { ...issuer, audiences: ['a', 'b'] } }), says: /MatchAny/ },
  {
    name: 'no certificate',
    text: text({ issuer: { ...issuer, certificateAuthority: '/etc/ca.crt' } }),
    says: /not a PEM certificate/,
  },
  { name: 'two entries of one issuer', text: text({}, {}), says: /another entry has the same value/ },
  {
    name: 'the issuer of service accounts',
    text: text({ issuer: { ...issuer, url: 'https://kubernetes.default.svc' } }),
    says: /service accounts/,
  },
  { name: 'a claim without a prefix', text: mapped({ username: { claim: 'sub' } }), says: /prefix: ""/ },
  { name: 'neither claim nor expression', text: mapped({ username: {} }), says: /neither a claim nor an expression/ },
  {
    name: 'claim and expression',
    text: mapped({ username: { claim: 'sub', prefix: '', expression: 'claims.sub' } }),
    says: /exclude each other/,
  },
  {
    name: 'an e-mail that nobody verifies',
    text: mapped({ username: { expression: 'claims.email' } }),
    says: /claims\.email_verified/,
  },
  {
    name: 'a key in capitals',
    text: mapped({ extra: [{ key: 'example.com/Team', valueExpression: 'claims.team' }] }),
    says: /lower case/,
  },
  {
    name: 'a key of Kubernetes',
    text: mapped({ extra: [{ key: 'kubernetes.io/team', valueExpression: 'claims.team' }] }),
    says: /not with kubernetes\.io/,
  },
  {
    name: 'a comprehension over a claim',
    text: mapped({ groups: { expression: "claims.groups.map(g, 'x' + g)" } }),
    says: /dyn\(claims\.groups\)/,
  },
  { name: 'a rule that is no condition', text: rule('claims.?email_verified.orValue(true)'), says: /true or false/ },
  { name: 'a rule that is no expression', text: rule('claims.hd =='), says: /not valid CEL/ },
  {
    name: 'a rule over a name that does not exist',
    text: rule('user.username == "a"'),
    says: /a name that does not exist/,
  },
  {
    name: 'a rule over the user that is empty',
    text: text({ userValidationRules: [{ expression: '' }] }),
    says: /userValidationRules\[0\]\.expression/,
  },
];
