import { stringify } from 'yaml';
import { type Adopted, adopt } from '../../lib/adopt/adopt-config';
import { adoptReport } from '../../lib/adopt/adopt-report';
import { adoptedText } from '../../lib/adopt/config-yaml';
import { type Facts, together } from '../../lib/existing/facts';
import { factsOfFile } from '../../lib/existing/read-documents';

/** Files by their names. A value that is no text is written as YAML. */
export type Files = Readonly<Record<string, unknown>>;

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : stringify(value));

/** What the command reads of some files, one that it doesn't understand among what was passed over. */
export const factsIn = (files: Files): Facts =>
  together(Object.entries(files).map(([source, value]) => factsOfFile(source, textOf(value))));

export const adoptFiles = (files: Files): Adopted => adopt(factsIn(files), 'a');

/** The config and all that is said beside it, without the totals. */
export const allSaid = (files: Files): string => saidOf(factsIn(files));

function saidOf(facts: Facts): string {
  const adopted = adopt(facts, 'a');
  return adoptedText(adopted.config) + adoptReport(adopted, 'a').replace(/^Of \d+ things.*$/m, '');
}

/** Without these, the same holds: `present` is true, k0s fills in the kind, and a binding of an empty list binds nobody too. */
const saysNothing = /^---$|^\s*(#|$)|"present": true|^subjects: \[\]$|^spec: \{\}$|^kind: ClusterConfig$/;

/** Lines that can be taken out and nothing shows it: neither the config nor what is said beside it. */
export function silentLines(files: Files, isMeant: (line: number) => boolean): string[] {
  const texts = Object.entries(files).map(([name, value]) => [name, textOf(value)] as const);
  const read = texts.map(([name, text]) => factsOfFile(name, text));
  const before = saidOf(together(read));
  return texts.flatMap(([name, whole], file) => {
    const lines = whole.split('\n');
    return lines.flatMap((line, i) => {
      if (!isMeant(i) || saysNothing.test(line)) return [];
      const text = lines.filter((_line, at) => at !== i).join('\n');
      const facts = together(read.with(file, factsOfFile(name, text)));
      return saidOf(facts) === before ? [`${name}: ${line}`] : [];
    });
  });
}

export const issuerUrl = 'https://idm.example.org/oauth2/openid/k8s';

/** Arguments as K3s takes them. */
export const k3s = (more: Readonly<Record<string, string>> = {}) => ({
  'flannel-backend': 'none',
  'kube-apiserver-arg': Object.entries({
    'oidc-issuer-url': issuerUrl,
    'oidc-client-id': 'k8s',
    'oidc-signing-algs': 'ES256',
    ...more,
  }).map(([name, value]) => `${name}=${value}`),
});

export const structured = (...jwt: readonly object[]) => ({
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'AuthenticationConfiguration',
  jwt,
});

/** An entry of an AuthenticationConfiguration for a client of Kanidm. */
export const jwt = (claimMappings: object, client = 'k8s', more: object = {}) => ({
  issuer: { url: `https://idm.example.org/oauth2/openid/${client}`, audiences: [client] },
  claimMappings,
  ...more,
});

const apiGroup = 'rbac.authorization.k8s.io';

/** A binding of users (`User NAME`), groups and service accounts. */
export const binding = (name: string, role: string, ...subjects: readonly string[]) => ({
  apiVersion: `${apiGroup}/v1`,
  kind: name.includes('/') ? 'RoleBinding' : 'ClusterRoleBinding',
  metadata: name.includes('/') ? { namespace: name.split('/')[0], name: name.split('/')[1] } : { name },
  roleRef: { apiGroup, kind: 'ClusterRole', name: role },
  subjects: subjects.map((subject) => {
    const [, kind = '', named = ''] = /^(\w+) (.*)$/s.exec(subject) ?? [];
    return kind === 'ServiceAccount' ? { kind, name: named, namespace: 'default' } : { apiGroup, kind, name: named };
  }),
});

/** Several documents of one file. */
export const all = (...documents: readonly object[]): string => documents.map((one) => stringify(one)).join('---\n');

/** Grants of the adopted cluster. */
export function grantsIn({ config }: Adopted): unknown {
  const { clusters } = JSON.parse(JSON.stringify(config)) as { clusters: { a: { grants?: unknown } } };
  return clusters.a.grants ?? [];
}

/** What became of an item, found by its name. */
export const fateOf = ({ items }: Adopted, what: string) => items.find((item) => item.what === what);
