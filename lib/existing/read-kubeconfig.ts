import { isText, type Json, listOf, mapAt, scalarText } from '../guards';
import { type Facts, type Login, nothing } from './facts';
import { leftOver } from './places';

/**
 * Reads how the users of a kubeconfig sign in with OIDC, and the addresses of its clusters. Tokens and private keys are
 * not read.
 */
export function kubeconfigFacts(source: string, document: Json): Facts | undefined {
  if (document.kind !== 'Config' || !Array.isArray(document.users ?? document.clusters)) return undefined;
  const contexts = listOf(document.contexts).map((context) => mapAt(context, 'context'));
  const read = ['kind'];
  const unread: string[] = [];
  const logins = listOf(document.users).flatMap((entry, i): Login[] => {
    const { name } = mapAt(entry);
    const user = mapAt(entry, 'user');
    const login = loginOf(user);
    if (!login) return [];
    read.push(`users.${i}.name`, `users.${i}.user.exec.args`, `users.${i}.user.auth-provider.config`);
    unread.push(...othersIn(user).map((one) => `user ${scalarText(name)}: ${one}`));
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
    passedOver: [...rest, ...unread].map((what) => ({ source, what, why: 'not about sign-in' })),
    notes: logins
      .filter(({ client }) => client === undefined)
      .map(({ user }) => ({ source, text: `user ${user} signs in without a client id` })),
  };
}

const argsOf = (user: Json) => listOf(mapAt(user, 'exec').args).map(scalarText);

/** Returns the arguments of a login other than issuer and client, without their values. */
function othersIn(user: Json): string[] {
  const isRead = /^--oidc-(issuer-url|client-id)(=|$)/;
  const args = argsOf(user);
  return args
    .filter((arg, i) => !isRead.test(arg) && !(i > 0 && /^--oidc-(issuer-url|client-id)$/.test(args[i - 1] ?? '')))
    .map((arg) => (arg.startsWith('-') ? arg.replace(/=.*$/s, '') : arg));
}

function loginOf(user: Json): Pick<Login, 'issuer' | 'client'> | undefined {
  const args = argsOf(user);
  const value = (name: string) => {
    const joined = args.find((arg) => arg.startsWith(`--${name}=`));
    const at = args.indexOf(`--${name}`);
    return joined?.slice(name.length + 3) ?? (at < 0 ? undefined : args[at + 1]);
  };
  const provider = mapAt(user, 'auth-provider', 'config');
  const issuer = value('oidc-issuer-url') ?? provider['idp-issuer-url'];
  const client = value('oidc-client-id') ?? provider['client-id'];
  return isText(issuer) ? { issuer, ...(isText(client) ? { client } : {}) } : undefined;
}
