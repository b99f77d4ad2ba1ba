import { deploymentMoves } from '../../../lib/checks/base/deployment-moves';
import { configOf } from '../../config';

type Kanidm = Record<string, unknown>;

const moves = (before: Kanidm, after: Kanidm) =>
  deploymentMoves(configOf({ kanidm: before }), configOf({ kanidm: after })).map(
    ({ severity, code, message, fix, place }) => [`${severity} ${place.path.join('.')}: ${message} (${code})`, fix],
  );

const manifests = (more: Kanidm = {}): Kanidm => ({ version: '1.11.1', helm: null, manifests: {}, ...more });
const elsewhere: Kanidm = { version: '1.11.1', helm: null, cluster: null };
const moving = '(docs/kanidm.md, "Moving to other volumes")';
const restore = `take a backup, deploy the change, and restore the backup on the new volumes ${moving}`;
const removeOld = `take a backup, remove the old Kanidm but not its volumes, deploy the change, and restore the backup on the new volumes ${moving}`;

test.each<[string, Kanidm, Kanidm, string[][]]>([
  ['nothing', manifests(), manifests(), []],
  ['nothing elsewhere', elsewhere, elsewhere, []],
  [
    'the domain',
    elsewhere,
    { ...elsewhere, domain: 'idm.example.com' },
    [
      [
        'error kanidm.domain: the domain changes from sso.kammel.dev to idm.example.com, but passkeys and tokens are valid only for sso.kammel.dev (domain-changed)',
        'write `sso.kammel.dev` again, or rename the domain in Kanidm first (`kanidmd domain rename`) and give each entry its `id`',
      ],
    ],
  ],
  [
    'the domain, from which Kaniflux derives UUIDs',
    { ...elsewhere, provision: 'migrations' },
    { ...elsewhere, provision: 'migrations', domain: 'idm.example.com' },
    [
      [
        'error kanidm.domain: the domain changes from sso.kammel.dev to idm.example.com, but passkeys and tokens are valid only for sso.kammel.dev, and every entry without an `id` would get another UUID (domain-changed)',
        'write `sso.kammel.dev` again, or rename the domain in Kanidm first (`kanidmd domain rename`) and give each entry its `id`',
      ],
    ],
  ],
  [
    'to an older version',
    { ...elsewhere, version: '1.11.1' },
    { ...elsewhere, version: '1.10.0' },
    [
      [
        'error kanidm.version: Kanidm would go back from 1.11.1 to 1.10.0, which cannot open the newer database (version-back)',
        'write `version: "1.11.1"`; to go back, restore a backup that 1.10.0 made',
      ],
    ],
  ],
  ['to the next version', { ...elsewhere, version: '1.10.0' }, { ...elsewhere, version: '1.11.1' }, []],
  ['to an unknown version', elsewhere, { ...elsewhere, version: null }, []],
  [
    'over a version',
    { ...elsewhere, version: '1.8.0' },
    { ...elsewhere, version: '1.11.1' },
    [
      [
        'error kanidm.version: Kanidm would go from 1.8.0 to 1.11.1 in one step, but Kanidm can only be upgraded one minor version at a time (version-jump)',
        'write `version: "1.9"`, wait until this version is running, and continue with these versions in order: 1.9, 1.10, 1.11',
      ],
    ],
  ],
  [
    'over a version, without one in the config',
    manifests({ version: '1.9.0' }),
    manifests({ version: null }),
    [
      [
        'error kanidm: Kanidm would go from 1.9.0 to 1.11.1 in one step, but Kanidm can only be upgraded one minor version at a time (version-jump)',
        'write `version: "1.10"`, wait until this version is running, and continue with these versions in order: 1.10, 1.11',
      ],
    ],
  ],
  [
    'from elsewhere to manifests',
    elsewhere,
    manifests(),
    [
      [
        'error kanidm: With the config of the base revision, Kaniflux does not deploy Kanidm, but now Kaniflux would deploy Kanidm with manifests. Unless the new deployment takes over the existing volumes, Kanidm would start with an empty database (deployment-changed)',
        restore,
      ],
    ],
  ],
  [
    'from manifests to elsewhere',
    manifests(),
    elsewhere,
    [
      [
        'error kanidm: With the config of the base revision, Kaniflux deploys Kanidm with manifests, but now Kaniflux would no longer deploy Kanidm: a server that replaces this Kanidm does not get the existing database (deployment-changed)',
        'take a backup, restore it on the other server, and deploy the change (docs/kanidm.md, "Moving to other volumes")',
      ],
    ],
  ],
  [
    'the namespace',
    manifests({ namespace: 'idm' }),
    manifests({ namespace: 'auth' }),
    [
      [
        'error kanidm.namespace: Kanidm moves from the namespace idm to auth: Kanidm would start on new, empty volumes (kanidm-moves)',
        removeOld,
      ],
    ],
  ],
  [
    'the size of the volume',
    manifests(),
    manifests({ manifests: { storage: { size: '5Gi' } } }),
    [
      [
        'error kanidm.manifests.storage.size: `kanidm.manifests.storage.size` changes from `2Gi` to `5Gi`, but Kubernetes rejects a change of the size or StorageClass in the volume claims of a StatefulSet (storage-changed)',
        'write `size: 2Gi`; to get more space, grow the PersistentVolumeClaim if its StorageClass allows it',
      ],
    ],
  ],
  [
    'the class of the volume',
    manifests(),
    manifests({ manifests: { storage: { className: 'fast' } } }),
    [
      [
        'error kanidm.manifests.storage.className: `kanidm.manifests.storage.className` changes from the default to `fast`, but Kubernetes rejects a change of the size or StorageClass in the volume claims of a StatefulSet (storage-changed)',
        'remove `kanidm.manifests.storage.className`',
      ],
    ],
  ],
  [
    'the size of the backups',
    manifests(),
    manifests({ backup: { size: '5Gi' } }),
    [
      [
        'error kanidm.backup.size: `kanidm.backup.size` changes from `2Gi` to `5Gi`, but Kubernetes rejects a change of the size or StorageClass in the volume claims of a StatefulSet (storage-changed)',
        'write `size: 2Gi`; to get more space, grow the PersistentVolumeClaim if its StorageClass allows it',
      ],
    ],
  ],
  ['how many backups are kept', manifests(), manifests({ backup: { versions: 5 } }), []],
])('a change of %s', (_, before, after, expected) => {
  expect(moves(before, after)).toEqual(expected);
});

test('a change of what deploys Kanidm', () => {
  const [[line, fix] = []] = moves({ version: '1.11.1' }, manifests());
  expect(line).toMatch(
    /^error kanidm\.manifests: Kaniflux would deploy Kanidm with manifests instead of the chart kanidm 0\.1\.x \(a \w+\): Kanidm would start on new, empty volumes \(deployment-changed\)$/,
  );
  expect(fix).toBe(removeOld);
  // Helm replaces what it installed, but only in the same namespace.
  const [older, newer] = ['0.1.2', '0.2.1'].map((version) => ({ version: '1.11.1', helm: { version } }));
  expect(older && newer && moves(older, newer).map(([, fix]) => fix)).toEqual([restore]);
  expect(older && newer && moves(older, { ...newer, namespace: 'idm' }).map(([, fix]) => fix)).toEqual([removeOld]);
  const other = { repository: 'https://charts.example.com', chart: 'idm', version: '1.0.0' };
  expect(moves({ helm: other }, { helm: { ...other, chart: 'auth' } })).toEqual([
    [
      'error kanidm.helm.version: Kaniflux would deploy Kanidm with the chart auth instead of the chart idm: Kanidm would start on new, empty volumes (deployment-changed)',
      restore,
    ],
  ]);
});

test('a StatefulSet of a chart and that of the manifests use the same volumes', () => {
  const chart = { version: '1.11.1', helm: { version: '0.2.1' } };
  const same =
    'both are a StatefulSet with the same name and the same volumes, and Flux cannot change one into the other';
  const fix = `take a backup, remove the old Kanidm but not its volumes, and deploy the change ${moving}`;
  const of = 'the chart kanidm 0.2.x (a StatefulSet)';
  expect(moves(chart, manifests())).toEqual([
    [
      `error kanidm.manifests: Kaniflux would deploy Kanidm with manifests instead of ${of}: ${same} (deployment-changed)`,
      fix,
    ],
  ]);
  expect(moves(manifests(), chart)).toEqual([
    [
      `error kanidm.helm.version: Kaniflux would deploy Kanidm with ${of} instead of manifests: ${same} (deployment-changed)`,
      fix,
    ],
  ]);
  expect(moves(chart, manifests({ namespace: 'idm' })).map(([, fix]) => fix)).toEqual([removeOld]);
});

test('a move to another cluster', () => {
  const edge = { server: 'https://192.0.2.11:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
  const [before, after] = ['homelab', 'edge'].map((cluster) =>
    configOf({ kanidm: manifests({ cluster, namespace: cluster }), clusters: { edge } }),
  );
  expect(before && after && deploymentMoves(before, after).map(({ message, place }) => [message, place.path])).toEqual([
    ['Kanidm moves from homelab to edge: Kanidm would start on new, empty volumes', ['kanidm', 'cluster']],
  ]);
  // The cluster was only renamed: it has the same API server.
  const renamed = configOf({ kanidm: manifests({ cluster: 'edge' }), clusters: { homelab: null, edge } });
  const was = configOf({ kanidm: manifests(), clusters: { homelab: { server: edge.server } } });
  expect(deploymentMoves(was, renamed)).toEqual([]);
});
