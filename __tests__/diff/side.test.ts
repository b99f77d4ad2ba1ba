import { accessOn, rendered } from '../../lib/diff/side';
import { configOf } from '../config';

const grants = (role: string) => `    grants: [{ name: g, clusterRole: ${role}, people: [jane] }]\n`;
const text = (role: string) =>
  'kanidm: { domain: idm.example.com }\npeople: { jane: { displayName: Jane } }\ngroups: { users: { members: [jane] } }\n' +
  'clients: { k8s: { landingUrl: "http://localhost:8000", scopes: { users: [openid] } } }\nclusters:\n' +
  ['lab', 'edge']
    .map(
      (name, i) =>
        `  ${name}:\n    server: https://192.0.2.1${i}:6443\n    kubernetes: "1.34"\n    client: k8s\n    controlPlane: kubeadm\n${grants(role)}`,
    )
    .join('');

test('a side renders and evaluates each cluster once, also if the clusters are asked for in turn', () => {
  const side = rendered(configOf(text('view')));
  const first = ['lab', 'edge'].map((name) => [side.objects(name), accessOn(side, name)]);
  const again = ['lab', 'edge'].map((name) => [side.objects(name), accessOn(side, name)]);
  for (const [i, [objects, access]] of first.entries()) {
    expect(again[i]?.[0]).toBe(objects);
    expect(again[i]?.[1]).toBe(access);
  }
  expect(first[0]?.[0]).not.toBe(first[1]?.[0]);
});

test('two sides share nothing, and objects from elsewhere are evaluated with the others', () => {
  const [before, after] = [rendered(configOf(text('view'))), rendered(configOf(text('edit')))];
  expect(accessOn(after, 'lab')).not.toBe(accessOn(before, 'lab'));
  expect(accessOn(before, 'lab', [{ kind: 'Namespace' }])).not.toBe(accessOn(before, 'lab'));
  expect(before.objects('nowhere')).toEqual([]);
  expect(accessOn(before, 'nowhere')).toBeUndefined();
});
