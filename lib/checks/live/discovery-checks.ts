import type { Answer } from '../../existing/https';
import { kanidmVersion } from '../../existing/kanidm-rest';
import { isMap, mapAt } from '../../guards';
import { scopesFor } from '../../identity/scopes';
import { type CheckResult, failed, judged, type LiveCheck, passed, skipped } from './live-check';
import type { LiveCode } from './live-codes';
import type { LiveSystem, Trusted } from './live-system';
import { type Observation, reasonOf } from './observation';

/** The fields of a discovery document that sign-in depends on. */
interface Discovery {
  readonly issuer?: unknown;
  readonly jwks_uri?: unknown;
  readonly scopes_supported?: unknown;
  readonly id_token_signing_alg_values_supported?: unknown;
  readonly code_challenge_methods_supported?: unknown;
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const clientOf = ({ authenticator }: Trusted) => `client ${authenticator.audience}`;

/** Returns the discovery document of a client, if Kanidm serves one. */
async function discovery(system: LiveSystem, client: Trusted): Promise<Observation<Discovery>> {
  const answer = await system.discovery(client);
  const document = answer.value?.status === 200 ? parsed(answer.value) : undefined;
  return document ? { value: document } : { reason: 'there is no discovery document' };
}

function parsed({ text }: Answer): Discovery | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Returns a check that judges the discovery document of each client. */
function ofDocument(
  code: LiveCode,
  judge: (client: Trusted, document: Discovery, system: LiveSystem) => CheckResult | Promise<CheckResult>,
): LiveCheck {
  return {
    code,
    parts: ['kanidm'],
    run: async (system) => {
      const results: CheckResult[] = [];
      for (const client of system.clients) {
        const document = await discovery(system, client);
        if (document.value) results.push(await judge(client, document.value, system));
        else results.push(skipped(clientOf(client), reasonOf(document)));
      }
      return results;
    },
  };
}

const served: LiveCheck = {
  code: 'no-discovery-document',
  parts: ['kanidm'],
  run: async (system) => {
    const results: CheckResult[] = [];
    for (const client of system.clients) {
      results.push(
        ...(await judged(`the discovery document of ${clientOf(client)}`, system.discovery(client), (answer) =>
          document(system, client, answer),
        )),
      );
    }
    return results;
  },
};

function document(system: LiveSystem, client: Trusted, answer: Answer): CheckResult {
  const what = `the discovery document of ${clientOf(client)}`;
  const { path } = client.authenticator.client;
  const { status, headers } = answer;
  if (status === 200 && parsed(answer)) return passed(`${clientOf(client)} has a discovery document`);
  if (status === 200) {
    const fix = 'check which program responds at `kanidm.origin`: a login page or a proxy may be in front of Kanidm';
    return failed(['kanidm', 'origin'], `${what} is not JSON`, fix);
  }
  if (status >= 300 && status < 400) {
    const target = String(headers.location).replace(/[?#].*/s, '');
    const message = `${what} is a redirect to ${target}, but doctor does not follow redirects`;
    return failed(['kanidm', 'origin'], message, 'write the address of Kanidm itself as `kanidm.origin`');
  }
  const make =
    system.config.kanidm.provision === 'migrations'
      ? 'check the log of Kanidm for a migration that it skipped: `Failed to apply migration`'
      : 'run the runbook in `dist/kanidm/`, which creates the client';
  // Every answer of Kanidm to this request has a header with Kanidm's version, whatever the status is.
  if (kanidmVersion(answer) === undefined) {
    const message = `${what} returns status ${status}, and the answer has no header of Kanidm: another program may have answered, such as a proxy or an ingress`;
    const fix = `check which program answers at \`kanidm.origin\`, whether this program reaches Kanidm, and what the log of this program says${status === 404 ? `; if the 404 is from Kanidm, the client is missing: ${make}` : ''}`;
    return failed(['kanidm', 'origin'], message, fix);
  }
  const message = `Kanidm has no ${clientOf(client)}: its discovery document returns status ${status}`;
  return status === 404
    ? failed(path, message, make)
    : failed(path, `${what} returns status ${status}`, 'check the log of Kanidm');
}

const issuer = ofDocument('kanidm-issuer', ({ authenticator }, { issuer }) =>
  issuer === authenticator.issuer
    ? passed(`the issuer is ${authenticator.issuer}`)
    : failed(
        ['kanidm', 'origin'],
        `the issuer of Kanidm is ${JSON.stringify(issuer)}, but the API server expects ${authenticator.issuer}: issuers are compared byte for byte`,
        "make `origin` of Kanidm's server.toml and `kanidm.origin` the same",
      ),
);

const algorithm = ofDocument('kanidm-algorithm', (client, { id_token_signing_alg_values_supported: offered }) => {
  const { signingAlgorithm, audience } = client.authenticator;
  if (list(offered).includes(signingAlgorithm)) return passed(`${clientOf(client)} signs with ${signingAlgorithm}`);
  const found = list(offered).join(', ');
  const signs = found
    ? `${clientOf(client)} signs with ${found}`
    : `the discovery document of ${clientOf(client)} names no signing algorithm`;
  const message = `${signs}, but the API server expects ${signingAlgorithm}`;
  return failed(
    [...client.authenticator.client.path, 'legacyCrypto'],
    message,
    switchTo(signingAlgorithm, offered, audience),
  );
});

/**
 * Returns the fix for a client whose tokens are signed with an algorithm other than `wanted`. Kanidm signs with either
 * ES256 or RS256.
 */
function switchTo(wanted: 'ES256' | 'RS256', offered: unknown, audience: string): string {
  if (wanted === 'ES256' && list(offered).includes('RS256'))
    return `run \`kanidm system oauth2 disable-legacy-crypto ${audience}\``;
  if (wanted === 'RS256' && list(offered).includes('ES256'))
    return `run \`kanidm system oauth2 warning-enable-legacy-crypto ${audience}\`, or, better, remove \`legacyCrypto\` from the config`;
  return 'check which program answers at `kanidm.origin`: Kanidm signs with ES256 or RS256';
}

const pkce = ofDocument('no-pkce', (client, { code_challenge_methods_supported: offered }) =>
  list(offered).includes('S256')
    ? passed(`${clientOf(client)} supports PKCE with S256`)
    : failed(
        client.authenticator.client.path,
        `${clientOf(client)} does not support PKCE with S256, which kubelogin uses`,
        `run \`kanidm system oauth2 enable-pkce ${client.authenticator.audience}\``,
      ),
);

const scopes = ofDocument('scope-not-offered', (client, { scopes_supported: offered }) => {
  const asked = ['openid', ...scopesFor(client.authenticator)];
  const missing = asked.filter((scope) => !list(offered).includes(scope));
  if (missing.length === 0) return passed(`${clientOf(client)} offers ${asked.join(', ')}`);
  return failed(
    [...client.authenticator.client.path, 'scopes'],
    `${clientOf(client)} does not offer ${missing.join(', ')}: Kanidm rejects a login that requests a missing scope`,
    `apply the scope map of the config to Kanidm: run \`kanidm system oauth2 update-scope-map ${client.authenticator.audience} GROUP ${asked.join(' ')}\`, or apply the migration`,
  );
});

const unread = (url: URL) =>
  `\`curl ${url}\` shows the answer; check the log of Kanidm, and of the proxy in front of it`;

const keyTypes = { ES256: { kty: 'EC', crv: 'P-256' }, RS256: { kty: 'RSA' } } as const;

const keys = ofDocument(
  'kanidm-keys',
  async (client, { jwks_uri: address, id_token_signing_alg_values_supported: offered }, system) => {
    const { authenticator, cluster } = client;
    if (!list(offered).includes(authenticator.signingAlgorithm))
      return skipped(`the keys of ${clientOf(client)}`, 'Kanidm signs with another algorithm (see kanidm-algorithm)');
    const { path } = authenticator.client;
    if (typeof address !== 'string' || !URL.canParse(address))
      return failed(
        path,
        `${clientOf(client)} has no \`jwks_uri\` in its discovery document`,
        'check the log of Kanidm',
      );
    const url = new URL(address);
    if (url.origin !== system.origin.origin) {
      const message = `the keys of ${clientOf(client)} are at ${url.origin} and not at ${system.origin.origin}, so doctor did not read them`;
      return failed(
        ['kanidm', 'origin'],
        message,
        "make `origin` of Kanidm's server.toml and `kanidm.origin` the same",
      );
    }
    const answer = await system.kanidm(`${url.pathname}${url.search}`, cluster);
    if (!answer.value)
      return failed(path, `the keys of ${clientOf(client)} cannot be read: ${reasonOf(answer)}`, unread(url));
    const { signingAlgorithm } = authenticator;
    const wanted = Object.entries(keyTypes[signingAlgorithm]);
    const found = list(mapAt(parsed(answer.value)).keys).filter((key) =>
      wanted.every(([name, value]) => mapAt(key)[name] === value),
    );
    if (answer.value.status === 200 && found.length > 0)
      return passed(
        `${clientOf(client)} has ${found.length} key${found.length === 1 ? '' : 's'} for ${signingAlgorithm}`,
      );
    const { status } = answer.value;
    if (status !== 200 || !parsed(answer.value)) {
      const message = `the keys of ${clientOf(client)} cannot be read: ${status === 200 ? 'the answer is not JSON' : `status ${status}`}`;
      return failed(path, message, unread(url));
    }
    const message = `${clientOf(client)} serves no key for ${signingAlgorithm}`;
    return failed(
      path,
      message,
      `check the log of Kanidm; \`kanidm system oauth2 rotate-cryptographic-keys ${authenticator.audience} now\` creates a new key`,
    );
  },
);

export const discoveryChecks: readonly LiveCheck[] = [served, issuer, algorithm, pkce, scopes, keys];
