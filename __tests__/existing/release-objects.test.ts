import { stringify } from 'yaml';
import { objectsBeside, releaseObjects } from '../../lib/existing/release-objects';

const object = (kind: string, name: string, more: object = {}, namespace?: string) => ({
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...more,
});
const release = object('HelmRelease', 'kanidm');
const texts = (...documents: object[]) => [release, ...documents].map((one) => stringify(one));

test('the objects to which a HelmRelease can refer', () => {
  const found = [
    object('HelmRepository', 'a', { spec: { url: 'https://a' } }),
    object('OCIRepository', 'b'),
    object('ConfigMap', 'c'),
  ];
  expect(releaseObjects(texts(...found, object('Secret', 'd'), object('GitRepository', 'e')))).toEqual([
    release,
    ...found,
  ]);
  expect(releaseObjects(texts({ kind: 'List', items: found }))).toEqual([release, ...found]);
  expect(releaseObjects([...texts(), 'kind: ConfigMap\n: [', 'prose'])).toEqual([release]);
  expect(releaseObjects([stringify(found[0])])).toEqual([]);
});

test('two objects with the same name and namespace count only if they are the same', () => {
  const at = (url: string, namespace?: string) => object('OCIRepository', 'a', { spec: { url } }, namespace);
  expect(releaseObjects(texts(at('x'), at('x')))).toEqual([release, at('x')]);
  expect(releaseObjects(texts(at('x'), at('y')))).toEqual([release]);
  expect(releaseObjects(texts(at('x', 'n'), at('y', 'm')))).toEqual([release, at('x', 'n'), at('y', 'm')]);
});

test('a document of the same file has precedence', () => {
  const [own, other] = [object('ConfigMap', 'a', { data: {} }), object('ConfigMap', 'a', { data: { b: 'c' } }, 'n')];
  expect(objectsBeside([own, ['x']], [other, release])).toEqual([release]);
  expect(objectsBeside([{ kind: 'List', items: [own] }], [other, release])).toEqual([release]);
  expect(objectsBeside([release], [other])).toEqual([other]);
});
