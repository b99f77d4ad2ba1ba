import { grant, user, world } from '../../__tests__/become/small-world';
import { closure } from '../../lib/become/closure';
import { create, Refused, requestCertificate } from '../harness';
import { certificateScenarios } from './certificate-scenarios';
import { identityScenarios } from './identity-scenarios';
import { play } from './play';
import { podScenarios, privilegedDebug, strategic } from './pod-scenarios';
import { rbacScenarios } from './rbac-scenarios';
import { enforced, mergePatch, pods } from './scene';
import { webhookScenarios } from './webhook-scenarios';

const stage = play(
  'become',
  [...identityScenarios, ...podScenarios, ...rbacScenarios, ...certificateScenarios, ...webhookScenarios],
  '1.34',
);

test('the API server refuses system:masters in a certificate signing request', async () => {
  const actor = await stage.clientOf('open-approve-certificate-none');
  const { request } = await requestCertificate({ commonName: 'a', organizations: ['system:masters'] });
  const asked = actor.must('POST', '/apis/certificates.k8s.io/v1/certificatesigningrequests', {
    metadata: { name: 'masters' },
    spec: { request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
  });
  await expect(asked).rejects.toThrow(Refused);
  await expect(asked).rejects.toThrow('system:masters');
});

test('Pod Security refuses a privileged debug container', async () => {
  const namespace = 'debug-baseline';
  const labels = { 'pod-security.kubernetes.io/enforce': 'baseline' };
  await create(stage.admin(), [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } },
  ]);
  await enforced(stage.admin(), namespace, 'baseline');
  const container = { name: 'c', image: 'c' };
  await stage.admin().must('POST', pods(namespace), { metadata: { name: 'a' }, spec: { containers: [container] } });
  const path = `${pods(namespace)}/a/ephemeralcontainers`;
  const refused = await stage.admin().send('PATCH', path, privilegedDebug, strategic);
  expect({ status: refused.status, message: refused.body.message }).toEqual({
    status: 403,
    message: expect.stringContaining('violates PodSecurity "baseline'),
  });
});

test('the template of a Job cannot be changed', async () => {
  const container = { name: 'c', image: 'c' };
  const jobs = '/apis/batch/v1/namespaces/default/jobs';
  const spec = { template: { spec: { restartPolicy: 'Never', containers: [container] } } };
  await stage.admin().must('POST', jobs, { metadata: { name: 'fixed' }, spec });
  for (const change of [{ serviceAccountName: 'boss' }, { containers: [{ ...container, image: 'theirs' }] }]) {
    const changed = await stage
      .admin()
      .send('PATCH', `${jobs}/fixed`, { spec: { template: { spec: change } } }, mergePatch);
    expect({ status: changed.status, message: changed.body.message }).toEqual({
      status: 422,
      message: expect.stringContaining('field is immutable'),
    });
  }
});

test('nobody impersonates through an impersonated user', async () => {
  await create(stage.admin(), [
    ...grant('first', {
      rules: [{ verbs: ['impersonate'], apiGroups: [''], resources: ['users'], resourceNames: ['second'] }],
    }),
    ...grant('second', { rules: [{ verbs: ['impersonate'], apiGroups: [''], resources: ['users', 'groups'] }] }),
  ]);
  const first = await stage.clientOf('first');
  await expect(first.as('third', ['system:masters']).may('*', '*', '*')).rejects.toThrow(Refused);
  // A second impersonation header does not name a second user.
  const result = closure(
    world({
      objects: grant('first', {
        rules: [{ verbs: ['impersonate'], apiGroups: [''], resources: ['users'], resourceNames: ['second'] }],
      }),
    }),
    [user('first')],
  );
  expect([...result.facts.values()].map(({ words }) => words)).toEqual(['first', 'the user second']);
});
