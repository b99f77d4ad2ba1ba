import { entry } from '../../lib/config/config';
import { isLoopback, lacksScheme, loopbackUrls, redirectOf } from '../../lib/identity/redirects';
import { configOf } from '../config';

const base = entry(configOf().clients, 'k8s');
const client = (redirectUrls: string[] | undefined, more: object = {}) => ({
  ...base,
  landingUrl: 'https://app.example.com/',
  localhostRedirects: false,
  ...more,
  redirectUrls,
});

test.each<[string, boolean]>([
  ['http://localhost:8000', true],
  ['http://127.0.0.1:8000', true],
  ['http://127.10.200.3:8000/x', true],
  ['http://[::1]:8000', true],
  ['https://localhost:8000', false],
  ['http://localhost.example.com:8000', false],
  ['http://my-localhost:8000', false],
  ['http://127.0.0.1.example.com', false],
  ['http://10.0.0.1:8000', false],
  ['http://[::2]:8000', false],
  ['not a URL', false],
])('%s points to this machine: %p', (url, isLocal) => {
  expect(loopbackUrls(client([url])).map(({ href }) => href)).toEqual(isLocal ? [new URL(url).href] : []);
});

test.each([
  ['http://localhost:8000', true],
  ['https://127.0.0.1', true],
  ['https://app.example.com', false],
  ['localhost', false],
])('whether %s opens this machine: %p', (url, expected) => {
  expect(isLoopback(url)).toBe(expected);
});

test.each([
  ['localhost:8000', true],
  ['localhost:8000/callback', true],
  ['app.example-1.com:443', true],
  ['localhost', false],
  ['localhost:callback', false],
  ['localhost:8000x', false],
  ['http://localhost:8000', false],
  ['urn:ietf:8000', false],
])('whether %s lacks its scheme: %p', (url, expected) => {
  expect(lacksScheme(url)).toBe(expected);
});

test('the landing URL counts, and each URL once, in their order', () => {
  const urls = ['http://localhost:2', 'http://localhost:1', 'http://localhost:2/'];
  const found = loopbackUrls(client(urls, { landingUrl: 'http://localhost:3' }));
  expect(found.map(({ port }) => port)).toEqual(['2', '1', '3']);
  expect(loopbackUrls(client(undefined))).toEqual([]);
});

test.each<[string[], ReturnType<typeof redirectOf>]>([
  [['http://localhost:8000', 'http://localhost:18000'], { listen: ['127.0.0.1:8000', '127.0.0.1:18000'] }],
  [['http://localhost'], { listen: ['127.0.0.1:80'] }],
  [['http://localhost:9/callback', 'http://localhost:8'], { listen: ['127.0.0.1:8'] }],
  [['http://localhost:9/?a=b', 'http://127.0.0.1:7', 'http://localhost:8'], { listen: ['127.0.0.1:8'] }],
  [['http://localhost:9/callback'], { listen: ['127.0.0.1:9'], url: 'http://localhost:9/callback' }],
  [['http://localhost:9/callback/'], { listen: ['127.0.0.1:9'], url: 'http://localhost:9/callback/' }],
  [['http://localhost:9/?a=b'], { listen: ['127.0.0.1:9'], url: 'http://localhost:9/?a=b' }],
  [['http://localhost:9/?a=http://b/'], { listen: ['127.0.0.1:9'], url: 'http://localhost:9/?a=http://b/' }],
  [['http://127.0.0.1:7'], { listen: ['127.0.0.1:7'], url: 'http://127.0.0.1:7' }],
  [['http://[::1]:7'], { listen: ['[::1]:7'], url: 'http://[::1]:7' }],
  [['https://app.example.com/callback'], undefined],
])('%j: kubelogin listens %j', (urls, redirect) => {
  expect(redirectOf(client(urls))).toEqual(redirect);
});

test('localhostRedirects of a public client allow the ports of kubelogin; of a confidential one, none', () => {
  const ports = { listen: ['127.0.0.1:8000', '127.0.0.1:18000'] };
  expect(redirectOf(client([], { type: 'public', localhostRedirects: true }))).toEqual(ports);
  expect(redirectOf(client(['http://localhost:8000'], { type: 'public', localhostRedirects: true }))).toEqual(ports);
  expect(redirectOf(client([], { type: 'public', localhostRedirects: false }))).toBeUndefined();
  expect(redirectOf(client([], { type: 'confidential', localhostRedirects: true }))).toBeUndefined();
});
