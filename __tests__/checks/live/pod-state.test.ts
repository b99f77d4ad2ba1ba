import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { causeOf, isReady, type NamespaceState } from '../../../lib/checks/live/pod-state';
import { listOf, mapAt } from '../../../lib/guards';
import { homeLab, load } from '../../config';
import { diagnose, shown } from './server';

/** Returns what kubectl printed about Kanidm's namespace on the node of the end-to-end tests. */
const recorded = (name: string): NamespaceState =>
  JSON.parse(readFileSync(join(__dirname, '../../fixtures/node', `${name}.json`), 'utf8'));
const pod = (state: NamespaceState) => listOf(mapAt(state.pods).items)[0];
const cause = (state: NamespaceState) => causeOf(pod(state), state);

test('a claim whose StorageClass is not there', () => {
  const state = recorded('no-storage-class');
  expect(isReady(pod(state))).toBe(false);
  expect(cause(state)).toEqual({ kind: 'storage-class', claim: 'db-kanidm-0', storageClass: 'local' });
});

test('a class that nobody may read is not said to be missing', () => {
  const { storageClasses, claims, ...state } = recorded('no-storage-class');
  expect(cause({ ...state, claims: undefined, storageClasses: undefined })).toMatchObject({ kind: 'other' });
});

test('a claim that names no class, with and without a default one', () => {
  const claim = { metadata: { name: 'db-kanidm-0' }, spec: {}, status: { phase: 'Pending' } };
  const state = { ...recorded('no-storage-class'), claims: { items: [claim] } };
  expect(cause(state)).toEqual({ kind: 'storage-class', claim: 'db-kanidm-0' });
  const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
  const withDefault = { items: [{ metadata: { name: 'standard', annotations } }] };
  expect(cause({ ...state, storageClasses: withDefault })).not.toMatchObject({ kind: 'storage-class' });
});

test('a Secret that is not there', () => {
  expect(cause(recorded('no-secret'))).toEqual({ kind: 'mount', of: 'secret', name: 'kanidm-tls' });
});

test('an image that cannot be pulled', () => {
  expect(cause(recorded('bad-image'))).toEqual({
    kind: 'image',
    image: 'node.example.com/missing:1.11.1',
    message: expect.stringContaining('node.example.com/missing:1.11.1'),
  });
});

test('a pod that is ready', () => {
  expect(isReady(pod(recorded('ready')))).toBe(true);
});

test('a container that ends again and again, with its last words', () => {
  const status = {
    name: 'kanidm',
    state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } },
    lastState: { terminated: { exitCode: 1, reason: 'Error', message: '' } },
  };
  const state = { pods: {}, events: {}, claims: {}, storageClasses: {} };
  const crashing = { metadata: { name: 'kanidm-0' }, status: { containerStatuses: [status] } };
  expect(causeOf(crashing, state)).toEqual({ kind: 'crash', container: 'kanidm', message: 'Error, exit code 1' });
});

describe('the check of the pod', () => {
  const owned = (name: string, kind: string, more: object) => ({
    metadata: { name, ownerReferences: [{ kind }] },
    ...more,
  });
  const up = owned('kanidm-6b8f-x1', 'ReplicaSet', { status: { conditions: [{ type: 'Ready', status: 'True' }] } });
  const evicted = owned('kanidm-6b8f-x2', 'ReplicaSet', { status: { phase: 'Failed', message: 'low on memory' } });
  const ofJob = owned('kanidm-export-1-x3', 'Job', { status: { phase: 'Failed' } });
  const say = async (...items: object[]) => {
    const kubectl = () => (args: readonly string[]) =>
      JSON.stringify(args.includes('version') ? { serverVersion: { gitVersion: 'v1.34.4' } } : { items });
    const { config, sources } = load(homeLab());
    if (!config) throw new Error('the home lab has errors');
    return shown(await diagnose({ config, sources }, ['kanidm-not-running'], { kubectl }));
  };

  test('passes over an evicted pod that another one replaces, and the pod of another Job', async () => {
    expect(await say(up, evicted, ofJob)).toEqual(['ok kanidm-not-running pod kanidm/kanidm-6b8f-x1 is ready']);
  });

  test('names an evicted pod if no other one is ready', async () => {
    expect(await say(evicted, ofJob)).toEqual([
      'error kanidm-not-running pod kanidm/kanidm-6b8f-x2 does not run: low on memory',
    ]);
  });
});
