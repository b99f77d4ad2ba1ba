import { fileDiff } from '../../lib/diff/file-changes';
import { isSameOn } from '../../lib/diff/same-clusters';
import { type Change, teamWith, uuid } from './steps/configs';

const edge = { server: 'https://192.0.2.11:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
const look = { name: 'look', clusterRole: 'view', people: ['jane', 'ann'] };
const ann = { displayName: 'Ann', id: uuid(2) };
const see = { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] };
const both: Change = {
  people: { jane: { id: uuid(1) }, ann },
  groups: { users: { members: ['jane', 'ann'] } },
  clusters: { lab: { grants: [look] }, edge: { ...edge, grants: [look] } },
  roles: { see },
};
const lab = (change: Change): Change => ({ clusters: { lab: change } });

const sameIn = (change: Change) => {
  const [before, after] = [teamWith(both), teamWith(both, change)];
  return ['lab', 'edge'].filter((name) => isSameOn(before, after, name));
};

test.each<[string, Change, string[]]>([
  ['nothing changed', {}, ['lab', 'edge']],
  ['findings are ignored', { checks: { ignore: [{ code: 'no-break-glass', reason: 'a test' }] } }, ['lab', 'edge']],
  [
    'the place of a grant changed',
    { ...lab({ grants: [] }), grants: [{ ...look, clusters: ['lab'] }] },
    ['lab', 'edge'],
  ],
  ['the order of accounts changed', lab({ grants: [{ ...look, people: ['ann', 'jane'] }] }), ['lab', 'edge']],
  ['a person is new', { people: { joe: { displayName: 'Joe' } } }, []],
  ['a grant is new', lab({ grants: [look, { ...look, name: 'other' }] }), ['edge']],
  ['a grant has another role', lab({ grants: [{ ...look, clusterRole: 'edit' }] }), ['edge']],
  ['a grant has an additional field', lab({ grants: [{ ...look, reason: 'on call' }] }), ['edge']],
  ['a grant applies to a namespace', lab({ grants: [{ ...look, namespaces: ['web'] }] }), ['edge']],
  ['a grant is of another account', lab({ grants: [{ ...look, people: ['ann'] }] }), ['edge']],
  ['a role has another rule', { roles: { see: { rules: [{ ...see.rules[0], verbs: ['list'] }] } } }, []],
  ['a cluster has another address', lab({ server: 'https://192.0.2.12:6443' }), ['edge']],
  ['a cluster is gone', { clusters: { edge: null } }, ['lab']],
])('%s', (_, change, same) => {
  expect(sameIn(change)).toEqual(same);
});

test('clusters that are equal on both sides are not rendered', () => {
  const files = fileDiff(teamWith(both), teamWith(both, lab({ grants: [{ ...look, clusterRole: 'edit' }] })));
  const page = files.find(({ path }) => path === 'ACCESS.md');
  for (const text of [page?.before, page?.after]) {
    expect(text).toContain('## `lab`');
    expect(text).not.toContain('edge');
  }
});
