import { principals } from '../../access/principals';
import { listed, whoIs } from '../../access/rights-in-words';
import type { Cluster } from '../../config/config';
import { isText, listOf, mapAt } from '../../guards';
import { kubeconfigEntries, kubeconfigOf } from '../../node-files/kubeconfig';
import { toYaml } from '../../output/yaml';
import { type CheckResult, failed, judged, type LiveCheck, passed, skipped } from './live-check';
import type { LiveSystem } from './live-system';
import { reasonOf } from './observation';
import { Question } from './question';

const reviews = new Question<string>();
const users = new Question<User>();

/** A complete sign-in. It opens a browser, so it runs only with `--login`. */
export const login: LiveCheck = {
  code: 'login-failed',
  parts: ['login'],
  run: async (system) => {
    const results: CheckResult[] = [];
    for (const cluster of system.clusters) results.push(...(await signIn(system, cluster)));
    return results;
  },
};

async function signIn(system: LiveSystem, cluster: Cluster): Promise<readonly CheckResult[]> {
  const { whoami } = system.tools;
  const path = [...cluster.path, 'kubeconfig'];
  if (!whoami) return [skipped('signing in opens a browser and needs --login')];
  const text = toYaml(kubeconfigOf([kubeconfigEntries(system.config, cluster)]));
  const answer = await reviews.ask(system, cluster.name, () => whoami(text));
  if (answer.value === undefined) {
    const fix =
      'fix the other findings first; `kaniflux explain --log -` explains the lines about a 401 in the log of the API server';
    return [failed(path, `signing in to ${cluster.name}: ${reasonOf(answer)}`, fix)];
  }
  return judged(
    'signing in',
    users.ask(system, cluster.name, () => userIn(answer.value)),
    (user) => who(system, cluster, user),
  );
}

interface User {
  readonly name: string;
  readonly groups: ReadonlySet<string>;
}

/**
 * Returns the user in a SelfSubjectReview.
 * @throws Error if the text is something else
 */
function userIn(text: string): User {
  let review: unknown;
  try {
    review = JSON.parse(text);
  } catch {
    review = undefined;
  }
  const { username, groups } = mapAt(review, 'status', 'userInfo');
  if (!isText(username)) throw new Error('kubectl auth whoami printed something other than a SelfSubjectReview');
  return { name: username, groups: new Set(listOf(groups).filter(isText)) };
}

function who({ config }: LiveSystem, cluster: Cluster, { name, groups }: User): CheckResult {
  const path = [...cluster.path, 'authentication'];
  const own = principals(config, cluster).filter(({ client }) => client === cluster.client);
  const expected = own.find(({ user }) => user === name);
  if (!expected) {
    const inGroups = own.filter(
      (one) => one.kind === 'members' && one.groups.length > 0 && one.groups.every((group) => groups.has(group)),
    );
    const message = `${cluster.name} identifies you as ${name}, but no user of client ${cluster.client} has this name according to the config`;
    const settings =
      'if the API server reads another claim or uses another prefix than the config says, correct `claim` and `prefix`, or the settings of the API server';
    if (inGroups.length === 0) {
      const fix = `add the person, with this UUID as \`id\`, and a membership; ${settings}`;
      return failed(path, message, fix, { severity: 'warning' });
    }
    const kept = listed(inGroups.map((one) => one.name));
    const fix = `if the config does not list you because only Kanidm knows the members, nothing has to change; ${settings}`;
    return failed(
      path,
      `${message}; ${cluster.name} also identifies you as a member of ${kept}, whose members only Kanidm knows`,
      fix,
      { severity: 'note' },
    );
  }
  const missing = expected.groups.filter((group) => !groups.has(group));
  if (missing.length === 0)
    return passed(`${cluster.name} identifies you as ${whoIs(expected)} (${name}), with all expected groups`);
  const message = `${cluster.name} identifies you as ${whoIs(expected)}, but not as a member of ${listed(missing)}`;
  const fix = `check that Kanidm has the membership, and that the API server reads the groups from the claim \`${cluster.authentication.groups?.claim ?? 'groups'}\` and adds the prefix in the config`;
  return failed(path, message, fix);
}
