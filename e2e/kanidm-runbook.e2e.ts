import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { configOf, homeLab } from '../__tests__/config';
import { runbook } from '../lib/node-files/runbook';
import { ensurePart } from './parts/build';
import { KanidmModel } from './runbook/kanidm-model';
import { filesOf, logo, names, recorded, scriptOf } from './runbook/recorded-runs';
import { type Client, runScript } from './runbook/run-script';

/*
 * The runbook, run by a real sh. Each command line goes to the real client, which exits with 2 for a command that it
 * does not have. There is no server, so a valid command fails with another exit code, because it cannot connect. The
 * runbook gets the answer from the model of Kanidm.
 */
const nasty = `O'Brien "x" $HOME \`id\` \\ ünï -- 漢`;
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAeGXTnh8cGXF5WEBpBBsPBYIhIQm9Cj2fBiFUX2mCdm';
const cluster = { helm: null, cluster: null, version: '1.10.4' };
const nobody = { people: { datosh: null }, groups: { k8s_users: { members: null } } };

const full = {
  kanidm: cluster,
  people: {
    ...nobody.people,
    jane: {
      displayName: nasty,
      legalName: nasty,
      mail: ['jane@example.com', "o'brien@example.com"],
      posix: { gid: 70001, shell: '/bin/bash' },
      sshKeys: { [nasty]: key },
      validFrom: '2026-01-01T00:00:00Z',
      expires: '2027-01-01T00:00:00+01:00',
      id: '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16',
    },
    dash: { displayName: '-rf --help' },
  },
  serviceAccounts: { bot: { displayName: nasty, managedBy: 'idm_admins', expires: '2027-01-01T00:00:00Z' } },
  groups: {
    ...nobody.groups,
    all: {
      description: '--help',
      members: ['jane', 'dash'],
      managedBy: 'idm_admins',
      posix: { gid: 70002 },
      policy: { credentialMinimum: 'mfa', sessionExpiry: 60, privilegeExpiry: 60, passwordMinimumLength: 12 },
    },
    gone: { absent: true },
  },
  clients: {
    k8s: { image: null, scopes: { all: ['openid', 'email', 'profile', 'groups'] } },
    web: {
      type: 'basic',
      displayName: nasty,
      description: nasty,
      landingUrl: 'https://app.example.com',
      redirectUrls: ["https://app.example.com/a'b"],
      scopes: { all: ['openid', 'groups_name'] },
      supplementaryScopes: { all: ['admin'] },
      claims: { roles: { join: 'csv', values: { all: ['a', 'b'] } } },
      preferShortUsername: true,
      legacyCrypto: true,
      consentPrompt: false,
      disablePkce: true,
      image: `-${nasty}.svg`,
    },
  },
  clusters: { homelab: { grants: [{ name: 'view', clusterRole: 'view', groups: ['all'] }] } },
};

/** The same entries, renamed and with all fields cleared. */
const emptied = {
  ...full,
  people: {
    ...nobody.people,
    joan: {
      displayName: 'Joan',
      legalName: null,
      mail: [],
      sshKeys: {},
      validFrom: null,
      expires: null,
      id: '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16',
    },
    dash: { absent: true },
  },
  serviceAccounts: { robot: { formerly: 'bot', displayName: 'Robot', managedBy: null, expires: null } },
  groups: {
    ...nobody.groups,
    everybody: {
      formerly: 'all',
      description: null,
      members: [],
      managedBy: null,
      policy: { credentialMinimum: null, sessionExpiry: null, privilegeExpiry: null, passwordMinimumLength: null },
    },
  },
  clients: {
    k8s: { image: null, localhostRedirects: false, scopes: { k8s_users: ['openid', 'groups'] } },
    site: {
      formerly: 'web',
      type: 'basic',
      displayName: 'Site',
      description: null,
      landingUrl: 'https://app.example.com/start',
      redirectUrls: [],
      scopes: {},
      supplementaryScopes: {},
      claims: {},
      consentPrompt: true,
    },
  },
  clusters: { homelab: { grants: [{ name: 'view', clusterRole: 'view', groups: ['k8s_users'] }] } },
};

test('every command parses with the real client', async () => {
  const program = await ensurePart('kanidm');
  const files = { [`-${nasty}.svg`]: '<svg/>' };
  const model = new KanidmModel('sso.kammel.dev', { files });
  model.add('group', 'gone', {});
  const unknown: string[] = [];
  const client: Client = (words) => {
    const env = { KANIDM_URL: 'https://127.0.0.1:1', KANIDM_PASSWORD: 'x', HOME: '/nonexistent' };
    const parsed = words[0] === 'raw' ? [...words.slice(0, 2), '/dev/null'] : words;
    try {
      execFileSync(program, parsed, { env, stdio: 'pipe' });
    } catch (thrown) {
      if ((thrown as { status: number }).status === 2) unknown.push(words.join(' '));
    }
    return model.run(words);
  };
  const script = runbook(configOf(JSON.stringify(homeLab(full)), files));
  const made = await runScript(script, client, { args: ['jane'], files });
  expect([unknown, made.stderr, made.status]).toEqual([[], '', 0]);
  const again = await runScript(script, model.run, { files });
  expect(again.stdout).toContain('Kanidm matches the config');
  expect(again.stdout).not.toContain('\n+ ');
  const cleared = await runScript(runbook(configOf(JSON.stringify(homeLab(emptied)))), client);
  expect([unknown, cleared.stderr, cleared.status]).toEqual([[], '', 0]);
}, 900_000);

test("the client's parser does end with 2 for what it does not know", async () => {
  const client = await ensurePart('kanidm');
  await expect(promisify(execFile)(client, ['person', 'creat', 'jane'])).rejects.toMatchObject({ code: 2 });
}, 900_000);

test('the model of Kanidm gets the same calls from run to run', async () => {
  const made = [...recorded('first-run').stdout.matchAll(/^created [\w-]+ (\S+), UUID (\S+)$/gm)];
  const uuids = Object.fromEntries(made.map(([, name, uuid]) => [name, uuid]));
  const model = new KanidmModel('localhost', { uuids, files: { 'logo.svg': logo } });
  for (const name of names) {
    const { config, args, calls, status } = recorded(name);
    model.calls.length = 0;
    const run = await runScript(scriptOf(config), model.run, { args, files: filesOf(name) });
    expect([name, model.calls]).toEqual([name, calls.map(({ words }) => words)]);
    expect([name, run.status]).toEqual([name, status]);
  }
});
