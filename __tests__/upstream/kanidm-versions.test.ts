import { parseVersion } from '../../lib/config/version';
import { everyonesGroups, isBuiltIn, isTaken } from '../../lib/upstream/kanidm-builtin';
import { chartFacts, isKnownChart } from '../../lib/upstream/kanidm-chart';
import {
  type Feature,
  has,
  imageTag,
  releaseOf,
  since,
  stopsLoopbackRedirects,
} from '../../lib/upstream/kanidm-versions';

test.each<[Feature, string]>([
  ['server.toml version 2', '1.6'],
  ['an image without a shell', '1.6'],
  ['the command that sets the description of a group', '1.6'],
  ['the scopes groups_name, groups_spn and groups_uuid', '1.8'],
  ['`kanidm raw` with SCIM entries', '1.8'],
  ['kanidmd scripting', '1.9'],
  ['migrations', '1.9'],
  ['the command that sets the consent prompt', '1.9'],
  ['the command that clears a legal name', '1.10'],
  ['migrations of people and clients', '1.11'],
])('%s: since Kanidm %s', (feature, version) => {
  expect(since(feature)).toBe(version);
  expect(has(parseVersion(version), feature)).toBe(true);
  expect(has(parseVersion(`1.${parseVersion(version).minor - 1}`), feature)).toBe(false);
  expect(has(parseVersion('2.0'), feature)).toBe(true);
  expect(has(parseVersion('0.11'), feature)).toBe(false);
});

test.each([
  ['1.4', '2024-11-01', '1.4.6', '2025-03-01'],
  ['1.5', '2025-02-09', '1.5.0', '2025-06-09'],
  ['1.6', '2025-05-01', '1.6.4', '2025-09-01'],
  ['1.7', '2025-08-01', '1.7.4', '2025-12-01'],
  ['1.8', '2025-10-07', '1.8.6', '2026-02-07'],
  ['1.9', '2026-02-11', '1.9.4', '2026-06-11'],
  ['1.10', '2026-05-01', '1.10.5', '2026-09-01'],
  ['1.11', '2026-08-01', '1.11.1', '2026-12-01'],
])('Kanidm %s of %s is deployed as %s and supported until %s', (minor, released, tag, supportedUntil) => {
  expect(imageTag(parseVersion(minor))).toBe(tag);
  expect(releaseOf(parseVersion(minor))).toMatchObject({ released, supportedUntil, patch: tag });
});

test('a version outside the table', () => {
  expect(imageTag(parseVersion('1.9.2'))).toBe('1.9.2');
  expect(imageTag(parseVersion('1.12'))).toBe('1.12.0');
  expect(releaseOf(parseVersion('1.12'))).toBeUndefined();
  expect(releaseOf(parseVersion('2.9'))).toBeUndefined();
});

test.each([
  ['1.3', false],
  ['1.4.5', true],
  ['1.7.4', true],
  ['1.8', false],
  ['2.5', false],
])('whether pages of Kanidm %s stop the redirect to localhost: %s', (version, stops) =>
  expect(stopsLoopbackRedirects(parseVersion(version))).toBe(stops),
);

describe('the chart', () => {
  const chart = { repository: 'https://datosh.github.io/kanidm', chart: 'kanidm' };
  const common = {
    ...{ name: 'kanidm', container: 'kanidm', image: 'kanidm/server', tlsVolume: 'tls', kanidm: '1.4.5' },
    ingress: { className: 'nginx', clusterIssuer: 'letsencrypt-prod' },
  };
  const values = {
    domain: 'string',
    'ingress.className': 'string',
    'ingress.clusterIssuer': 'string',
    'ingress.tlsSecretName': 'string',
  };

  test('versions 0.1 and 0.2', () => {
    expect(chartFacts({ ...chart, version: '0.1.3' })).toEqual({
      ...common,
      line: '0.1',
      workload: 'Deployment',
      shellProbe: false,
      values,
    });
    expect(chartFacts({ ...chart, version: 'v0.2.1' })).toEqual({
      ...common,
      line: '0.2',
      workload: 'StatefulSet',
      shellProbe: true,
      values: {
        ...values,
        replicas: { oneOf: [0, 1] },
        storageClassName: 'string',
        logLevel: { oneOf: ['info', 'debug', 'trace'] },
      },
    });
  });

  test.each(['0.3.0', '0.2', '10.2.1', '0.2.1-rc', '>=0.2.1'])('version %s is unknown', (version) =>
    expect(chartFacts({ ...chart, version })).toBeUndefined(),
  );

  test.each([
    [{ ...chart, repository: 'https://datosh.github.io/kanidm/' }, true],
    [{ ...chart, repository: 'https://datosh.github.io/kanidm/x' }, false],
    [{ ...chart, repository: 'https://datoshxgithub.io/kanidm' }, false],
    [{ ...chart, repository: 'oci://https://datosh.github.io/kanidm' }, false],
    [{ ...chart, chart: 'other' }, false],
  ])('%j is the chart: %s', (one, is) => {
    expect(isKnownChart(one)).toBe(is);
    expect(chartFacts({ ...one, version: '0.2.1' }) !== undefined).toBe(is);
  });
});

// Read from the database of a new server 1.11.1.
test.each(
  `admin anonymous idm_admin domain_admins idm_access_control_admins idm_account_mail_read idm_account_policy_admins
  idm_admins idm_all_accounts idm_all_persons idm_application_admins idm_client_certificate_admins idm_group_admins
  idm_high_privilege idm_mail_servers idm_mail_service_admins idm_message_admins idm_message_senders
  idm_oauth2_account_admins idm_oauth2_admins idm_oauth2_client_admins idm_people_admins idm_people_on_boarding
  idm_people_pii_read idm_people_self_mail_write idm_people_self_name_write idm_radius_servers
  idm_radius_service_admins idm_recycle_bin_admins idm_schema_admins idm_service_account_admins idm_service_desk
  idm_ui_enable_experimental_features idm_unix_admins idm_unix_authentication_read system_admins`.split(/\s+/),
)('%s is a built-in entry, which a config can refer to', (name) =>
  expect([isBuiltIn(name), isTaken(name)]).toEqual([true, true]),
);

test.each(['domain_local', 'hmac_name_feature', 'key_provider_internal', 'idm_acp_anything', 'root'])(
  '%s is reserved, and a config cannot refer to it',
  (name) => expect([isBuiltIn(name), isTaken(name)]).toEqual([false, true]),
);

test.each(['jane', 'idm_ac', 'k8s_admins', 'roots'])('%s is free', (name) =>
  expect([isBuiltIn(name), isTaken(name)]).toEqual([false, false]),
);

test('every person is a member of two built-in groups', () =>
  expect(everyonesGroups).toEqual(['idm_all_persons', 'idm_all_accounts']));
