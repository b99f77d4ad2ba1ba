import { isMap, isText, type Json, listOf, mapAt } from '../guards';
import { type Facts, type Login, nothing } from './facts';

/** How the users of a kubeconfig sign in with OIDC, and where its clusters are. Tokens and keys in it are not looked at. */
export function kubeconfigFacts(source: string, document: Json): Facts | undefined {
  if (document.kind !== 'Config' || !Array.isArray(document.users ?? document.clusters)) return undefined;
  const contexts = listOf(document.contexts).map((context) => mapAt(context, 'context'));
  const logins = listOf(document.users).flatMap((user): Login[] => {
    const { name } = mapAt(user);
    const login = loginOf(mapAt(user, 'user'));
    if (!login) return [];
    const cluster =
      contexts.find((context) => context.user === name)?.cluster ?? mapAt(listOf(document.clusters)[0]).name;
    return [{ source, ...(isText(name) ? { user: name } : {}), ...login, ...clusterOf(document, cluster) }];
  });
  const others = listOf(document.users).filter((user) => !loginOf(mapAt(user, 'user')));
  return {
    ...nothing,
    logins,
    passedOver: others.map((user) => ({
      source,
      what: `user ${String(mapAt(user).name)}`,
      why: 'not about sign-in',
    })),
  };
}

function loginOf(user: Json): Pick<Login, 'issuer' | 'client'> | undefined {
  const args = listOf(mapAt(user, 'exec').args).map(String);
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

function clusterOf(document: Json, name: unknown): Pick<Login, 'server' | 'ca'> {
  const entry = listOf(document.clusters).find((one) => mapAt(one).name === name);
  const { server, 'certificate-authority-data': ca } = mapAt(entry, 'cluster');
  return {
    ...(isText(server) ? { server } : {}),
    ...(isText(ca) ? { ca: Buffer.from(ca, 'base64').toString('utf8') } : {}),
  };
}

/** A HelmRelease of Kanidm, with the address of the HelmRepository that stands in the same file. */
export function releaseFacts(source: string, document: Json, siblings: readonly unknown[]): Facts | undefined {
  if (document.kind !== 'HelmRelease' || !String(document.apiVersion).startsWith('helm.toolkit.fluxcd.io/'))
    return undefined;
  const spec = mapAt(document, 'spec');
  const { chart, version, sourceRef } = mapAt(spec, 'chart', 'spec');
  const values = mapAt(spec, 'values');
  if (!/kanidm/i.test(String(chart))) return undefined;
  const { domain, ...rest } = values;
  const repository = siblings.find(
    (one) => isMap(one) && one.kind === 'HelmRepository' && mapAt(one, 'metadata').name === mapAt(sourceRef).name,
  );
  const { namespace } = mapAt(document, 'metadata');
  return {
    ...nothing,
    releases: [
      {
        source,
        ...(isText(namespace) ? { namespace } : {}),
        ...(isText(domain) ? { domain } : {}),
        helm: {
          repository: mapAt(repository, 'spec').url ?? null,
          chart,
          version: version === undefined ? null : String(version),
          ...(Object.keys(rest).length > 0 ? { values: rest } : {}),
        },
      },
    ],
  };
}
