import { isText, type Json, listOf, mapAt, scalarText } from '../guards';
import { type Facts, type KubeloginSettings, type Login, nothing } from './facts';
import { passedOverIn } from './passed-over';

/**
 * Reads how the users of a kubeconfig sign in with OIDC, and the addresses of its clusters. Tokens and private keys are
 * not read.
 */
export function kubeconfigFacts(source: string, document: Json): Facts | undefined {
  const isCurrent = (context: unknown) => mapAt(context).name === document['current-context'];
  if (document.kind !== 'Config' || !Array.isArray(document.users ?? document.clusters)) return undefined;
  // The current context comes first.
  const contexts = listOf(document.contexts)
    .toSorted((a, b) => Number(isCurrent(b)) - Number(isCurrent(a)))
    .map((context) => mapAt(context, 'context'));
  const read = ['kind'];
  const unclear: string[] = [];
  const logins = listOf(document.users).flatMap((entry, i): Login[] => {
    const { name } = mapAt(entry);
    const user = mapAt(entry, 'user');
    const login = loginOf(user);
    if (!login) return [];
    read.push(
      `users.${i}.name`,
      `users.${i}.user.exec.args`,
      `users.${i}.user.exec.env`,
      `users.${i}.user.exec.command`,
      `users.${i}.user.auth-provider.config`,
    );
    const theirs = contexts.filter((one) => one.user === name);
    const [context] = theirs;
    const names = [...new Set(theirs.map((one) => scalarText(one.cluster)))];
    if (names.length > 1)
      unclear.push(
        `user ${scalarText(name)} signs in to several clusters (${names.join(', ')}): if adopt takes the address of the API server from this user, the address is that of ${names[0]}. If this is not the cluster of the config, correct \`server\` and the CA of the API server`,
      );
    const at = listOf(document.clusters).findIndex((one) => !context || mapAt(one).name === context.cluster);
    const cluster = mapAt(listOf(document.clusters)[at], 'cluster');
    const { server, 'certificate-authority-data': data } = cluster;
    const ca = isText(data) ? Buffer.from(data, 'base64').toString('utf8') : '';
    const isCa = ca.includes('-----BEGIN');
    if (isText(data) && !isCa) unclear.push(noCertificate(scalarText(cluster.server), data));
    const lost = connection.filter((field) => cluster[field] !== undefined);
    read.push(...['server', 'certificate-authority-data', ...lost].map((field) => `clusters.${at}.cluster.${field}`));
    return [
      {
        source,
        ...(isText(name) ? { user: name } : {}),
        ...login,
        ...(lost.length > 0 ? { others: [...(login.others ?? []), ...lost] } : {}),
        ...(isText(server) ? { server } : {}),
        ...(isCa ? { ca } : {}),
      },
    ];
  });
  return {
    ...nothing,
    logins,
    passedOver: passedOverIn(source, document, read),
    notes: [
      ...new Set(unclear),
      ...logins
        .filter(({ client }) => client === undefined)
        .map(({ user }) => `user ${user} signs in without a client id`),
    ].map((text) => ({ source, text })),
  };
}

const noCertificate = (server: string, data: string): string => {
  const fix = /^(DATA\+OMITTED|REDACTED)$/.test(data)
    ? ', because `kubectl config view` leaves it out: run adopt with the output of `kubectl config view --raw`'
    : ': run adopt with a copy of the file that contains the certificate';
  return `the certificate-authority-data of ${server} is not a certificate${fix}`;
};

type Named = Pick<Login, 'issuer' | 'client' | 'kubelogin' | 'others'>;

function loginOf(user: Json): Named | undefined {
  const provider = mapAt(user, 'auth-provider', 'config');
  if (isText(provider['idp-issuer-url'])) {
    const { 'idp-issuer-url': issuer, 'client-id': client, ...others } = provider;
    return { issuer, ...(isText(client) ? { client } : {}), others: Object.keys(others) };
  }
  const exec = mapAt(user, 'exec');
  const words = [scalarText(exec.command), ...listOf(exec.args).map(scalarText)];
  const options = new Map<string, string>();
  const others: string[] = [];
  let values = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const next = words[i + 1];
    const [, name, equals, value = ''] = /^--([a-z0-9-]+)(=?)(.*)$/s.exec(word) ?? [];
    if (name === undefined) {
      if (/^-[a-z]/.test(word)) others.push(word.slice(0, 2));
      else if (i === 0 && !known.test(word)) others.push(word);
      else if (!known.test(word)) values++;
    } else if (fields.includes(name)) options.set(name, equals ? value : (words[++i] ?? ''));
    else {
      others.push(`--${name}`);
      // Skips the value of the option, because the value can be secret.
      if (!equals && next !== undefined && !next.startsWith('-') && !known.test(next)) i++;
    }
  }
  if (listOf(exec.env).length > 0) others.push('env');
  if (values > 0) others.push(`${values} more word${values === 1 ? '' : 's'}`);
  const issuer = options.get('oidc-issuer-url');
  const client = options.get('oidc-client-id');
  if (issuer === undefined) return undefined;
  const grant = options.get('grant-type') ?? 'auto';
  const signIn = signIns.get(grant);
  if (!signIn && grant !== 'auto' && grant !== 'authcode') others.push('--grant-type');
  const cache = (['keyring', 'none'] as const).find((one) => one === options.get('token-cache-storage'));
  const kubelogin: KubeloginSettings = {
    ...(/(^|\/)kubelogin$/.test(words[0] ?? '') ? { plugin: 'kubelogin' } : {}),
    ...(signIn ? { signIn } : {}),
    ...(cache ? { tokenCache: cache } : {}),
  };
  const isKubectl = /(^|\/)kubectl$/.test(words[0] ?? '');
  const missing = [...(isKubectl ? ['oidc-login'] : []), 'get-token'].filter((word) => !words.includes(word));
  return {
    issuer,
    ...(client === undefined ? {} : { client }),
    kubelogin,
    others: [...others, ...missing.map((word) => `${word} (missing)`)],
  };
}

/** Settings of the connection to the API server that a config has no fields for. */
const connection = ['tls-server-name', 'proxy-url', 'insecure-skip-tls-verify', 'certificate-authority'];

/** The options of kubelogin that become fields of a config. */
const fields = ['oidc-issuer-url', 'oidc-client-id', 'grant-type', 'token-cache-storage'];
const known = /^((.*\/)?(kubectl(-oidc_login)?|kubelogin)|oidc-login|get-token)$/;
const signIns = new Map<string, NonNullable<KubeloginSettings['signIn']>>([
  ['authcode-keyboard', 'keyboard'],
  ['device-code', 'device-code'],
]);
