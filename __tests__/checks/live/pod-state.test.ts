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
  for (const prefix of ['storageclass.kubernetes.io', 'storageclass.beta.kubernetes.io']) {
    const marked = (value: string) => {
      const annotations = { [`${prefix}/is-default-class`]: value };
      return cause({ ...state, storageClasses: { items: [{ metadata: { name: 'standard', annotations } }] } });
    };
    expect(marked('true')).not.toMatchObject({ kind: 'storage-class' });
    expect(marked('false')).toMatchObject({ kind: 'storage-class' });
  }
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

test('an event says why an image cannot be pulled, if the kubelet only says that it waits', () => {
  const image = 'docker.io/kanidm/server:1.11.1';
  const waits = `Back-off pulling image "${image}"`;
  const status = (message: string) => ({
    containerStatuses: [{ name: 'kanidm', image, state: { waiting: { reason: 'ImagePullBackOff', message } } }],
  });
  const event = (container: string) => ({
    message: `Failed to pull image "${image}": i/o timeout`,
    involvedObject: { fieldPath: `spec.containers{${container}}` },
  });
  const says = (message: string) => ({ kind: 'image', image, message });
  expect(causeIn(status(waits), [event('kanidm')])).toEqual(says('i/o timeout'));
  expect(causeIn(status(waits), [event('certificate-reloader')])).toEqual(says(waits));
  const newer = `${waits}: ErrImagePull: not found`;
  expect(causeIn(status(newer), [event('kanidm')])).toEqual(says(newer));
});

test('a pod that is ready', () => {
  expect(isReady(pod(recorded('ready')))).toBe(true);
});

/** Returns the cause for a pod with these containers, of which it has the events. */
const causeIn = (status: object, events: readonly object[] = [], more: object = {}) => {
  const warnings = events.map((event) => ({
    type: 'Warning',
    ...event,
    involvedObject: {
      kind: 'Pod',
      name: 'kanidm-0',
      ...('involvedObject' in event ? Object(event.involvedObject) : {}),
    },
  }));
  const state = { pods: {}, events: { items: warnings }, claims: {}, storageClasses: {} };
  return causeOf({ metadata: { name: 'kanidm-0', uid: 'a' }, status, ...more }, state);
};

describe('a container that ends again and again', () => {
  const status = {
    name: 'kanidm',
    state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } },
    lastState: { terminated: { exitCode: 1, reason: 'Error', message: '' } },
  };
  const probe = (container: string, kind = 'Liveness') => ({
    message: `${kind} probe failed: connection refused`,
    involvedObject: { fieldPath: `spec.containers{${container}}` },
  });

  test.each([
    ['without an event', [], ''],
    ['whose probe fails', [probe('kanidm')], '; Liveness probe failed: connection refused'],
    ['beside another one whose probe fails', [probe('reload')], ''],
    ['that was not ready', [probe('kanidm', 'Readiness')], ''],
  ])('%s', (_name, events, more) => {
    expect(causeIn({ containerStatuses: [status] }, events)).toEqual({
      kind: 'crash',
      container: 'kanidm',
      message: `Error, exit code 1${more}`,
    });
  });
});

describe('a pod that is not ready', () => {
  const conditions = [{ type: 'Ready', status: 'False', message: 'containers with unready status: [kanidm]' }];
  const containerIn = (state: object) => ({
    phase: 'Running',
    conditions,
    containerStatuses: [{ name: 'kanidm', state }],
  });
  const mount = { message: 'MountVolume.SetUp failed for volume "tls" : secret "kanidm-tls" not found' };
  const ofAnother = { ...mount, involvedObject: { uid: 'b' } };
  const unready = { kind: 'other', message: 'containers with unready status: [kanidm]' };

  test('has the message of its condition if nothing else says why', () => {
    expect(causeIn(containerIn({ running: {} }))).toEqual(unready);
  });

  test('lacks no Secret if a container runs, or if the event is about an earlier pod', () => {
    const late = { message: 'Readiness probe failed: timeout', lastTimestamp: '2026-11-28T09:00:00Z' };
    expect(causeIn(containerIn({ running: {} }), [mount, late])).toEqual({ kind: 'other', message: late.message });
    const waiting = containerIn({ waiting: { reason: 'ContainerCreating' } });
    expect(causeIn(waiting, [ofAnother])).toEqual(unready);
    expect(causeIn(waiting, [mount])).toEqual({ kind: 'mount', of: 'secret', name: 'kanidm-tls' });
  });

  test('has a container that ended with an error, but not one that has done its work', () => {
    const ended = (exitCode: number) => containerIn({ terminated: { exitCode, reason: 'Error' } });
    expect(causeIn(ended(1))).toEqual({ kind: 'failed', container: 'kanidm', message: 'Error, exit code 1' });
    expect(causeIn(ended(0))).toEqual(unready);
  });
});

test('an event about a StorageClass that was created since', () => {
  const message = (name: string) => `storageclass.storage.k8s.io "${name}" not found`;
  const claim = {
    metadata: { name: 'db-kanidm-0' },
    spec: { storageClassName: 'local' },
    status: { phase: 'Pending' },
  };
  const storageClasses = { items: [{ metadata: { name: 'local' } }] };
  const causeWith = (text: string) => {
    const involvedObject = { kind: 'PersistentVolumeClaim', name: 'db-kanidm-0' };
    const events = { items: [{ type: 'Warning', message: text, involvedObject }] };
    return cause({ ...recorded('no-storage-class'), claims: { items: [claim] }, storageClasses, events });
  };
  expect(causeWith(message('local'))).toMatchObject({ kind: 'other' });
  expect(causeWith('no space')).toEqual({ kind: 'claim', claim: 'db-kanidm-0', message: 'no space' });
});

describe('the check of the pod', () => {
  const owned = (name: string, kind: string, more: object) => ({
    metadata: { name, ownerReferences: [{ kind, name: name.replace(/(-\d+|-[^-]+)$/, '') }] },
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

  test('passes over a pod of another Deployment', async () => {
    const ready = { status: { conditions: [{ type: 'Ready', status: 'True' }] } };
    expect(await say(owned('kanidm-radius-7d9c5-x4', 'ReplicaSet', ready))).toEqual([
      expect.stringMatching(/^skipped kanidm-not-running .*no pod belongs to a StatefulSet or Deployment of Kanidm/),
    ]);
  });

  test.each([
    ['kanidm-kanidm-server', 'StatefulSet'],
    ['kanidm-idm-7d9c5', 'ReplicaSet'],
  ])('knows the pod of %s, as other charts call it', async (name, kind) => {
    const metadata = { name: `${name}-0`, namespace: 'kanidm', ownerReferences: [{ kind, name }] };
    const ready = { metadata, status: { conditions: [{ type: 'Ready', status: 'True' }] } };
    expect(await say(ready)).toEqual([`ok kanidm-not-running pod kanidm/${name}-0 is ready`]);
  });

  test('names the container of the log, and whether the pod runs', async () => {
    const waiting = { name: 'reload', state: { waiting: { reason: 'CrashLoopBackOff' } } };
    const pod = (phase: string) =>
      owned('kanidm-0', 'StatefulSet', { status: { phase, containerStatuses: [waiting] } });
    const { config, sources } = load(homeLab());
    if (!config) throw new Error('the home lab has errors');
    expect(await say(pod('Running'))).toEqual([expect.stringContaining('kanidm-0 is not ready: the container reload')]);
    expect(await say(pod('Pending'))).toEqual([expect.stringContaining('kanidm-0 does not run: the container reload')]);
    const kubectl = () => (args: readonly string[]) =>
      JSON.stringify(
        args.includes('version') ? { serverVersion: { gitVersion: 'v1.34.4' } } : { items: [pod('Running')] },
      );
    const { findings } = await diagnose({ config, sources }, ['kanidm-not-running'], { kubectl });
    expect(findings[0]?.fix).toContain('kubectl -n kanidm logs kanidm-0 -c reload --previous |');
  });
});
