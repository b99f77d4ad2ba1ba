import type { ServiceAccount } from '../../../lib/config/config';
import { managerLines, serviceAccountLines } from '../../../lib/diff/steps/service-account-lines';

/** The title, the fields before, the fields after, the commands, and the commands that come after those of all accounts. */
type Row = readonly [
  string,
  Partial<ServiceAccount> | undefined,
  Partial<ServiceAccount>,
  readonly string[],
  readonly string[],
];

const ci = (fields: Partial<ServiceAccount> = {}): ServiceAccount => ({
  name: 'ci',
  path: ['serviceAccounts', 'ci'],
  displayName: 'CI',
  absent: false,
  ...fields,
});
const expires = '2027-01-01T00:00:00Z';
const [created, expiry] = [
  'kanidm service-account create ci CI idm_admins',
  `kanidm service-account validity expire-at ci ${expires}`,
];
const managedBy = (manager: string) => `kanidm service-account update ci --entry-managed-by=${manager}`;
const unmanaged =
  '# remove the manager of service account ci: the kanidm client has no command for this; run the runbook';

test.each<Row>([
  ['new, without a manager', undefined, {}, [created], []],
  ['new, with the default manager', undefined, { managedBy: 'idm_admins' }, [created], []],
  ['new, with a manager and a time', undefined, { managedBy: 'ops', expires }, [created, expiry], [managedBy('ops')]],
  ['new, without any manager', undefined, { managedBy: null }, [created], [unmanaged]],
  ['unchanged', { managedBy: 'ops' }, { managedBy: 'ops' }, [], []],
  [
    'no description',
    { description: 'Old' },
    { description: null },
    [
      '# idm_admin is not allowed to write the description of service account ci: the runbook only reports if Kanidm has a different description',
    ],
    [],
  ],
  ['another display name', {}, { displayName: 'Build' }, ['kanidm service-account update ci --displayname=Build'], []],
  ['another manager', { managedBy: 'ops' }, { managedBy: 'devs' }, [], [managedBy('devs')]],
  ['no manager', { managedBy: 'ops' }, { managedBy: null }, [], [unmanaged]],
  ['a last day', {}, { expires }, [expiry], []],
  [
    'another manager, and a last day that the old one may set',
    { managedBy: 'idm_admins' },
    { managedBy: 'ops', expires },
    [expiry],
    [managedBy('ops')],
  ],
  [
    'another manager, who may set the last day',
    { managedBy: 'ops' },
    { managedBy: 'idm_admins', expires },
    [managedBy('idm_admins'), expiry],
    [],
  ],
  [
    'a last day, and a manager that is not idm_admins',
    { managedBy: 'ops' },
    { managedBy: 'ops', expires },
    [
      '# only its manager may set the times of service account ci: Kanidm refuses this unless idm_admin belongs to ops',
      expiry,
    ],
    [],
  ],
])('a service account: %s', (_, before, after, lines, last) => {
  const sides = [before && ci(before), ci(after)] as const;
  expect(serviceAccountLines(...sides)).toEqual(lines);
  expect(managerLines(...sides)).toEqual(last);
});
