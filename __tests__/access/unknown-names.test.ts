import { AccessMd } from '../../lib/access/access-md';
import { unknownNames } from '../../lib/access/unknown-names';
import { entry } from '../../lib/config/config';
import { render } from '../../lib/render';
import { configOf } from '../config';

const withCluster = (cluster: object) => {
  const config = configOf({ clusters: { homelab: { kubernetes: '1.34', ...cluster } } });
  return { config, cluster: entry(config.clusters, 'homelab') };
};

test('names that only the API server knows are listed as not known', () => {
  const { config, cluster } = withCluster({
    grants: null,
    authentication: {
      method: 'structured',
      username: { expression: "claims.sub.matches('a') ? 'a' : claims.sub" },
      groups: { expression: 'dyn(claims.groups).sort()' },
    },
    jwt: [
      {
        issuer: { url: 'https://ci.example.com', audiences: ['a'] },
        claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
      },
    ],
  });
  expect(unknownNames(config, cluster)).toEqual([
    'the user names in tokens of client k8s',
    'the groups in tokens of client k8s',
    'the users and groups of the issuer https://ci.example.com',
  ]);
});

test('names that a claim or an evaluated expression gives are known', () => {
  const { config, cluster } = withCluster({
    authentication: { method: 'structured', username: { expression: "'kanidm:' + claims.sub" } },
  });
  expect(unknownNames(config, cluster)).toEqual([]);
});

test('ACCESS.md lists the subjects of others, and what is not known', () => {
  const { config } = withCluster({
    authentication: { method: 'structured' },
    jwt: [
      {
        issuer: { url: 'https://ci.example.com', audiences: ['a'] },
        claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
      },
    ],
    grants: [{ name: 'ci', clusterRole: 'view', subjects: { users: ['ci:repo:web'], groups: ['ci:deployers'] } }],
  });
  const text = [...render(config)].find(({ path }) => path === 'ACCESS.md')?.text ?? '';
  expect(text).toContain('| `user ci:repo:web` | `view` | everywhere | grant `ci` |');
  expect(text).toContain('| `group ci:deployers` | `view` | everywhere | grant `ci` |');
  expect(text).toContain(
    'Kaniflux does not know the following users and groups, so roles that bindings give to them may be missing here: the users and groups of the issuer https://ci.example.com.',
  );
  expect(new AccessMd(config).artifact().text).not.toContain('Not listed');
});
