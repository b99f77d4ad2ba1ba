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
