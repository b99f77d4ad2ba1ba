import type { ReportData } from '../../lib/report/model/data';
import { reportPage } from '../../lib/report/page';
import { handData } from './hand-data';

const figures = (data: Partial<ReportData>) =>
  [...reportPage({ ...handData, ...data }).matchAll(/<dt>([^<]*)<\/dt><dd class="([^"]*)">([^<]*)<\/dd>/g)].map(
    ([, name, tone, number]) => `${name}: ${number} ${tone}`.trim(),
  );
const finding = (severity: 'error' | 'warning' | 'note') => ({
  severity,
  code: 'pod-exec',
  title: 'A role can run commands in pods',
  message: 'message',
  fix: 'fix',
  place: 'kaniflux.yaml:1:1',
  page: 'docs/findings/pod-exec.md',
});

test('the numbers at the top', () => {
  // jane holds cluster-admin, crew holds a takeover and can become cluster-admin.
  expect(figures({ findings: [finding('note'), finding('warning'), finding('error')] })).toEqual([
    'People: 6',
    'Can take over a cluster: 2 takeover',
    'Groups that give access: 6',
    'Grants: 4',
    'Clusters: 2',
    'Findings: 3 everything',
  ]);
});

test.each<[string, Partial<ReportData>, string[]]>([
  ['nothing found', { findings: [] }, ['Can take over a cluster: 2 takeover', 'Findings: 0']],
  ['a note', { findings: [finding('note')] }, ['Can take over a cluster: 2 takeover', 'Findings: 1']],
  ['a warning', { findings: [finding('warning')] }, ['Can take over a cluster: 2 takeover', 'Findings: 1 secrets']],
  [
    'nobody who is powerful',
    {
      people: handData.people.map((person) => ({ ...person, holds: [] })),
      becomings: { ...handData.becomings, ways: handData.becomings.ways.slice(0, 6) },
    },
    ['Can take over a cluster: 0', 'Findings: 0'],
  ],
])('%s', (_, data, expected) => {
  const rows = figures(data);
  expect([rows[1], rows[5]]).toEqual(expected);
});

test('large numbers have separators', () => {
  const people = Array.from({ length: 1200 }, (_, at) => ({
    name: `user-${at}`,
    kind: 'person' as const,
    knownAs: [],
    holds: [{ grant: 0, way: [] }],
  }));
  expect(figures({ people }).slice(0, 2)).toEqual(['People: 1,200', 'Can take over a cluster: 1,200 takeover']);
});

describe('the parts without a script', () => {
  const page = reportPage(handData);

  test.each([
    '<title>Who has what · idm.example.com</title>',
    '<p>Kubernetes access of the people of <strong>idm.example.com</strong></p>',
    '<div class="field"><label for="cluster">Cluster</label><select id="cluster" name="cluster"><option value="">All clusters</option></select></div>',
    '<div class="field"><label for="group">Group</label><select id="group" name="group"><option value="">All groups</option></select></div>',
    '<div class="field"><label for="role">Role</label><select id="role" name="role"><option value="">All roles</option></select></div>',
    '<div class="field"><label for="danger">At least</label><select id="danger" name="danger"><option value="">Any danger</option></select></div>',
    '<h2 id="becoming-title">Who can become cluster-admin</h2>',
    '<li>NetworkPolicies, and whether a server can be reached</li>',
    'to the registry and to the Git host, except what <code>flux.writers</code> lists</li>',
    '<h2 id="findings-title">What <code>kaniflux check</code> finds</h2>',
    '<symbol id="i-person" viewBox="0 0 16 16"><circle ',
    '</symbol><symbol id="i-group" viewBox="0 0 16 16"><circle ',
    '</symbol><symbol id="i-grant" viewBox="0 0 16 16"><circle ',
    '</symbol><symbol id="i-cluster" viewBox="0 0 16 16"><path ',
    '<link rel="icon" href="data:image/svg+xml,%3Csvg%20xmlns%3D%22http%3A%2F%2Fwww.w3.org%2F2000%2Fsvg%22',
  ])('%s', (part) => expect(page).toContain(part));

  test('the section about expectations is there only if the config has some', () => {
    expect(page).not.toContain('What must hold');
    const expectations = [{ text: 'jane may get pods', place: 'kaniflux.yaml:1:1', results: [] }];
    expect(reportPage({ ...handData, expectations })).toContain('What must hold');
  });
});
