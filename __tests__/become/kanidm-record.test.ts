import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '../../lib/access/managers';
import { closure } from '../../lib/become/closure';
import { accountFact } from '../../lib/become/fact';
import { kanidmNameSteps } from '../../lib/become/steps/kanidm-name-steps';
import { kanidmSteps } from '../../lib/become/steps/kanidm-steps';
import { stepsOf, world } from './small-world';

/** A trial on a real Kanidm: who tried a step, and the result. */
interface Trial {
  readonly code: string;
  readonly isOpen: boolean;
  /** The person or group and, after `;`, the circumstance. */
  readonly words: string;
  readonly text: string;
}

const record = readFileSync(join(__dirname, '..', 'fixtures', 'become', 'kanidm-1.11.1.txt'), 'utf8');

const trials = record
  .split(/^## /m)
  .slice(1)
  .map((block): Trial => {
    const [, code = '', state = '', words = '', text = ''] = /^([\w-]+), (\w+): ([^\n]*)\n(.*)$/s.exec(block) ?? [];
    return { code, isOpen: state === 'open', words, text };
  });

const names = ['ann', 'bob', 'carl', 'dan', 'rose'];
const id = (i: number) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;

/** Returns the config of the server in a trial. */
const config = ({ code, words }: Trial) => ({
  people: Object.fromEntries(
    names.map((name, i) => [name, { displayName: name, id: id(i + 1), mail: `${name}@example.com` }]),
  ),
  serviceAccounts: { ci: { displayName: 'CI', id: id(99), managedBy: 'ann' } },
  groups: {
    k8s_users: { members: ['ann', 'bob', 'rose', 'ci'] },
    admins: { members: ['datosh'], managedBy: 'ann' },
    ops: { members: ['datosh'], managedBy: 'dan' },
    devs: { members: ['datosh'], managedBy: 'carl' },
    vault: { members: ['datosh'] },
  },
  clients: {
    k8s: {
      scopes: {
        ops: ['openid', 'email', 'profile', 'groups'],
        ...(words.includes('idm_all_persons is in the scopes')
          ? { idm_all_persons: ['openid', 'email', 'profile', 'groups'] }
          : {}),
      },
    },
  },
  clusters: {
    homelab: {
      authentication: {
        ...(code === 'change-name' ? { claim: 'preferred_username', prefix: 'kanidm:' } : {}),
        ...(code === 'change-mail' ? { claim: 'email' } : {}),
        groups: {},
      },
      grants: [
        { name: 'groups', clusterRole: 'cluster-admin', groups: ['admins', 'ops', 'devs', 'vault'] },
        ...(code === 'change-mail' ? [] : [{ name: 'ci', clusterRole: 'cluster-admin', serviceAccounts: ['ci'] }]),
        {
          name: 'gone',
          clusterRole: 'cluster-admin',
          subjects: { users: ['kanidm:gone@sso.kammel.dev', 'gone@example.com'] },
        },
      ],
    },
  },
});

function predicted(trial: Trial) {
  const [first = ''] = trial.words.split(/[ ;,]/);
  const actor: Actor = first.startsWith('idm_') ? { kind: 'members', name: first } : { kind: 'person', name: first };
  return stepsOf(closure(world({ config: config(trial) }), [accountFact(actor)]), trial.code);
}

/**
 * Returns the circumstance of a trial, which the config cannot express: an entry is in idm_high_privilege, or a group
 * is empty.
 */
function circumstance({ words }: Trial): { readonly of: string; readonly group: string } | undefined {
  const [, of, empty] = /; (\w+) is (?:in idm_high_privilege|(empty))/.exec(words) ?? [];
  return of === undefined ? undefined : { of, group: empty === undefined ? 'idm_high_privilege' : of };
}

const named = (isOpen: boolean, isUnknown: boolean) =>
  trials
    .filter((one) => one.isOpen === isOpen && (circumstance(one) !== undefined) === isUnknown)
    .map((trial) => [`${trial.code}: ${trial.words}`, trial] as const);

/** Returns the assumptions of each predicted step. If there is a circumstance, only steps about its entry count. */
const assumptions = (trial: Trial): string[] => {
  const about = circumstance(trial);
  return predicted(trial)
    .filter(({ does }) => about === undefined || about.of === about.group || does.includes(about.of))
    .map(({ assumes }) => (assumes ?? []).join());
};

test.each(named(true, false))('%s: it worked, and is predicted', (_title, trial) => {
  expect(assumptions(trial)).not.toEqual([]);
});
test.each(named(false, false))('%s: it was refused, and is not predicted', (_title, trial) => {
  expect(assumptions(trial)).toEqual([]);
});
test.each(named(true, true))('%s: it worked, and is predicted without such an assumption', (_title, trial) => {
  expect(assumptions(trial)).toEqual([expect.not.stringContaining(circumstance(trial)?.group ?? '')]);
});
test.each(named(false, true))('%s: it was refused, and is predicted under an assumption', (_title, trial) => {
  expect(assumptions(trial)).toEqual([expect.stringContaining(circumstance(trial)?.group ?? '')]);
});

test('each record ends as its heading says', () => {
  for (const { isOpen, text } of trials) {
    const last = text.trim().split('\n').slice(-1);
    if (isOpen)
      expect(last).toEqual([expect.stringMatching(/ID token of \S+(: (groups|email|preferred_username) |$)/)]);
    else expect(text).toMatch(/^Error |^HTTP Error: 403 |^Item not found|: none, the client refuses the person$/m);
  }
});

test('each step of Kanidm was tried, open and closed', () => {
  // Whether a push is possible depends on the Git host.
  const codes = [...kanidmSteps, ...kanidmNameSteps]
    .map(({ code }) => code)
    .filter((code) => code !== 'push-to-source');
  for (const isOpen of [true, false])
    expect([...new Set(trials.filter((one) => one.isOpen === isOpen).map(({ code }) => code))].sort()).toEqual(
      [...codes].sort(),
    );
});
