import { grant, type Has, rules, user, world } from '../../__tests__/become/small-world';
import { steps } from '../../lib/become/become-steps';
import { closure } from '../../lib/become/closure';
import type { Reached } from '../../lib/become/reached';
import { type Client, create, upToDate } from '../harness';
import { stage } from './stage';

/*
 * Random small clusters, one after the other on one API server. A program that does not know our steps tries everything
 * as each identity that it has. It tries again with the identities and rights that it gained, until it gains nothing
 * new. Then the test compares what the program can do with what our steps predict. Only steps that need nothing but
 * requests to the API server count.
 */

/** To try others: `BECOME_CLUSTERS=100 BECOME_SEED=1001 npm run e2e -- e2e/become/random`. */
const count = Number(process.env.BECOME_CLUSTERS ?? 20);
const first = Number(process.env.BECOME_SEED ?? 1);
const { apiserver, admin, clientOf, withToken } = stage('become-random');

/** Returns a function that gives random numbers, the same for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822507) + 3266489909) >>> 0;
    return (state >>> 8) % below;
  };
}

const rbac = 'rbac.authorization.k8s.io';

/**
 * The rights that roles are made of. In the cluster, a service account, a user and a role have the name `a`, and others
 * have the name `b`.
 */
const rights = [
  'create serviceaccounts/token',
  'create serviceaccounts/token a',
  'get secrets',
  'create secrets',
  'patch secrets',
  'deletecollection secrets',
  'delete secrets',
  'create configmaps',
  'impersonate serviceaccounts',
  'impersonate serviceaccounts b',
  'impersonate users',
  'impersonate groups',
  `bind roles.${rbac}`,
  `create rolebindings.${rbac}`,
  `patch rolebindings.${rbac}`,
  `create roles.${rbac}`,
  `patch roles.${rbac}`,
  `escalate roles.${rbac}`,
];

interface Made {
  readonly namespaces: readonly string[];
  readonly accounts: readonly string[];
  readonly person: string;
  readonly objects: readonly object[];
}

/** Returns a cluster with two namespaces, two service accounts in each, and a person. Each of them has a few rights. */
function cluster(seed: number): Made {
  const next = numbers(seed);
  const namespaces = [`r${seed}-x`, `r${seed}-y`];
  const accounts = namespaces.flatMap((namespace) => [`${namespace}/a`, `${namespace}/b`]);
  const person = `person-${seed}`;
  const some = (): string[] => Array.from({ length: 1 + next(3) }, () => rights[next(rights.length)] ?? '');
  const has = (): Has[] =>
    namespaces.flatMap((namespace) => (next(2) === 0 ? [] : [{ namespace, rules: rules(...some()) }]));
  return {
    namespaces,
    accounts,
    person,
    objects: [
      ...accounts.map((account) => {
        const [namespace, name] = account.split('/');
        return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name } };
      }),
      ...[person, ...accounts].flatMap((who) => has().flatMap((one) => grant(who, one))),
      ...grant(person, { namespace: namespaces[0] ?? '', rules: rules(...some(), rights[next(rights.length)] ?? '') }),
    ].filter((object, i, all) => all.findIndex((other) => keyOf(other) === keyOf(object)) === i),
  };
}

const keyOf = (object: object) => {
  const { kind, metadata } = object as { kind: string; metadata: { namespace?: string; name: string } };
  return `${kind}/${metadata.namespace}/${metadata.name}`;
};

/** The rights for which each identity is tested. */
const questions = rights
  .concat('get pods', `delete roles.${rbac}`, 'create pods')
  .map((text) => text.split(' '))
  .filter(([, , name]) => name === undefined)
  .map(([verb = '', what = '']) => {
    const [resource = '', ...group] = what.split('.');
    return { verb, group: group.join('.'), resource };
  });

/** Tries everything until nothing new comes. Returns the requests that at least one identity may make. */
async function tried({ namespaces, accounts, person }: Made): Promise<Set<string>> {
  const mine = new Map<string, Client>([[person, await clientOf(person)]]);
  const api = `/apis/${rbac}/v1/namespaces`;
  let before = '';
  let now = '';
  do {
    before = now;
    await upToDate(apiserver());
    for (const [who, client] of [...mine]) {
      const isCredential = !who.startsWith('as ');
      for (const namespace of namespaces) {
        for (const account of accounts.filter((one) => one.startsWith(`${namespace}/`))) {
          const [, name = ''] = account.split('/');
          const asked = await client.send('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, {
            spec: {},
          });
          if (asked.status === 201) keep(account, withToken(asked.body.status.token));
          const secret = `token-${name}`;
          const created = await client.send('POST', `/api/v1/namespaces/${namespace}/secrets`, {
            metadata: { name: secret, annotations: { 'kubernetes.io/service-account.name': name } },
            type: 'kubernetes.io/service-account-token',
          });
          if (created.status === 201) await filled(`/api/v1/namespaces/${namespace}/secrets/${secret}`);
          const secrets = `/api/v1/namespaces/${namespace}/secrets`;
          const answers = [
            await client.send('GET', `${secrets}/${secret}`),
            await client.send('PATCH', `${secrets}/${secret}`, {}, 'application/merge-patch+json'),
            await client.send('DELETE', `${secrets}/${secret}?dryRun=All&propagationPolicy=Orphan`),
            await client.send('DELETE', `${secrets}?dryRun=All&fieldSelector=metadata.name=${secret}`),
          ];
          for (const { status, body } of answers) {
            const token = (body.items?.[0] ?? body).data?.token;
            if (status === 200 && token) keep(account, withToken(Buffer.from(token, 'base64').toString()));
          }
          if (isCredential) await impersonate(client, `system:serviceaccount:${namespace}:${name}`, []);
        }
        // Gives each identity every role of the namespace, and cluster-admin.
        const roles: string[] = (await admin().must('GET', `${api}/${namespace}/roles`)).items.map(
          ({ metadata }: { metadata: { name: string } }) => metadata.name,
        );
        const subjects = [...new Set([...mine.keys()].map(accountOf).filter((one) => !one.startsWith('as ')))].map(
          subjectOf,
        );
        for (const [kind, name] of [...roles.map((one) => ['Role', one]), ['ClusterRole', 'cluster-admin']]) {
          const roleRef = { apiGroup: rbac, kind, name };
          await client.send('POST', `${api}/${namespace}/rolebindings`, {
            metadata: { name: `to-all-${kind}-${name}`.toLowerCase() },
            roleRef,
            subjects,
          });
        }
        const { items: bindings } = await admin().must('GET', `${api}/${namespace}/rolebindings`);
        for (const { metadata } of bindings) {
          await client.send(
            'PATCH',
            `${api}/${namespace}/rolebindings/${metadata.name}`,
            { subjects },
            'application/merge-patch+json',
          );
        }
        const every = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
        for (const name of roles) {
          await client.send(
            'PATCH',
            `${api}/${namespace}/roles/${name}`,
            { rules: every },
            'application/merge-patch+json',
          );
        }
        await client.send('POST', `${api}/${namespace}/roles`, { metadata: { name: 'new' }, rules: every });
      }
      if (isCredential) for (const group of ['system:masters']) await impersonate(client, 'anybody', [group]);
    }
    await upToDate(apiserver());
    // Compared for each identity, because a right that one identity gives to another counts as new.
    now = JSON.stringify(
      await Promise.all([...mine].map(async ([who, client]) => [who, [...(await allowed(client))].sort()])),
    );
  } while (now !== before);
  const found = await reachable();
  for (const client of mine.values()) client.close();
  return found;

  function keep(who: string, client: Client) {
    if (mine.has(who)) client.close();
    else mine.set(who, client);
  }
  async function impersonate(client: Client, name: string, groups: readonly string[]) {
    const other = client.as(name, groups);
    const { status } = await other.send('GET', '/api/v1/namespaces');
    const body = await other.send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {});
    if (body.status === 201 && (status === 200 || status === 403)) keep(`as ${name} ${groups}`, other);
    else other.close();
  }
  async function reachable(): Promise<Set<string>> {
    const sets = await Promise.all([...mine.values()].map(allowed));
    return new Set(sets.flatMap((all) => [...all]));
  }
  async function allowed(client: Client): Promise<Set<string>> {
    const asked = namespaces.flatMap((namespace) => questions.map((one) => ({ ...one, namespace })));
    const answers = await Promise.all(
      asked.map(({ verb, group, resource, namespace }) => client.may(verb, group, resource, namespace)),
    );
    return new Set(asked.filter((_, i) => answers[i]).map(textOf));
  }
}

/** Waits until kube-controller-manager has put the token into a Secret. */
async function filled(path: string): Promise<void> {
  for (;;) {
    if ((await admin().must('GET', path)).data?.token) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Returns the service account of an impersonated identity, which can also be given a role. */
const accountOf = (who: string) => who.replace(/^as system:serviceaccount:(.+):(.+) $/, '$1/$2');

const subjectOf = (who: string) => {
  const [namespace, name] = who.split('/');
  return name === undefined ? { apiGroup: rbac, kind: 'User', name: who } : { kind: 'ServiceAccount', namespace, name };
};

interface Question {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
}

const textOf = ({ verb, group, resource, namespace }: Question) => `${verb} ${resource}.${group} in ${namespace}`;

/**
 * Returns the requests that our steps predict to be allowed. Steps that need more than requests to the API server, and
 * steps with assumptions, do not count.
 */
function said(result: Reached, namespaces: readonly string[]): Set<string> {
  const all = new Set<string>();
  for (const fact of result.facts.values()) {
    if (fact.kind !== 'identity') continue;
    const rights = result.rightsOf(fact);
    for (const namespace of namespaces) {
      for (const question of questions) {
        const [resource = '', subresource] = question.resource.split('/');
        const request = { ...question, resource, ...(subresource === undefined ? {} : { subresource }), namespace };
        if (rights.isSuperuser || rights.allows(request)) all.add(textOf({ ...question, namespace }));
      }
    }
  }
  return all;
}

const onlyRequests = steps
  .filter(({ apiServerOnly }) => apiServerOnly)
  .map((step) => ({
    ...step,
    gains: (...args: Parameters<typeof step.gains>) =>
      [...step.gains(...args)].filter(({ assumes = [] }) => assumes.length === 0),
  }));

test.each(Array.from({ length: count }, (_, i) => i + first))('cluster %i', async (seed) => {
  const made = cluster(seed);
  await create(admin(), [
    ...made.namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...made.objects,
  ]);
  const result = closure(world({ objects: made.objects }), [user(made.person)], { steps: onlyRequests });
  const ours = [...said(result, made.namespaces)].sort();
  const real = [...(await tried(made))].sort();
  expect(ours).toEqual(real);
  reachedBySteps += result.derivations.size;
});

let reachedBySteps = 0;
test('the clusters had ways', () => {
  expect(reachedBySteps).toBeGreaterThan(count);
});
