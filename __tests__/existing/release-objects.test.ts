import { stringify } from 'yaml';
import { inNamespace, objectsBeside, objectsFor, releaseObjects } from '../../lib/existing/release-objects';

const object = (kind: string, name: string, more: object = {}, namespace?: string) => ({
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...more,
});
const release = object('HelmRelease', 'kanidm');
const texts = (...documents: object[]) => [release, ...documents].map((one) => stringify(one));
const objectsOf = (all: readonly string[]) =>
  releaseObjects(all.map((text) => ({ folder: 'a', text }))).map(({ object: one }) => one);

test('the objects to which a HelmRelease can refer', () => {
  const found = [
    object('HelmRepository', 'a', { spec: { url: 'https://a' } }),
    object('OCIRepository', 'b'),
    object('ConfigMap', 'c'),
  ];
  expect(objectsOf(texts(...found, object('Secret', 'd'), object('GitRepository', 'e')))).toEqual([release, ...found]);
  expect(objectsOf(texts({ kind: 'List', items: found }))).toEqual([release, ...found]);
  expect(objectsOf([...texts(), 'kind: ConfigMap\n: [', 'prose'])).toEqual([release]);
  expect(objectsOf([stringify(found[0])])).toEqual([]);
});

test('two objects with the same name and namespace count only if they are the same', () => {
  const at = (url: string, namespace?: string) => object('OCIRepository', 'a', { spec: { url } }, namespace);
  expect(objectsOf(texts(at('x'), at('x')))).toEqual([release, at('x')]);
  expect(objectsOf(texts(at('x'), at('y')))).toEqual([release]);
  expect(objectsOf(texts(at('x', 'n'), at('y', 'm')))).toEqual([release, at('x', 'n'), at('y', 'm')]);
});

test('a document of the same file has precedence', () => {
  const [own, other] = [object('ConfigMap', 'a', { data: {} }), object('ConfigMap', 'a', { data: { b: 'c' } }, 'n')];
  expect(objectsBeside([own, ['x']], [other, release])).toEqual([release]);
  expect(objectsBeside([{ kind: 'List', items: [own] }], [other, release])).toEqual([release]);
  expect(objectsBeside([release], [other])).toEqual([other]);
});

test('objects without a namespace belong to their folder', () => {
  const at = (url: string, namespace?: string) => object('OCIRepository', 'a', { spec: { url } }, namespace);
  const files = [release, at('x'), at('z', 'n')].map((one) => ({ folder: 'a', text: stringify(one) }));
  const all = releaseObjects([...files, { folder: 'b', text: stringify(at('y')) }]);
  expect(objectsFor('a', all)).toEqual([release, at('x'), at('z', 'n')]);
  expect(objectsFor('b', all)).toEqual([at('z', 'n'), at('y')]);
  expect(objectsFor('', all)).toEqual([at('z', 'n')]);
  expect(inNamespace(undefined, objectsFor('b', all))).toEqual([at('y')]);
  expect(inNamespace('n', objectsFor('b', all))).toEqual([at('z', 'n')]);
});
