import { at, listOf } from '../../adopt/facts';
import { toYaml } from '../../artifacts/yaml';
import type { Cluster } from '../../config/config';
import { groupSubjects, personSubjects } from '../../identity/subject';
import { entriesOf, kubeconfigOf } from '../../kubeconfig/kubeconfig';
import { listed } from '../../review/words';
import { type Check, type Said, seen, unknown, well, wrong } from '../check';
import type { Patient } from '../patient';

/** What only a whole sign-in shows. It opens a browser, so it is done where it is asked for. */
export const login: Check = {
  code: 'KFD601',
  title: 'Signing in with the rendered kubeconfig fails, or gives somebody else',
  severity: 'error',
  parts: ['login'],
  run: async (patient) => {
    const said: Said[] = [];
    for (const cluster of patient.clusters) said.push(...(await signIn(patient, cluster)));
    return said;
  },
};

async function signIn(patient: Patient, cluster: Cluster): Promise<readonly Said[]> {
  const { whoami } = patient.tools;
  const path = [...cluster.path, 'kubeconfig'];
  if (!whoami) return [unknown('signing in opens a browser: ask for it with --login')];
  const text = toYaml(kubeconfigOf([entriesOf(patient.config, cluster)]));
  const answer = await patient.once(`login ${cluster.name}`, () => whoami(text));
  if (answer.value === undefined) {
    const mend =
      'mend what is wrong above first; `kaniflux explain --log -` knows what the log of the API server says of a 401';
    return [wrong(path, `signing in to ${cluster.name}: ${(answer as { reason: string }).reason}`, mend)];
  }
  return seen(
    'signing in',
    patient.once(`whoami ${cluster.name}`, () => JSON.parse(answer.value) as unknown),
    (review) => who(patient, cluster, review),
  );
}

function who({ config }: Patient, cluster: Cluster, review: unknown): Said {
  const info = at(review, 'status', 'userInfo');
  const name = String(info.username);
  const person = [...config.people.values()].find(
    (one) => !one.absent && personSubjects(config, cluster, one.name).includes(name),
  );
  const known = new Set([...config.groups.keys()].flatMap((group) => groupSubjects(config, cluster, group)));
  const groups = listOf(info.groups).map(String);
  const ours = groups.filter((group) => known.has(group));
  if (person) {
    const through = ours.length > 0 ? `, in ${listed(ours)}` : '';
    return well(`${cluster.name} takes you for ${person.name} (${name})${through}`);
  }
  const message = `${cluster.name} takes you for ${name}, who is no person of the config`;
  return wrong(
    [...cluster.path, 'authentication'],
    message,
    'add the person, with this UUID as `id`; or mend `claim` and `prefix`, or the settings of the API server, where they made the name',
    { severity: 'warning' },
  );
}
