import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { backupLog } from '../../../lib/checks/live/backup-log';
import type { Kubectl } from '../../../lib/existing/live-cluster';

import { diagnose, RecordedKanidm, shown } from './server';

/*
 * The log of a real kanidmd 1.11.1 with a backup every minute: a backup at 10:20, then two reloads.
 */
const recorded = readFileSync(join(__dirname, '../../fixtures/kanidm/online-backup-1.11.1.log'), 'utf8');
const until = (text: string) => recorded.slice(0, recorded.indexOf(text) + text.length);
const beforeReload = until('10:21:00 UTC, wait_time = 60s');

let kanidm: RecordedKanidm;
beforeAll(async () => {
  kanidm = await RecordedKanidm.start();
});
afterAll(() => kanidm.close());

const pod = {
  metadata: { name: 'kanidm-0', ownerReferences: [{ kind: 'StatefulSet', name: 'kanidm' }] },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};
const kubectl =
  (log: string | undefined, pods: readonly object[] | undefined): (() => Kubectl) =>
  () =>
  ([verb, what]) => {
    if (verb === 'version') return JSON.stringify({ serverVersion: { gitVersion: 'v1.34.4' } });
    if (what === '--raw') return '{}';
    if (verb === 'logs' && log !== undefined) return log;
    if (verb === 'get' && what === 'pods' && pods) return JSON.stringify({ items: pods });
    throw new Error(`Error from server (Forbidden): ${verb} is forbidden`);
  };
const say = async (log: string | undefined, now: string, pods: readonly object[] = [pod]) => {
  const config = kanidm.load({ kanidm: { cluster: 'homelab', manifests: {}, version: '1.11.1' } });
  const tools = { kubectl: kubectl(log, pods), now: () => Date.parse(now) };
  return shown(await diagnose(config, ['backup-not-made'], tools));
};

test('the newest backup and the next one', async () => {
  expect(await say(beforeReload, '2026-11-26T10:20:30Z')).toEqual([
    'ok backup-not-made the newest backup of pod kanidm/kanidm-0 is from 2026-11-26T10:20:00Z; the next backup is due at 2026-11-26T10:21:00Z',
  ]);
});

test('a reload skips the next backup, which is reported when its time is over', async () => {
  expect(backupLog(recorded)?.skipped.map((time) => time.toISOString())).toEqual([
    '2026-11-26T10:21:00.000Z',
    '2026-11-26T10:22:00.000Z',
  ]);
  expect(await say(recorded, '2026-11-26T10:22:30Z')).toEqual([
    expect.stringMatching(/^ok backup-not-made the newest/),
  ]);
  expect(await say(recorded, '2026-11-26T10:32:30Z')).toEqual([
    'warning backup-not-made pod kanidm/kanidm-0 made no backup at 2026-11-26T10:22:00Z: the server was told to reload, which makes Kanidm 1.11 skip the next backup',
  ]);
});

test.each([
  ['1.11.1', /^take a backup now with `.* scripting backup .*`, and stop reloading/],
  ['1.8.6', /^stop reloading/],
])('the fix for %s names only a command that this version has', async (version, fix) => {
  const config = kanidm.load({ kanidm: { cluster: 'homelab', manifests: {}, version } });
  const tools = { kubectl: kubectl(recorded, [pod]), now: () => Date.parse('2026-11-26T10:32:30Z') };
  const { findings } = await diagnose(config, ['backup-not-made'], tools);
  expect(findings[0]?.fix).toMatch(fix);
});

test('a backup after a skipped one makes up for it', () => {
  const created = 'INFO Online backup created /backups/backup-2026-11-26T10:23:00.1Z.json.gz successfully';
  expect(backupLog(`${recorded}\n${created}`)).toMatchObject({ newest: new Date('2026-11-26T10:23:00Z'), skipped: [] });
});

test('a time that passed without a backup', async () => {
  expect(await say(beforeReload, '2026-11-26T10:31:01Z')).toEqual([
    'warning backup-not-made pod kanidm/kanidm-0 made no backup at 2026-11-26T10:21:00Z',
  ]);
});

test.each([
  'failed to create /backups/backup-2026-11-26T10:21:00Z.json.gz: FsError',
  "output '/backups' is not a directory or we are missing permissions to access it.",
])('a failure: %s', async (words) => {
  expect(await say(`${beforeReload}\nERROR Online backup ${words}`, '2026-11-26T10:21:30Z')).toEqual([
    `error backup-not-made the last backup of pod kanidm/kanidm-0 failed: ${words}`,
  ]);
});

test('a server that was just started is not blamed', async () => {
  const started = until('10:20:00 UTC, wait_time = 33s');
  expect(await say(started, '2026-11-26T10:19:40Z')).toEqual([
    'ok backup-not-made no backup was due since the start of pod kanidm/kanidm-0; the next backup is due at 2026-11-26T10:20:00Z',
  ]);
});

test('nothing is claimed of a log that is not there, may not be read or says nothing', async () => {
  const now = '2026-11-26T10:20:30Z';
  expect(await say('INFO ready', now)).toEqual([
    'skipped backup-not-made the log of pod kanidm/kanidm-0 does not mention backups',
  ]);
  expect(await say(undefined, now)).toEqual([expect.stringMatching(/^skipped backup-not-made .*Forbidden/)]);
  expect(await say('', now, [])).toEqual([expect.stringContaining('called kanidm is ready (see kanidm-not-running)')]);
  const radiusSet = { kind: 'ReplicaSet', name: 'kanidm-radius-7d9c5' };
  const radius = { ...pod, metadata: { name: 'kanidm-radius-7d9c5-x', ownerReferences: [radiusSet] } };
  expect(await say('', now, [radius])).toEqual([
    expect.stringContaining('called kanidm is ready (see kanidm-not-running)'),
  ]);
  const config = kanidm.load({ kanidm: { cluster: 'homelab', manifests: {}, version: '1.11.1' } });
  expect(shown(await diagnose(config, ['backup-not-made'], { kubectl: kubectl('', undefined) }))).toEqual([
    expect.stringMatching(/^skipped backup-not-made the backups of Kanidm in homelab: .*Forbidden/),
  ]);
});
