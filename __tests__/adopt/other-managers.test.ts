import { adoptFiles, type Files, jwt, structured } from './adopted';

const byUuid = { username: { claim: 'sub', prefix: 'kanidm:' }, groups: { claim: 'groups', prefix: 'kanidm:' } };
const auth = structured(jwt(byUuid));
const hints = (files: Files) =>
  adoptFiles({ ...files, 'auth.yaml': auth }).next.flatMap((step) => (typeof step === 'string' ? [] : [step.hint]));

const kaniop = (name: string, of: string) => ({
  apiVersion: 'kaniop.rs/v1beta1',
  kind: 'KanidmPersonAccount',
  metadata: { name, namespace: of },
  spec: { kanidmRef: { name: of }, personAttributes: { displayname: name } },
});
const server = (name: string, domain: string) => ({
  apiVersion: 'kaniop.rs/v1beta1',
  kind: 'Kanidm',
  metadata: { name, namespace: name },
  spec: { domain, replicaGroups: [] },
});
const state = { persons: { ann: { displayName: 'Ann' } }, groups: {}, systems: { oauth2: {} } };

test('a program that manages adopted entries has one step, before the entries are changed', () => {
  const resources = [server('idm', 'idm.example.org'), kaniop('jane', 'idm'), kaniop('joe', 'idm')];
  expect(hints({ 'kaniop.json': JSON.stringify(resources) })).toEqual([
    expect.stringMatching(/^kaniop manages .* remove the finalizers/),
  ]);
  expect(hints({ 'state.json': JSON.stringify(state) })).toEqual([
    expect.stringMatching(/^kanidm-provision manages .*--no-auto-remove/),
  ]);
  expect(hints({ 'kaniop.json': JSON.stringify(resources), 'state.json': JSON.stringify(state) })).toHaveLength(2);
});

test('entries of Kanidm itself, and those of another Kanidm, need no such step', () => {
  const uuid = ['a39bd23b-9919-4ae2-b299-fc6223227c5b'];
  const spn = ['jane@idm.example.org'];
  expect(hints({ 'person.json': JSON.stringify([{ class: ['person'], name: ['jane'], spn, uuid }]) })).toEqual([]);
  const other = [server('idm', 'idm.example.org'), server('test', 'test.example.com'), kaniop('mallory', 'test')];
  expect(hints({ 'kaniop.json': JSON.stringify(other) })).toEqual([]);
});
