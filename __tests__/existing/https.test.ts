import { createServer as plainServer, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as tcpServer } from 'node:net';
import { Authority } from '../../e2e/harness/certs';
import { get, handshake, NoAnswer } from '../../lib/existing/https';

let ca: string;
let server: Server;
let port: number;
let asked: string[] = [];
const open: { close(): unknown }[] = [];

const listen = async (one: { listen(port: number, host: string, done: () => void): unknown; address(): unknown }) => {
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
  return (one.address() as AddressInfo).port;
};

function writeForever(answer: ServerResponse): void {
  const timer = setInterval(() => answer.write('a'.repeat(100_000)), 2);
  answer.on('close', () => clearInterval(timer));
}

beforeAll(async () => {
  const authority = await Authority.create('test');
  ca = authority.cert;
  const pair = await authority.issue({ commonName: 'server', hosts: ['localhost', '127.0.0.1'] });
  server = createServer(pair, ({ method, url = '', headers }, answer) => {
    asked.push(`${method} ${url} ${headers.connection} ${headers.authorization ?? ''}`.trim());
    if (url === '/slow') return;
    if (url === '/slowly') return void answer.write('a');
    if (url === '/endless') return writeForever(answer);
    if (url === '/cut') {
      answer.writeHead(200, { 'content-length': '10' });
      answer.write('ab');
      setTimeout(() => answer.destroy(), 20);
      return;
    }
    answer.writeHead(url === '/moved' ? 302 : 200, { location: 'https://other.example', 'x-a': 'b' });
    answer.write('a'.repeat(8));
    answer.end('ü');
  });
  open.push(server);
  port = await listen(server);
});
afterAll(() => {
  for (const one of open) one.close();
});
beforeEach(() => {
  asked = [];
});

const timeout = 20_000;
const at = (path: string, host = 'localhost') => `https://${host}:${port}${path}`;
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'an answer',
    (error: NoAnswer) => [error instanceof NoAnswer, error.message, error.code, error.isCertificate],
  );

test('an answer has its status, headers, text and time, and the connection is closed', async () => {
  const headers = { authorization: 'Bearer x' };
  const before = Date.now();
  const answer = await get(at('/a?b'), { ca, timeout, headers });
  expect(answer).toMatchObject({ status: 200, headers: { 'x-a': 'b' }, text: 'aaaaaaaaü' });
  expect(answer.at).toBeGreaterThanOrEqual(before);
  expect(answer.at).toBeLessThanOrEqual(Date.now());
  expect(asked).toEqual(['GET /a?b close Bearer x']);
});

test('a redirect is an answer, and is not followed', async () => {
  expect(await get(new URL(at('/moved')), { ca, timeout })).toMatchObject({
    status: 302,
    headers: { location: 'https://other.example' },
  });
  expect(asked).toEqual(['GET /moved close']);
});

test('an answer may be as large as the limit, but not larger', async () => {
  expect(await get(at('/'), { ca, timeout, limit: 10 })).toMatchObject({ text: 'aaaaaaaaü' });
  expect(await failure(get(at('/'), { ca, timeout, limit: 9 }))).toEqual([
    true,
    'the answer is larger than 9 bytes',
    '',
    false,
  ]);
  expect(await failure(get(at('/endless'), { ca, timeout }))).toEqual([
    true,
    'the answer is larger than 1048576 bytes',
    '',
    false,
  ]);
});

test('a server that does not answer in time, and one that stops in the middle', async () => {
  expect(await failure(get(at('/slow'), { ca, timeout: 100 }))).toEqual([true, 'no answer in 0.1 s', '', false]);
  expect(await failure(get(at('/slowly'), { ca, timeout: 100 }))).toEqual([true, 'no answer in 0.1 s', '', false]);
  expect(await failure(get(at('/cut'), { ca, timeout }))).toEqual([true, 'aborted', 'ECONNRESET', false]);
});

test('a server whose CA is not trusted', async () => {
  const untrusted = [true, 'unable to verify the first certificate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', true];
  expect(await failure(get(at('/'), { timeout }))).toEqual(untrusted);
  expect(asked).toEqual([]);
});

test('a server with a certificate for another name', async () => {
  const other = await Authority.create('other');
  const strange = createServer(await other.issue({ commonName: 'x', hosts: ['other.example'] }));
  open.push(strange);
  const answer = await failure(get(`https://localhost:${await listen(strange)}/`, { ca: other.cert, timeout }));
  expect(answer).toEqual([
    true,
    "Hostname/IP does not match certificate's altnames: Host: localhost. is not in the cert's altnames: DNS:other.example",
    'ERR_TLS_CERT_ALTNAME_INVALID',
    true,
  ]);
});

test('a port on which nothing listens, at one address and at several', async () => {
  const free = tcpServer();
  const unused = await listen(free);
  await new Promise((resolve) => free.close(resolve));
  const refused = `connect ECONNREFUSED 127.0.0.1:${unused}`;
  expect(await failure(get(`https://127.0.0.1:${unused}/`, { timeout }))).toEqual([
    true,
    refused,
    'ECONNREFUSED',
    false,
  ]);
  const several = (await failure(get(`https://localhost:${unused}/`, { timeout }))) as string[];
  expect(several[1]?.split(', ')).toContain(refused);
  const question = { timeout };
  expect(await failure(handshake(new URL(`https://127.0.0.1:${unused}`), question))).toEqual([
    true,
    refused,
    'ECONNREFUSED',
    false,
  ]);
});

test('a port for plain HTTP, and a server that ends TLS with an alert', async () => {
  const plain = plainServer((_, answer) => answer.end('x'));
  open.push(plain);
  const isPlain = [
    true,
    'the server does not use TLS on this port, but probably plain HTTP',
    expect.stringMatching(/^(EPROTO|ERR_SSL_WRONG_VERSION_NUMBER)$/),
    false,
  ];
  const address = `https://127.0.0.1:${await listen(plain)}/`;
  expect(await failure(get(address, { timeout }))).toEqual(isPlain);
  expect(await failure(handshake(new URL(address), { timeout }))).toEqual(isPlain);
  // A fatal alert: handshake failure.
  const alerting = tcpServer(
    (socket) => void socket.once('data', () => socket.end(Buffer.from('15030300020228', 'hex'))),
  );
  open.push(alerting);
  expect(await failure(get(`https://127.0.0.1:${await listen(alerting)}/`, { timeout }))).toEqual([
    true,
    expect.stringMatching(/^TLS: [a-z0-9]+ alert handshake failure$/),
    expect.stringMatching(/^(EPROTO|ERR_SSL_.*HANDSHAKE_FAILURE)$/),
    false,
  ]);
});

test('a handshake says what is wrong with the certificate, and does not require it to be valid', async () => {
  const faultOf = async (host: string, question: { ca?: string }) => {
    const socket = await handshake(new URL(at('/', host)), { ...question, timeout });
    const { authorized, authorizationError } = socket;
    const names = [socket.getPeerCertificate().subject.CN, 'servername' in socket ? socket.servername : undefined];
    socket.destroy();
    return [authorized, authorizationError ?? null, ...names];
  };
  expect(await faultOf('localhost', { ca })).toEqual([true, null, 'server', 'localhost']);
  expect(await faultOf('127.0.0.1', { ca })).toEqual([true, null, 'server', false]);
  expect(await faultOf('localhost', {})).toEqual([false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'server', 'localhost']);
});

test('a handshake with a server that says nothing ends', async () => {
  const silent = tcpServer((socket) => void socket.on('error', () => {}).resume());
  open.push(silent);
  const address = new URL(`https://127.0.0.1:${await listen(silent)}`);
  expect(await failure(handshake(address, { timeout: 100 }))).toEqual([true, 'no answer in 0.1 s', '', false]);
});

test.each([
  ['CERT_HAS_EXPIRED', true],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', true],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', true],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', true],
  ['INVALID_CA', true],
  ['INVALID_PURPOSE', true],
  ['PATH_LENGTH_EXCEEDED', true],
  ['ERR_TLS_CERT_ALTNAME_INVALID', true],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', false],
  ['ERR_INVALID_URL', false],
  ['MAX_PATH_LENGTH', false],
  ['ECONNRESET', false],
])('%s is a fault of the certificate: %s', (code, isCertificate) => {
  expect(new NoAnswer('x', code).isCertificate).toBe(isCertificate);
});
