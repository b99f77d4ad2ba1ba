import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Authority } from '../../e2e/harness/certs';
import { nothing } from '../../lib/existing/facts';
import { fromKanidm, kanidmVersion } from '../../lib/existing/kanidm-rest';

let server: Server;
let ca: string;
let origin: string;
let answers: Record<string, readonly [status: number, body: unknown]>;
let headers: Record<string, string>;
let asked: string[];
const person = { attrs: { class: ['person'], uuid: ['x'], name: ['jane'] } };

beforeAll(async () => {
  const authority = await Authority.create('test');
  ca = authority.cert;
  server = createServer(await authority.issue({ commonName: 'kanidm', hosts: ['localhost'] }), (ask, answer) => {
    const { method, url = '' } = ask;
    asked.push(`${method} ${url} ${ask.headers.accept} ${ask.headers.authorization}`);
    const [status, body] = answers[url] ?? [200, []];
    answer.writeHead(status, headers);
    answer.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  answers = {};
  headers = {};
  asked = [];
});

const read = (more: object = {}) => fromKanidm({ origin, token: 'the-token', ca, ...more });
const memberOf = (...memberof: unknown[]) => [200, { youare: { attrs: { memberof } } }] as const;

test('every list is read with the token, and then who the token is for', async () => {
  answers = { '/v1/person': [200, [person]], '/v1/self': memberOf('a@localhost', 'idm_admins@localhost') };
  headers = { 'x-kanidm-version': '1.11.1' };
  expect(await read()).toEqual({
    ...nothing,
    entries: [
      {
        source: `${origin}/v1/person`,
        name: 'jane',
        kind: 'person',
        unread: [],
        fields: { displayName: 'jane', id: 'x' },
      },
    ],
    servers: [{ source: origin, origin, version: '1.11.1' }],
  });
  const lists = ['/v1/person', '/v1/service_account', '/v1/group', '/v1/oauth2', '/v1/self'];
  expect(asked.toSorted()).toEqual(lists.map((path) => `GET ${path} application/json Bearer the-token`).toSorted());
});

test('an account that does not see everything', async () => {
  const partly = {
    source: `${origin}/v1/self`,
    text: 'the account of the token is not in idm_admins: entries and attributes that it may not read are missing',
  };
  answers = { '/v1/self': memberOf('xidm_admins@localhost', 'idm_adminsx@localhost') };
  const server = { source: origin, origin };
  expect(await read()).toEqual({ ...nothing, isPartial: true, notes: [partly], servers: [server] });
  // If the answer of Kanidm does not contain the groups, there is no note.
  for (const self of [
    [200, {}],
    [500, 'x'],
    [200, { youare: { attrs: { memberof: 'x' } } }],
  ] as const) {
    answers = { '/v1/self': self };
    expect(await read()).toEqual({ ...nothing, servers: [server] });
  }
});

test('an answer that is no list is a note, and one that is no answer of Kanidm is an error', async () => {
  answers = { '/v1/group': [200, {}] };
  expect((await read()).notes).toEqual([{ source: `${origin}/v1/group`, text: 'the answer is not a list of entries' }]);
  answers = { '/v1/oauth2': [200, '<html>'], '/v1/group': [500, 'x'] };
  await expect(read()).rejects.toThrow(new Error(`${origin}/v1/group: answers 500`));
  answers = { '/v1/oauth2': [200, '<html>'] };
  await expect(read()).rejects.toThrow(
    new Error(`${origin}/v1/oauth2: the answer is not JSON: is this the address of Kanidm?`),
  );
});

test.each([
  [401, 'Kanidm rejects the token (401): the token has expired, or another server issued it'],
  [403, 'the token may not read this (403): use a token of idm_admin'],
  [404, 'answers 404'],
  [204, 'answers 204'],
])('the status %s', async (status, message) => {
  answers = { '/v1/service_account': [status, ''] };
  await expect(read()).rejects.toThrow(new Error(`${origin}/v1/service_account: ${message}`));
});

test('a server that is not trusted, and one that does not answer', async () => {
  await expect(read({ ca: undefined })).rejects.toThrow(
    new Error(
      `${origin}/v1/person: unable to verify the first certificate; if Kanidm uses a private CA, pass it with --kanidm-ca`,
    ),
  );
  const closed = 'https://127.0.0.1:1';
  await expect(read({ origin: closed })).rejects.toThrow(
    new Error(`${closed}/v1/person: connect ECONNREFUSED 127.0.0.1:1`),
  );
});

test('the version is a single header', () => {
  const version = (value: string | string[] | undefined) =>
    kanidmVersion({ status: 200, text: '', at: 0, headers: { 'x-kanidm-version': value } });
  expect([version('1.11.1'), version(['1', '2']), version(undefined)]).toEqual(['1.11.1', undefined, undefined]);
});
