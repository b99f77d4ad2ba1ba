import { request } from 'node:https';
import { fromDocument } from './documents';
import { type Facts, nothing, together } from './facts';

export interface RestOptions {
  /** Address of Kanidm, without a path. */
  readonly origin: string;
  /** An API token, or that of a session. It goes into one header and nowhere else. */
  readonly token: string;
  /** PEM of the CA of the origin. @default those that Node.js trusts */
  readonly ca?: string;
  /** Milliseconds to wait for each answer. @default 10000 */
  readonly timeout?: number;
}

const lists = ['person', 'service_account', 'group', 'oauth2'] as const;

/**
 * Reads people, groups and clients from Kanidm's REST API; changes nothing.
 * @throws Error with a line for a person where Kanidm doesn't answer or refuses the token
 */
export async function fromKanidm(options: RestOptions): Promise<Facts> {
  const answers = await Promise.all(lists.map((list) => get(options, `/v1/${list}`)));
  const found = answers.map(({ body }, i) => {
    const source = `${options.origin}/v1/${lists[i]}`;
    return (
      fromDocument(source, body) ?? { ...nothing, notes: [{ source, text: 'the answer is not a list of entries' }] }
    );
  });
  const version = answers[0]?.version;
  return { ...together(found), origin: options.origin, ...(version ? { kanidmVersion: version } : {}) };
}

interface Answer {
  readonly body: unknown;
  readonly version?: string;
}

function get({ origin, token, ca, timeout = 10_000 }: RestOptions, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
    const refuse = (why: string) => reject(new Error(`${origin}${path}: ${why}`));
    const ask = request(new URL(path, origin), { headers, ca, timeout, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', (error) => refuse(error.message));
      answer.on('end', () => {
        const version = answer.headers['x-kanidm-version'];
        if (answer.statusCode === 401)
          return refuse('Kanidm refuses the token (401): it has ended, or is none of its own');
        if (answer.statusCode === 403) return refuse('the token may not read this (403): take one of idm_admin');
        if (answer.statusCode !== 200) return refuse(`answers ${answer.statusCode}`);
        try {
          const body: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
          resolve({ body, ...(typeof version === 'string' ? { version } : {}) });
        } catch {
          refuse('the answer is no JSON: is this the address of Kanidm?');
        }
      });
    });
    ask.once('timeout', () => ask.destroy(new Error(`no answer in ${timeout / 1000} s`)));
    ask
      .once('error', (error: NodeJS.ErrnoException) => {
        const isCertificate = /CERT|SIGNATURE|ISSUER/.test(error.code ?? '');
        refuse(isCertificate ? `${error.message}; name the CA of a private one with --kanidm-ca` : error.message);
      })
      .end();
  });
}
