import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { kanidmArtifacts } from '../../lib/node-files/kanidm-files';
import type { KubernetesObject } from '../../lib/output/kubernetes-object';
import { clusterFolders } from '../../lib/render';
import { configOf } from '../config';

const fixture = (name: string) => readFileSync(join(__dirname, '..', 'fixtures', 'home-lab', name), 'utf8');
const wanted = parseAllDocuments(fixture('kanidm.yaml')).map((document) => document.toJS() as KubernetesObject);

function rendered(config = configOf()): readonly KubernetesObject[] {
  const [cluster] = config.clusters.values();
  return (
    clusterFolders(config, cluster as NonNullable<typeof cluster>).find(({ name }) => name === 'kanidm')?.objects ?? []
  );
}

test.each(wanted.map((object) => [object.kind, object] as const))(
  "the home lab's %s, field by field",
  (kind, object) => {
    const ours = rendered().find((candidate) => candidate.kind === kind);
    expect(ours).toMatchObject(object);
  },
);

test('all that is added to them', () => {
  const [namespace, repository, release] = rendered();
  const annotations = {
    'kustomize.toolkit.fluxcd.io/prune': 'disabled',
    'kustomize.toolkit.fluxcd.io/substitute': 'disabled',
  };
  expect(namespace?.metadata).toEqual({ name: 'kanidm', annotations });
  expect(repository).toEqual({ ...wanted[1], metadata: { ...wanted[1]?.metadata, annotations } });
  const { postRenderers, ...spec } = (release?.spec ?? {}) as Record<string, unknown>;
  expect(spec).toEqual({
    ...(wanted[2]?.spec as object),
    install: { strategy: { name: 'RetryOnFailure' } },
    upgrade: { strategy: { name: 'RetryOnFailure' } },
    driftDetection: { mode: 'enabled' },
  });
  const { patches } =
    (postRenderers as { kustomize: { patches: { target: object; patch: string }[] } }[])[0]?.kustomize ?? {};
  expect(patches?.map(({ target }) => target)).toEqual([{ kind: 'Namespace' }, { kind: 'PersistentVolumeClaim' }]);
  for (const { patch } of patches ?? []) expect(patch).toContain('helm.sh/resource-policy: keep');
});

test('Kanidm elsewhere leaves nothing to deploy', () => {
  expect(rendered(configOf({ kanidm: { helm: null, cluster: null } }))).toEqual([]);
});

test("the runbook holds the home lab's commands", () => {
  const [runbook] = kanidmArtifacts(configOf());
  const lines = new Set(runbook?.text.split('\n').map((line) => line.trim()));
  const typed = fixture('kanidm-commands.txt').trim().split('\n');
  // The passwords are recovered in the pod; `get` and the token are conditional; three are spelt otherwise.
  const otherwise: Record<string, string> = {
    'kanidm person create datosh "Fabian Kammel"': "kanidm person create datosh 'Fabian Kammel'",
    'kanidm person update datosh --mail "fabian@kammel.dev"':
      "kanidm person update datosh --displayname='Fabian Kammel' --mail=fabian@kammel.dev",
    'kanidm system oauth2 set-image k8s ./kubernetes_logo.svg svg':
      'kanidm system oauth2 set-image k8s ./kubernetes-logo.svg svg',
    'kanidmd recover-account admin':
      'kubectl exec --stdin --tty --namespace=kanidm deployment/kanidm -- kanidmd recover-account admin',
    'kanidmd recover-account idm_admin':
      'kubectl exec --stdin --tty --namespace=kanidm deployment/kanidm -- kanidmd recover-account idm_admin',
    'kanidm person get datosh': 'if found kanidm person get datosh; then',
    'kanidm person credential create-reset-token datosh':
      "case $people in *' datosh '*) kanidm person credential create-reset-token datosh ;; esac",
  };
  for (const command of typed) expect(lines).toContain(otherwise[command] ?? command);
  expect(runbook).toMatchObject({ path: 'kanidm/runbook.sh', executable: true });
});

test('another domain leaves the old one nowhere', () => {
  const config = configOf({ kanidm: { domain: 'idm.example.com' } });
  const text = JSON.stringify([rendered(config), kanidmArtifacts(config)]);
  expect(text).toContain('idm.example.com');
  expect(text).not.toContain('sso.kammel.dev');
});

test('after migrations the runbook gives tokens to those who are named, and does not claim to know who is new', () => {
  const script = kanidmArtifacts(configOf({ kanidm: { version: '1.11.1', provision: 'migrations' } })).find(
    ({ path }) => path === 'kanidm/runbook.sh',
  );
  expect(script?.text).toContain('sh runbook.sh NAME…         a reset token for these people');
  expect(script?.text).not.toMatch(/who are new|brought up to date/);
});
