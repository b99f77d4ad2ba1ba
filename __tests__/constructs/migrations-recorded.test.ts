import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrations } from '../../lib/constructs/migrations';
import { authenticators } from '../../lib/identity/authenticator';
import { groupNamesFrom, groupSubjects, personSubjects, userNameFrom } from '../../lib/identity/subject';
import { configOf } from '../config';

/*
 * Recorded from kanidmd 1.11.1, as described in docs/verified.md.
 */
const folder = join(__dirname, '..', 'fixtures', 'kanidm');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const everyField = configOf(read('every-field.yaml'));
const configs = {
  'home-lab': configOf({ kanidm: { version: '1.11.1', provision: 'migrations' } }),
  'every-field': everyField,
};

describe.each(['home-lab', 'every-field'] as const)('%s', (name) => {
  const files = migrations(configs[name]);

  test('is rendered byte for byte as the server took it', () => {
    const accepted = JSON.parse(read('real/accepted.json'))[name];
    const ours = files.map(({ name, text }) => [name, createHash('sha256').update(text).digest('hex')]);
    expect(Object.fromEntries(ours)).toEqual(accepted);
  });

  test('was read in our order', () => {
    const examined = [...read(`real/${name}.log`).matchAll(/^examining migration (.*)$/gm)].map(([, file]) => file);
    expect(examined).toEqual(files.map(({ name }) => name));
  });
});

test.each(['home-lab', '200-40-20', 'every-field', 'change', 'rename', 'removal', 'return'])(
  'the server refused nothing of %s',
  (name) => {
    const log = read(`real/${name}.log`);
    expect(log).not.toMatch(/Failed to apply|Invalid JSON|Duplicate migration|ignoring file/);
    expect(log.trimEnd().split('\n').at(-1)).toBe('Migration reload complete');
  },
);

test('only what changed is applied again', () => {
  const count = (name: string) => {
    const lines = read(`real/${name}.log`).split('\n');
    const examined = lines.filter((line) => line.startsWith('examining')).length;
    return examined - lines.filter((line) => line.startsWith('Assertion already applied')).length;
  };
  expect(count('200-40-20')).toBe(263);
  expect(['change', 'rename', 'removal', 'return'].map(count)).toEqual([1, 1, 2, 2]);
});

test('the ID token that it issued holds what the bindings name', () => {
  const { claims } = JSON.parse(read('real/id-token.json'));
  const config = configOf(
    read('every-field.yaml')
      .replace('localhost:8461', 'localhost:18623')
      .replace('grants: [', 'grants: [{ name: users, clusterRole: view, groups: [k8s_users] }, '),
  );
  const [cluster] = config.clusters.values();
  if (!cluster) throw new Error('no cluster');
  const [authenticator] = authenticators(config, cluster);
  if (!authenticator) throw new Error('no authenticator');
  expect(personSubjects(config, cluster, 'datosh')).toEqual([userNameFrom(authenticator, claims)]);
  expect(claims.aud).toBe(authenticator.audience);
  expect(claims.iss).toBe(authenticator.issuer);
  const [subject] = groupSubjects(config, cluster, 'k8s_users');
  expect(groupNamesFrom(authenticator, claims)).toContain(subject);
});
