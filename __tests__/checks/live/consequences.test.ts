import { causes } from '../../../lib/checks/live/consequences';
import type { LocatedFinding } from '../../../lib/findings/finding';

const finding = (code: string, message: string, cluster?: string): LocatedFinding => ({
  code,
  message,
  severity: 'error',
  fix: 'a command',
  file: 'kaniflux.yaml',
  line: 1,
  column: 1,
  excerpt: '',
  ...(cluster === undefined ? {} : { cluster }),
});
const codes = (findings: readonly LocatedFinding[]) =>
  [...causes(findings)].map(([effect, cause]) => `${effect.code} < ${cause.code}`);

const pod = finding('kanidm-not-running', 'pod kanidm/kanidm-0 does not run', 'one');
const unreachable = finding('kanidm-unreachable', 'https://idm.example.com does not answer');
const kanidmFailed = finding('flux-failed', 'Kustomization kaniflux-kanidm of one is not ready: timeout', 'one');

test('what follows from a pod that does not run', () => {
  expect(codes([pod, kanidmFailed, unreachable])).toEqual([
    'flux-failed < kanidm-not-running',
    'kanidm-unreachable < kanidm-not-running',
  ]);
});

test('the first cause of a chain counts', () => {
  const missing = finding('flux-missing', 'one has no Flux', 'one');
  const objects = finding('kanidm-objects-differ', 'StatefulSet.apps kanidm/kanidm is missing in one', 'one');
  expect(codes([objects, unreachable, missing])).toEqual([
    'kanidm-objects-differ < flux-missing',
    'kanidm-unreachable < flux-missing',
  ]);
});

test('an object that only differs does not keep Kanidm from answering', () => {
  const objects = finding('kanidm-objects-differ', 'StatefulSet.apps kanidm/kanidm differs in one in spec', 'one');
  expect(codes([objects, unreachable])).toEqual([]);
});

test('the Kustomization of the bindings does not fail because of the pod', () => {
  const access = finding('flux-failed', 'Kustomization kaniflux-access of one is not ready: forbidden', 'one');
  expect(codes([pod, access])).toEqual([]);
});

test('what is wrong with one cluster brings nothing about in another', () => {
  const other = finding('flux-failed', 'Kustomization kaniflux-kanidm of two is not ready', 'two');
  expect(codes([pod, other])).toEqual([]);
});

test('an API server that does not answer kubectl does not answer doctor either', () => {
  const silent = finding('api-server-unreachable', 'the API server of one does not answer at https://api: no answer');
  const kubectl = (message: string) => finding('kubectl-unusable', `kubectl version: ${message}`);
  for (const message of [
    'Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
    'error: client rate limiter Wait returned an error: context deadline exceeded - error from a previous attempt: EOF',
    'The connection to the server 192.0.2.1:6443 was refused',
  ])
    expect(codes([kubectl(message), silent])).toEqual(['api-server-unreachable < kubectl-unusable']);
  expect(codes([kubectl('error: EOF'), silent])).toEqual([]);
  const untrusted = finding('api-server-unreachable', 'the API server of one presents a certificate that');
  expect(codes([kubectl('connection refused'), untrusted])).toEqual([]);
});

test('an ingress answers for a pod that does not run, but Kanidm itself does not', () => {
  const document = (text: string) => finding('no-discovery-document', `the discovery document ${text}`);
  const ingress = 'and the answer has no header of Kanidm: another program may have answered';
  const log = finding('issuer-not-read', 'kube-apiserver-node cannot read the discovery document', 'one');
  expect(codes([pod, document(`returns status 503, ${ingress}`), log])).toEqual([
    'no-discovery-document < kanidm-not-running',
    'issuer-not-read < kanidm-not-running',
  ]);
  expect(codes([pod, document(`returns status 401, ${ingress}`)])).toEqual([]);
  expect(codes([pod, document('returns status 503')])).toEqual([]);
});

test('a certificate that has ended is one cause for doctor and the API server', () => {
  const untrusted = (text: string) =>
    finding('issuer-untrusted', `does not trust the certificate: x509: ${text}`, 'one');
  const ended = untrusted('certificate has expired or is not yet valid: current time 2026-11-28 is after 2026-11-27');
  const expiry = (text: string) => finding('kanidm-certificate-expiry', `the certificate of Kanidm ${text}`);
  expect(codes([ended, expiry('expired on 2026-11-27')])).toEqual(['issuer-untrusted < kanidm-certificate-expiry']);
  expect(codes([ended, expiry('expires in 3 days, on 2026-12-01')])).toEqual([]);
  expect(codes([untrusted('certificate signed by unknown authority'), expiry('expired on 2026-11-27')])).toEqual([]);
});

test('a connection that Kanidm refuses to doctor and the API server is one cause', () => {
  const log = (text: string) => finding('issuer-not-read', `cannot read the keys: dial tcp: ${text}`, 'one');
  const refused = finding('kanidm-unreachable', 'https://idm does not answer: connect ECONNREFUSED 192.0.2.1:443');
  expect(codes([log('connect: connection refused'), refused])).toEqual(['issuer-not-read < kanidm-unreachable']);
  expect(codes([log('i/o timeout'), refused])).toEqual([]);
});

test('a name that only the API server cannot resolve says nothing of what this machine reaches', () => {
  const log = finding('issuer-unresolved', 'kube-apiserver-node cannot resolve idm.example.com', 'one');
  const keys = finding('keys-not-fetched', 'the API server of one could not fetch the keys', 'one');
  expect(codes([log, keys, unreachable])).toEqual(['keys-not-fetched < issuer-unresolved']);
});

test('an API server cannot read Kanidm because its pod does not run, or because the client is missing', () => {
  const log = finding('issuer-not-read', 'kube-apiserver-node cannot read the discovery document', 'one');
  expect(codes([pod, log])).toEqual(['issuer-not-read < kanidm-not-running']);
  expect(codes([finding('no-discovery-document', 'Kanidm has no client k8s'), log])).toEqual([
    'issuer-not-read < no-discovery-document',
  ]);
  expect(codes([unreachable, log])).toEqual([]);
});
