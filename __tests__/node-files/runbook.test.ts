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

test('another domain leaves the old one nowhere', () => {
  const config = configOf({ kanidm: { domain: 'idm.example.com' } });
  const text = JSON.stringify([rendered(config), kanidmArtifacts(config)]);
  expect(text).toContain('idm.example.com');
  expect(text).not.toContain('sso.kammel.dev');
});
