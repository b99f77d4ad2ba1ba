import { stringify } from 'yaml';
import { type Adopted, adopt } from '../../lib/adopt/adopt-config';
import { adoptReport } from '../../lib/adopt/adopt-report';
import { adoptedText } from '../../lib/adopt/config-yaml';
import { type Facts, together } from '../../lib/existing/facts';
import { factsOfFile } from '../../lib/existing/read-file';

/** Files by name. A value that is not a text is written as YAML. */
export type Files = Readonly<Record<string, unknown>>;

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : stringify(value));

/**
 * Returns what the command reads from files. A file that it does not understand is among the parts that were passed
 * over.
 */
export const factsIn = (files: Files): Facts =>
  together(Object.entries(files).map(([source, value]) => factsOfFile(source, textOf(value))));

export const adoptFiles = (files: Files): Adopted => adopt(factsIn(files), 'a');

/** Returns the config and the report that is printed with it, without the totals. */
export const allSaid = (files: Files): string => saidOf(factsIn(files));

function saidOf(facts: Facts): string {
  const adopted = adopt(facts, 'a');
  return adoptedText(adopted.config) + adoptReport(adopted, 'a').replace(/^Of \d+ things.*$/m, '');
}

/**
 * Lines whose removal rightly changes nothing. Examples are `present`, which is true by default, and the kind of a k0s
 * configuration, which k0s fills in. Another one is an empty list of subjects: a binding without the list also binds
 * nobody.
 */
const saysNothing = /^---$|^\s*(#|$)|"present": true|^subjects: \[\]$|^spec: \{\}$|^kind: ClusterConfig$/;

/** Returns the lines whose removal changes neither the config nor the report. */
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

/** Returns arguments in the form of K3s. */
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

/** Returns an entry of an AuthenticationConfiguration for a client of Kanidm. */
export const jwt = (claimMappings: object, client = 'k8s', more: object = {}) => ({
  issuer: { url: `https://idm.example.org/oauth2/openid/${client}`, audiences: [client] },
  claimMappings,
  ...more,
});

const apiGroup = 'rbac.authorization.k8s.io';

/** Returns a binding of users (`User NAME`), groups and service accounts. */
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

/** Returns several documents as one file. */
export const all = (...documents: readonly object[]): string => documents.map((one) => stringify(one)).join('---\n');

export function grantsIn({ config }: Adopted): unknown {
  const { clusters } = JSON.parse(JSON.stringify(config)) as { clusters: { a: { grants?: unknown } } };
  return clusters.a.grants ?? [];
}

/** Returns the item with this name, which contains what adopt did with it. */
export const treatmentOf = ({ items }: Adopted, what: string) => items.find((item) => item.what === what);
