import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { configOf } from '../__tests__/config';
import { kanidmArtifacts } from '../lib/node-files/kanidm-files';
import { ensurePart } from './parts/build';

/*
 * The runbook, run by a real sh with a `kanidm` before the real one in PATH: that one hands each command line to the
 * real client, whose parser ends with 2 for what it does not know. There is no server: what parses fails to connect.
 */
const nasty = `O'Brien "x" $HOME \`id\` \\ ünï -- 漢`;
const config = configOf({
  kanidm: { helm: null, cluster: null, version: '1.10.4' },
  people: {
    jane: {
      displayName: nasty,
      legalName: nasty,
      mail: ['jane@example.com', "o'brien@example.com"],
      posix: { gid: 70001, shell: '/bin/bash' },
      sshKeys: { [nasty]: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAeGXTnh8cGXF5WEBpBBsPBYIhIQm9Cj2fBiFUX2mCdm' },
    },
    dash: { displayName: '-rf --help' },
  },
  serviceAccounts: { bot: { displayName: nasty, managedBy: 'idm_admins' } },
  groups: {
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
    web: {
      type: 'basic',
      displayName: nasty,
      landingUrl: 'https://app.example.com',
      redirectUrls: ["https://app.example.com/a'b"],
      scopes: { all: ['openid', 'groups_name'] },
      supplementaryScopes: { all: ['admin'] },
      claims: { roles: { join: 'csv', values: { all: ['a', 'b'] } } },
      preferShortUsername: true,
      legacyCrypto: false,
      consentPrompt: true,
      image: `-${nasty}.svg`,
    },
  },
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-runbook-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(['new', 'there'])(
  'every command parses with the real client, the entries being %s',
  async (state) => {
    const client = await ensurePart('kanidm');
    const calls = join(folder, `${state}.txt`);
    const stub = join(folder, 'kanidm');
    // `get` finds an entry from the second time on, or at once.
    writeFileSync(
      stub,
      `#!/bin/sh
KANIDM_URL=https://127.0.0.1:1 KANIDM_PASSWORD=x ${client} "$@" </dev/null >/dev/null 2>'${folder}/error'
status=$?
printf '%s %s\\n' "$status" "$*" >>'${calls}'
[ "$status" = 2 ] && cat '${folder}/error' >>'${calls}'
case " $* " in *' get '*)
  key='${folder}/${state}-'$(printf %s "$*" | tr -c a-z0-9 _)
  if [ ${state} = there ] || [ -e "$key" ]; then echo 'uuid: 1'; fi
  : >"$key" ;;
esac
exit 0
`,
    );
    chmodSync(stub, 0o755);
    const runbook = kanidmArtifacts(config).find(({ path }) => path.endsWith('runbook.sh'));
    const script = join(folder, 'runbook.sh');
    writeFileSync(script, runbook?.text ?? '');
    const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder };
    const { stdout } = await promisify(execFile)('sh', [script, 'jane'], { env, cwd: folder });
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('done');

    const lines = readFileSync(calls, 'utf8').trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('2 '))).toEqual([]);
    const commands = lines.filter((line) => /^\d+ /.test(line)).map((line) => line.replace(/^\d+ /, ''));
    expect(commands).toContain(
      `person update jane --displayname=${nasty} --legalname=${nasty} --mail=jane@example.com --mail=o'brien@example.com`,
    );
    expect(commands).toContain('person credential create-reset-token jane');
    expect(commands.some((line) => line.startsWith('person create'))).toBe(state === 'new');
    expect(commands.includes('group delete gone')).toBe(state === 'there');
  },
  900_000,
);

test("the client's parser does end with 2 for what it does not know", async () => {
  const client = await ensurePart('kanidm');
  await expect(promisify(execFile)(client, ['person', 'creat', 'jane'])).rejects.toMatchObject({ code: 2 });
}, 900_000);
