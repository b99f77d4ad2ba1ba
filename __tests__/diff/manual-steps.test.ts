import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf, homeLab } from '../config';

const side = (kanidm: object) => rendered(configOf(homeLab({ kanidm })));
const text = (before: object, after: object) => asText(reviewDiff({ before: side(before), after: side(after) }));

const manifests = { helm: undefined, provision: 'migrations', manifests: { tlsSecretName: 'kanidm-tls' } };
const deployed = (version: string) => ({ ...manifests, version });

test('before another minor version of Kanidm, there is a backup', () => {
  const said = text(deployed('1.11.1'), deployed('1.12.0'));
  expect(said).toContain(
    'Before merging: ask Kanidm whether it can be upgraded from 1.11.1 to 1.12.0, and take a backup',
  );
  // Flux does everything else.
  expect(said).toContain('\nBefore merging\n  1. Before merging: ask');
  expect(said).not.toContain('Everything else changes');
  expect(said).toMatch(/exec kanidm-0 --container=kanidm -- \/sbin\/kanidmd domain upgrade-check\n/);
  expect(said).toMatch(/\/sbin\/kanidmd scripting backup > kanidm-backup\.json\.gz\n/);
});

test.each([
  ['a patch', '1.11.1', '1.11.2'],
  ['an older version, for a restore', '1.12.0', '1.11.1'],
])('%s needs none', (_, from, to) => {
  expect(text(deployed(from), deployed(to))).not.toContain('take a backup');
});

const elsewhere = { helm: null, cluster: null, version: '1.11.1', provision: 'migrations' };
const plain = (change: object) => rendered(configOf(JSON.stringify(homeLab({ kanidm: elsewhere, ...change }))));
const between = (before: object, after: object) => asText(reviewDiff({ before: plain(before), after: plain(after) }));
const teams = (ops: string[], k8s_users: string[] = ['datosh']) => ({
  groups: { ops: { members: ops }, k8s_users: { members: k8s_users } },
});

describe('migrations on a host that Kaniflux does not deploy', () => {
  const install = 'Install the migrations on the host of Kanidm';

  test('a file whose number changed would undo the change, so it is deleted', () => {
    const text = between(teams(['datosh']), teams(['datosh'], ['ops']));
    expect(text).toContain(
      '     # copy dist/kanidm/migrations.d/ into the folder that `migration_path` of server.toml names\n' +
        '     # delete these files in that folder, or Kanidm may apply no file at all: 20-0000-group-k8s_users.json\n' +
        '     kanidmd scripting reload\n',
    );
  });
  test('no file is deleted if none is gone', () => {
    const text = between(teams(['datosh']), teams([]));
    expect(text).toContain(install);
    expect(text).not.toContain('delete these files');
  });
  test('a change that no file contains needs none', () => {
    const until = { groups: { ops: { members: [{ name: 'datosh', until: '2027-01-31' }] } } };
    const text = between(teams(['datosh']), until);
    expect(text).toContain('the last day of the membership of datosh in ops');
    expect(text).toContain('After merging\n  no manual steps');
  });
  test('the first migrations need the UUIDs that Kanidm chose for the existing entries', () => {
    const byRunbook = { kanidm: { ...elsewhere, provision: 'runbook' } };
    const text = between(byRunbook, teams([]));
    expect(text).toContain(
      '  1. Before merging: write the UUIDs of the existing entries into the config\n     # for each existing entry without an `id` (2), look up the UUID in Kanidm and write the UUID into the config as `id`.',
    );
    expect(text).toContain(install);
    // Kanidm has no entry yet, or the UUIDs stay the same.
    for (const text of [between(teams([]), teams(['datosh'])), between(teams([]), byRunbook)])
      expect(text).not.toContain('Before merging');
  });
});

describe('a cluster that leaves the config', () => {
  const { homelab } = JSON.parse(JSON.stringify(homeLab())).clusters;
  const [end, apply] = [
    'End the access on clusters that are no longer in the config',
    'kubectl --context=attic apply -f',
  ];
  const renamed = (change: object) => between({}, { clusters: { homelab: null, attic: { ...homelab, ...change } } });

  test('keeps its Flux Kustomizations if another cluster has its API server, because they have the same names', () => {
    const text = renamed({});
    expect(text).toContain('cluster homelab is renamed to attic: both have the same API server.');
    expect(text).not.toContain('may do everything');
    expect(text).toContain(apply);
    expect(text).not.toContain(end);
  });
  test.each([
    ['has another API server', { server: 'https://192.0.2.10:6443' }],
    ['has its Kustomizations in another namespace', { flux: { namespace: 'flux' } }],
  ])('loses them if the new cluster %s', (_, change) => {
    const text = renamed(change);
    expect(text).toContain(apply);
    expect(text).toContain(end);
    expect(text).toContain('git show REV:dist/flux/homelab.yaml | kubectl --context=homelab delete -f -');
  });
});

describe('before merging', () => {
  const chart = { repository: 'https://datosh.github.io/kanidm/', chart: 'kanidm' };
  const helm = (version: string, more: object = {}) => ({ helm: { ...chart, version }, cluster: 'homelab', ...more });

  test.each([
    [
      'a chart with other volumes',
      helm('0.1.2'),
      helm('0.2.1'),
      'Kanidm would start on new, empty volumes (deployment-changed)',
    ],
    [
      'another deployment',
      helm('0.2.1'),
      deployed('1.11.1'),
      'Kaniflux would deploy Kanidm with manifests instead of the chart kanidm 0.2.x',
    ],
    [
      'a version that is skipped',
      deployed('1.9.0'),
      deployed('1.11.1'),
      'upgraded one minor version at a time (version-jump)',
    ],
    ['an older version', deployed('1.12.0'), deployed('1.11.1'), 'which cannot open the newer database (version-back)'],
    [
      'another namespace',
      deployed('1.11.1'),
      { ...deployed('1.11.1'), namespace: 'idm' },
      'from the namespace kanidm to idm',
    ],
    [
      'a version in place of that of the chart',
      helm('0.2.1'),
      helm('0.2.1', { version: '1.5.0' }),
      'ask Kanidm whether it can be upgraded from 1.4.5 to 1.5.0',
    ],
  ])('%s needs a look', (_, before, after, says) => {
    const said = text({ ...before, provision: undefined }, { ...after, provision: undefined });
    expect(said).toMatch(/\d\. Before merging: /);
    expect(said).toContain(says);
  });
  test.each([
    ['the same volumes', helm('0.1.1'), helm('0.1.2')],
    [
      'the next version of Kanidm where it runs elsewhere',
      { helm: null, cluster: null, version: '1.10.0' },
      { helm: null, cluster: null, version: '1.11.0' },
    ],
  ])('%s needs nothing', (_, before, after) => {
    const [was, is] = [before, after].map((kanidm) => rendered(configOf(JSON.stringify(homeLab({ kanidm })))));
    if (was && is) expect(asText(reviewDiff({ before: was, after: is }))).not.toContain('Before merging: ');
  });
  test('a UUID that Kanidm would refuse is one of these with migrations, and the runbook stops by itself', () => {
    const withId = (end: string, provision?: string) => ({
      kanidm: { ...elsewhere, ...(provision ? { provision } : {}) },
      people: { datosh: { id: `7b89b6ea-1e8b-4aa8-98fb-a70cba498d${end}` } },
    });
    expect(between(withId('16'), withId('17'))).toContain('Kanidm never changes the UUID of an entry (uuid-changed)');
    expect(between(withId('16', 'runbook'), withId('17', 'runbook'))).not.toContain('(uuid-changed)');
  });
});

describe('the namespace of the Flux Kustomizations', () => {
  const inNamespace = (namespace: string, server = '192.0.2.10') => ({
    clusters: { homelab: { flux: { namespace }, server: `https://${server}:6443` } },
  });

  test('changes: the old ones are deleted, and the objects that they applied stay', () => {
    const said = between(inNamespace('flux-system'), inNamespace('gitops'));
    const old = '     kubectl --context=homelab --namespace=flux-system';
    expect(said).toContain(
      '     # homelab: delete the Kustomization kaniflux-access in namespace flux-system; the objects that it applied stay\n' +
        `${old} patch kustomization kaniflux-access --type=merge --patch='{"spec":{"prune":false}}'\n` +
        `${old} delete kustomization kaniflux-access\n`,
    );
  });
  test('stays, and one Kustomization is gone: it is deleted with its objects', () => {
    const said = between({ kanidm: { ...deployed('1.11.1'), helm: null } }, {});
    expect(said).toContain(
      '     kubectl --context=homelab apply -f dist/flux/homelab.yaml\n' +
        '     # homelab: delete the Kustomization kaniflux-kanidm in namespace flux-system, with the objects that it applied\n' +
        '     kubectl --context=homelab --namespace=flux-system delete kustomization kaniflux-kanidm\n',
    );
    // The list of objects names the annotation too.
    expect(said.slice(said.indexOf('merging\n'))).not.toContain('prune');
  });
  test('stays: nothing is deleted', () => {
    const said = between({}, { flux: { interval: '5m' } });
    expect(said).toContain('apply -f dist/flux/homelab.yaml');
    expect(said).not.toContain('delete kustomization');
  });
});
