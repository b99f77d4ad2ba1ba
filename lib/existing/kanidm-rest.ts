import { mapAt, scalarText } from '../guards';
import { isWithin } from '../identity/issuer';
import { type Facts, nothing, together } from './facts';
import { type Answer, get, type NoAnswer } from './https';
import { fromDocument } from './read-documents';

export interface RestOptions {
  /** The address of Kanidm, without a path. */
  readonly origin: string;
  /** An API token or a session token. It is only sent in the `Authorization` header. */
  readonly token: string;
  /** The CA of the origin, as PEM. @default those of Node.js and of this machine */
  readonly ca?: string;
  /** The time limit for each answer, in milliseconds. @default 10000 */
  readonly timeout?: number;
}

const lists = ['person', 'service_account', 'group', 'oauth2'] as const;

/** The maximum size of an answer, in bytes: some kilobytes for each of ten thousand people. */
const limit = 64 * 2 ** 20;

/**
 * Reads people, groups and clients from the REST API of Kanidm. Changes nothing.
 * @throws Error with a one-line message if Kanidm does not answer or refuses the token
 */
export async function fromKanidm(options: RestOptions): Promise<Facts> {
  const asked = await Promise.allSettled(lists.map((list) => entries(options, `/v1/${list}`)));
  // If several requests fail, the first in order is reported, so that the message does not depend on timing.
  const answers = asked.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  const found = answers.map(({ body }, i) => {
    const source = `${options.origin}/v1/${lists[i]}`;
    if (Array.isArray(body)) return fromDocument(source, body);
    return { ...nothing, notes: [{ source, text: 'the answer is not a list of entries' }] };
  });
  const version = answers[0]?.version;
  const source = `${options.origin}/v1/self`;
  const partly =
    'the account of the token is not in idm_admins: entries and attributes that it may not read are missing';
  if (!(await readsAll(options))) found.push({ ...nothing, isPartial: true, notes: [{ source, text: partly }] });
  const domain = found.flatMap(({ entries }) => entries.flatMap((entry) => entry.domain ?? []))[0];
  // Kanidm's origin is within its domain. Another address, such as that of a port-forward, is not the origin.
  const isOrigin = domain === undefined || isWithin(new URL(options.origin).hostname, domain);
  const place = isOrigin ? { origin: options.origin } : { domain };
  const server = { source: options.origin, ...place, ...(version ? { version } : {}) };
  return together([...found, { ...nothing, servers: [server] }]);
}

/**
 * Whether a token belongs to a member of `idm_admins`; also true if Kanidm does not return the groups. For other
 * accounts Kanidm silently leaves out entries and attributes.
 */
async function readsAll(options: RestOptions): Promise<boolean> {
  const { body } = await entries(options, '/v1/self').catch(() => ({ body: undefined }));
  const groups = mapAt(body, 'youare', 'attrs').memberof;
  return !Array.isArray(groups) || groups.some((group) => scalarText(group).startsWith('idm_admins@'));
}

export function kanidmVersion({ headers }: Answer): string | undefined {
  const version = headers['x-kanidm-version'];
  return typeof version === 'string' ? version : undefined;
}

async function entries({ origin, token, ca, timeout = 10_000 }: RestOptions, path: string) {
  const refuse = (why: string) => new Error(`${origin}${path}: ${why}`);
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  const answer = await get(new URL(path, origin), { headers, ca, timeout, limit }).catch((error: NoAnswer) => {
    throw refuse(
      error.isCertificate ? `${error.message}; if Kanidm uses a private CA, pass it with --kanidm-ca` : error.message,
    );
  });
  if (answer.status === 401)
    throw refuse('Kanidm rejects the token (401): the token has expired, or another server issued it');
  if (answer.status === 403) throw refuse('the token may not read this (403): use a token of idm_admin');
  if (answer.status !== 200) throw refuse(`answers ${answer.status}`);
  try {
    return { body: JSON.parse(answer.text), version: kanidmVersion(answer) };
  } catch {
    throw refuse('the answer is not JSON: is this the address of Kanidm?');
  }
}
