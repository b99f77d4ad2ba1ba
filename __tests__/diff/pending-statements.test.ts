import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

const config = (change: {
  readonly people: readonly string[];
  readonly ann?: object;
  readonly grant?: object;
  readonly kanidm?: object;
  readonly flux?: object;
}) =>
  configOf(
    JSON.stringify({
      kanidm: { domain: 'idm.example.com', version: '1.11.1', ...change.kanidm },
      ...(change.flux ? { flux: change.flux } : {}),
      people: {
        jane: { displayName: 'Jane', id: '11111111-1111-4111-8111-111111111111' },
        ann: { displayName: 'Ann', ...change.ann },
      },
      groups: { users: { members: ['jane', 'ann'] } },
      clients: {
        k8s: {
          displayName: 'Kubernetes',
          landingUrl: 'http://localhost:8000',
          redirectUrls: ['http://localhost:8000'],
          scopes: { users: ['openid', 'email', 'profile'] },
        },
      },
      clusters: {
        lab: {
          server: 'https://lab.example.com:6443',
          kubernetes: '1.34',
          controlPlane: 'kubeadm',
          client: 'k8s',
          grants: [{ name: 'admins', clusterRole: 'cluster-admin', people: change.people, ...change.grant }],
        },
      },
    }),
  );

type Change = Parameters<typeof config>[0];

const text = (before: Change, after: Change) =>
  asText(reviewDiff({ before: rendered(config(before)), after: rendered(config(after)) }));

const jane: Change = { people: ['jane'] };
const both: Change = { people: ['jane', 'ann'] };
const later = 'as soon as Kaniflux knows the user name of ann';

describe('a person whose UUID is not in the config', () => {
  test('gets the role later, and somebody has to write the UUID', () => {
    const said = text(jane, both);
    expect(said).toContain(
      `  🔴 + ann will get cluster-admin on lab by the grant admins, and so the right to do everything, ${later}; \`kaniflux check\` says what is missing\n`,
    );
    expect(said).toContain('Write the UUIDs from the output of the runbook into the config');
    expect(said).toContain('     sh dist/kanidm/runbook.sh\n     # write people.ann.id\n');
  });
  test('counts for --fail-on by what the role allows, unless the account loses the role', () => {
    const dangers = (before: Change, after: Change) =>
      reviewDiff({ before: rendered(config(before)), after: rendered(config(after)) })
        .statements.filter(({ say }) => say('lab').includes('by the grant admins'))
        .map(({ change, danger }) => [change, danger]);
    expect(dangers(jane, both)).toEqual([['added', 'everything']]);
    expect(dangers({ ...both, kanidm: { provision: 'migrations' } }, both)).toEqual([['changed', undefined]]);
  });
  test('gets another role later', () => {
    expect(text(both, { ...both, grant: { clusterRole: 'view' } })).toContain(`ann will get view on lab`);
  });
  test('gets it in the namespaces that are new', () => {
    const edit = (...namespaces: string[]) => ({ ...both, grant: { clusterRole: 'edit', namespaces } });
    expect(text(edit('web'), edit('api', 'web'))).toContain(
      'ann will get edit in namespace api on lab by the grant admins',
    );
    expect(text(edit('api', 'web'), edit('web'))).not.toContain(later);
  });
  test('gets no more than Flux gives where it is locked down', () => {
    const edit = (people: readonly string[], flux?: object) => ({
      people,
      grant: { clusterRole: 'edit', namespaces: ['web'] },
      ...(flux ? { flux } : {}),
    });
    const lockdown = { lockdown: { defaultServiceAccount: 'default' } };
    const asAdmin = 'to have Flux apply anything as cluster-admin';
    expect(text(edit(['jane']), edit(['jane', 'ann']))).toContain(asAdmin);
    expect(text(edit(['jane'], lockdown), edit(['jane', 'ann'], lockdown))).not.toContain(asAdmin);
  });
  test('who had the role loses it until the UUID is in the config, and does not gain it', () => {
    const migrations = { provision: 'migrations' };
    const byMigrations = { ...both, kanidm: migrations };
    const lost = text(byMigrations, both);
    expect(lost).toContain(
      '  🟠 ~ ann no longer gets cluster-admin on lab by the grant admins until Kaniflux knows the user name of ann again;',
    );
    expect(lost).toContain(
      '- ann may no longer do everything on lab (cluster-admin): no binding can name ann any more',
    );
    expect(lost).not.toContain(later);
    // A grant that is new as well gives a role that ann did not have.
    expect(text({ ...jane, kanidm: migrations }, both)).toContain(later);
  });
  test('who waits on both sides is no change', () => {
    const said = text(both, { ...both, grant: { reason: 'on call' } });
    expect(said).not.toContain(later);
    expect(said).not.toContain('Write the UUIDs');
  });
});

test.each<[string, Change, Change]>([
  ['with a UUID', jane, { ...both, ann: { id: '22222222-2222-4222-8222-222222222222' } }],
  [
    'with a UUID that follows from the name',
    { ...jane, kanidm: { provision: 'migrations', cluster: 'lab', manifests: { tlsSecretName: 'tls' } } },
    { ...both, kanidm: { provision: 'migrations', cluster: 'lab', manifests: { tlsSecretName: 'tls' } } },
  ],
])('a person %s gets the role at once', (_, before, after) => {
  const said = text(before, after);
  expect(said).toContain('🔴 + ann may do everything on lab (cluster-admin): the grant admins now names ann');
  expect(said).not.toContain(later);
});

test('a UUID that the config did not have makes nobody another account', () => {
  const said = text(both, { ...both, ann: { id: '22222222-2222-4222-8222-222222222222' } });
  expect(said).toContain(
    'the UUID of person ann changed from not set to 22222222-2222-4222-8222-222222222222: the config now identifies the person in Kanidm by UUID\n',
  );
  expect(said).toContain('🔴 + ann may do everything on lab');
});
