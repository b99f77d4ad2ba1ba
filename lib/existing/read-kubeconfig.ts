import { isText, type Json, listOf, mapAt, scalarText } from '../guards';
import { leftOver } from './document-paths';
import { type Facts, type KubeloginSettings, type Login, nothing } from './facts';

/**
 * Reads how the users of a kubeconfig sign in with OIDC, and the addresses of its clusters. Tokens and private keys are
 * not read.
 */
export function kubeconfigFacts(source: string, document: Json): Facts | undefined {
  if (document.kind !== 'Config' || !Array.isArray(document.users ?? document.clusters)) return undefined;
  const contexts = listOf(document.contexts).map((context) => mapAt(context, 'context'));
  const read = ['kind'];
  const logins = listOf(document.users).flatMap((entry, i): Login[] => {
    const { name } = mapAt(entry);
    const user = mapAt(entry, 'user');
    const login = loginOf(user);
    if (!login) return [];
    read.push(
      `users.${i}.name`,
      `users.${i}.user.exec.args`,
      `users.${i}.user.exec.command`,
      `users.${i}.user.auth-provider.config`,
    );
    const context = contexts.find((one) => one.user === name);
    const at = listOf(document.clusters).findIndex((one) => !context || mapAt(one).name === context.cluster);
    const { server, 'certificate-authority-data': ca } = mapAt(listOf(document.clusters)[at], 'cluster');
    read.push(`clusters.${at}.cluster.server`, `clusters.${at}.cluster.certificate-authority-data`);
    return [
      {
        source,
        ...(isText(name) ? { user: name } : {}),
        ...login,
        ...(isText(server) ? { server } : {}),
        ...(isText(ca) ? { ca: Buffer.from(ca, 'base64').toString('utf8') } : {}),
      },
    ];
  });
  const rest = leftOver(document, read).filter((what) => !read.includes(what));
  return {
    ...nothing,
    logins,
    passedOver: rest.map((what) => ({ source, what, why: 'not about sign-in' })),
    notes: logins
      .filter(({ client }) => client === undefined)
      .map(({ user }) => ({ source, text: `user ${user} signs in without a client id` })),
  };
}

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
  for (let i = 0; i < words.length; i++) {
    const [, name, equals, value = ''] = /^--([a-z0-9-]+)(=?)(.*)$/s.exec(words[i] ?? '') ?? [];
    if (name === undefined) {
      if (!known.test(words[i] ?? '')) others.push(words[i] ?? '');
    } else if (!fields.includes(name)) others.push(`--${name}`);
    else options.set(name, equals ? value : (words[++i] ?? ''));
  }
  const issuer = options.get('oidc-issuer-url');
  const client = options.get('oidc-client-id');
  if (issuer === undefined) return undefined;
  const signIn = signIns.get(options.get('grant-type') ?? '');
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

/** The options of kubelogin that become fields of a config. */
const fields = ['oidc-issuer-url', 'oidc-client-id', 'grant-type', 'token-cache-storage'];
const known = /^((.*\/)?(kubectl(-oidc_login)?|kubelogin)|oidc-login|get-token)$/;
const signIns = new Map<string, NonNullable<KubeloginSettings['signIn']>>([
  ['authcode-keyboard', 'keyboard'],
  ['device-code', 'device-code'],
]);
