import { nothing } from '../../lib/existing/facts';
import { kanidmService, kanidmWorkload, serverToml } from '../../lib/existing/kanidm-workload';

const source = 'file';

describe('objects that run Kanidm', () => {
  const env = [
    { name: 'KANIDM_DOMAIN', value: 'a.example' },
    { name: 'KANIDM_ORIGIN', value: 'https://a.example' },
  ];
  const container = { image: 'docker.io/kanidm/server:1.11.1', env };
  const metadata = { name: 'idm', namespace: 'kanidm' };
  const workload = (spec: object, more: object = {}) =>
    kanidmWorkload(source, { kind: 'Pod', metadata, spec, ...more });
  const passed = (what: string, more: object = {}) => [{ source, what, why: 'runs Kanidm', ...more }];

  test('a workload of each kind', () => {
    const containers = [{ image: 'postgres:17' }, container];
    const facts = {
      ...nothing,
      servers: [{ source, domain: 'a.example', origin: 'https://a.example', version: '1.11.1' }],
    };
    expect(workload({ containers })).toEqual({ ...facts, passedOver: passed('Pod kanidm/idm (9), Kanidm 1.11.1') });
    const template = { template: { spec: { containers } } };
    for (const kind of ['StatefulSet', 'Deployment', 'DaemonSet', 'ReplicaSet'])
      expect(workload(template, { kind, metadata: { name: 'idm' } })).toEqual({
        ...facts,
        passedOver: passed(`${kind} idm (8), Kanidm 1.11.1`),
      });
    expect(workload(template, { kind: 'MyDeployment' })).toBeUndefined();
    expect(workload(template, { kind: 'Deployments' })).toBeUndefined();
    expect(workload({ containers: [{ image: 'postgres:17' }, 'x'] })).toBeUndefined();
  });

  test.each([
    ['kanidm/server', true, ''],
    ['kanidm/server:v1.10', true, '1.10'],
    ['ghcr.io/kanidm/server@sha256:00', true, ''],
    ['example.org/kanidm:1.10.3-alpine', true, '1.10.3'],
    ['kanidmd:latest', true, ''],
    ['kanidm/servers:1.10', false, ''],
    ['xkanidm/server:1.10', false, ''],
    ['my-kanidm:1.10', false, ''],
    ['kanidm/tools:1.10', false, ''],
  ])('the image %s: %s', (image, isKanidm, version) => {
    expect(workload({ containers: [{ image }] })?.servers).toEqual(
      isKanidm ? (version === '' ? [] : [{ source, version }]) : undefined,
    );
  });

  test('a release is that of Flux or of Helm', () => {
    const release = (more: object) =>
      workload({ containers: [container] }, { metadata: { ...metadata, ...more } })?.passedOver[0]?.release;
    expect(
      release({ labels: { 'helm.toolkit.fluxcd.io/name': 'a' }, annotations: { 'meta.helm.sh/release-name': 'b' } }),
    ).toBe('a');
    expect(release({ annotations: { 'meta.helm.sh/release-name': 'b' } })).toBe('b');
    expect(release({ annotations: { 'meta.helm.sh/release-name': 7 } })).toBeUndefined();
  });

  test('a Service, by its selector', () => {
    const service = (selector: unknown, more: object = {}) =>
      kanidmService(source, { kind: 'Service', metadata, spec: { selector }, ...more });
    expect(service({ a: 'x', app: 'kanidm' })).toEqual({ ...nothing, passedOver: passed('Service kanidm/idm (5)') });
    expect(service({ app: 'kanidmd' })).toBeDefined();
    const labels = { 'helm.toolkit.fluxcd.io/name': 'a' };
    expect(service({ app: 'kanidm' }, { metadata: { name: 'idm', labels } })).toEqual({
      ...nothing,
      passedOver: passed('Service idm (4)', { release: 'a' }),
    });
    for (const selector of [{ app: 'my-kanidm' }, { app: 'kanidm-x' }, { kanidm: 'x' }, {}, 'kanidm'])
      expect(service(selector)).toBeUndefined();
    expect(service({ app: 'kanidm' }, { kind: 'Other' })).toBeUndefined();
  });

  test('server.toml', () => {
    const text = `# a\nversion = "2"\n domain = 'a.example'\norigin="https://a.example:8443/"\n\n[x]\n# b\n`;
    const servers = [{ source, domain: 'a.example', origin: 'https://a.example:8443' }];
    expect(serverToml(source, text)).toEqual({
      isWhole: true,
      facts: { ...nothing, servers, passedOver: passed('server.toml of Kanidm (domain, origin and 2 other lines)') },
    });
    const lists = `${text}a = [\n  "b",\n]\n[replication."repl://c"]\n`;
    expect(serverToml(source, lists)).toMatchObject({ isWhole: true, facts: { servers } });
    for (const written of [`services.kanidm = {\n${text}};\n`, `cat > kanidm.toml <<E\n${text}E\nrun\n`])
      expect(serverToml(source, written)).toEqual({
        isWhole: false,
        facts: { ...nothing, servers, passedOver: passed('domain and origin of Kanidm') },
      });
    expect(serverToml(source, `cdn = {\n${text}}\n`)).toBeUndefined();
    expect(serverToml(source, 'domain = "a"\norigin = "https://{{ b }}"')?.facts).toMatchObject({
      servers: [{ source, domain: 'a' }],
      notes: [
        {
          source,
          text: 'server.toml of Kanidm (domain, origin and 0 other lines): the origin `https://{{ b }}` contains a variable, so adopt does not know the origin: verify `kanidm.origin` in the config',
        },
      ],
    });
    for (const none of [
      'domain = "a"',
      'origin = "https://a"',
      'domain = ""\norigin = "x"',
      'a: b\ndomain = "a"\norigin = "b"',
      'mydomain = "a"\norigin = "b"',
    ])
      expect(serverToml(source, none)).toBeUndefined();
  });
});
