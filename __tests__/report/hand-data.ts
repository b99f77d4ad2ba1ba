import type { ReportData, WayData } from '../../lib/report/model/data';

const ways: readonly WayData[] = Array.from({ length: 6 }, (_, at) => ({
  people: [0],
  clusters: [0, 1],
  goal: `the service account a/robot-${at}`,
  may: 'Delete pods',
  danger: 'write',
  steps: [0],
  groups: [1],
  roles: ['edit'],
}));

/** One of each kind of person, group and grant, written by hand. */
export const handData: ReportData = {
  domain: 'idm.example.com',
  clusters: [
    { name: 'east', kubernetes: '1.34', server: 'https://192.0.2.10:6443' },
    { name: 'west', kubernetes: '1.35.1', server: 'https://192.0.2.20:6443' },
  ],
  people: [
    { name: 'bot', kind: 'service account', knownAs: [], holds: [{ grant: 2, way: [] }] },
    { name: 'crew', kind: 'members', knownAs: [], signInUnknown: [0, 1], holds: [{ grant: 1, way: [1] }] },
    { name: 'dan', kind: 'person', knownAs: [], holds: [] },
    { name: 'group ops', kind: 'other', knownAs: [], holds: [{ grant: 3, way: [], clusters: [1] }] },
    {
      name: 'jane',
      kind: 'person',
      displayName: 'Jane Doe',
      knownAs: ['issuer#1', 'issuer#2'],
      holds: [{ grant: 0, way: [3, 0] }],
    },
    {
      name: 'joe',
      kind: 'person',
      knownAs: ['issuer#3'],
      holds: [
        { grant: 2, way: [] },
        { grant: 3, way: [] },
        { grant: 3, way: [0] },
      ],
    },
  ],
  groups: [
    { name: 'admins', people: 1 },
    { name: 'crew' },
    { name: 'idle', people: 0 },
    { name: 'leads', people: 1 },
    { name: 'system:authenticated', builtIn: true },
    { name: 'system:masters', builtIn: true },
  ],
  grants: [
    {
      name: 'root',
      role: 'cluster-admin',
      namespaces: [],
      clusters: [0, 1],
      groups: [0],
      danger: 'everything',
      may: 'do everything',
    },
    {
      name: 'editors',
      role: 'edit',
      namespaces: ['a', 'b', 'c', 'd', 'e'],
      clusters: [0],
      groups: [1],
      danger: 'takeover',
      may: 'run pods',
    },
    { name: 'viewers', role: 'view', namespaces: ['a'], clusters: [1], groups: [], danger: 'read', may: 'read pods' },
    {
      name: 'by-hand',
      role: 'empty',
      namespaces: ['a', 'b'],
      clusters: [0, 1],
      groups: [2],
      may: 'do nothing',
      file: 'apps/extra.yaml',
    },
  ],
  findings: [],
  ignored: [],
  expectations: [],
  becomings: {
    kinds: [{ title: 'Run a pod', closedBy: 'nothing', source: 'https://example.com/' }],
    steps: [
      {
        kind: 0,
        does: 'Run a pod in a',
        allowedBy: ['Create pods (edit)'],
        assumes: ['Namespace a has a ServiceAccount'],
      },
    ],
    ways: [
      ...ways,
      { ...ways[0], people: [1, 4], clusters: [1], goal: 'cluster-admin', danger: 'everything' } as WayData,
    ],
  },
};
