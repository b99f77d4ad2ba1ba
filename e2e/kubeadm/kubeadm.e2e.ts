import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { homeLab } from '../../__tests__/config';
import { pem } from '../../__tests__/node-files/cluster';
import { run } from '../../__tests__/run';
import { Lab } from '../harness';
import versions from '../parts/versions.json';
import { added, Kubeadm } from './kubeadm';

const issuer = 'https://sso.kammel.dev/oauth2/openid/k8s';
const folder = '/etc/kubernetes/kaniflux';
const flags = [`--oidc-issuer-url=${issuer}`, '--oidc-client-id=k8s', '--oidc-signing-algs=ES256'];
const mount = {
  volumes: [{ hostPath: { path: folder, type: 'DirectoryOrCreate' }, name: 'kaniflux' }],
  volumeMounts: [{ mountPath: folder, name: 'kaniflux', readOnly: true }],
};
const nothing = { volumes: [], volumeMounts: [] };
const pki = '/etc/pki/oidc';

/** Settings of `authentication`, and what they must add to the pod. */
const settings = {
  flags: {
    authentication: { prefix: '', groups: {}, requiredClaims: { azp: 'k8s', name: 'ops=1' } },
    adds: {
      command: [
        ...flags,
        '--oidc-username-prefix=-',
        '--oidc-groups-claim=groups',
        '--oidc-groups-prefix=kanidm:',
        '--oidc-required-claim=azp=k8s',
        '--oidc-required-claim=name=ops=1',
      ],
      ...nothing,
    },
  },
  'flags with a CA file': {
    authentication: { ca: { file: 'ca.crt' } },
    adds: { command: [...flags, `--oidc-ca-file=${folder}/oidc-ca.crt`], ...mount },
  },
  'flags with a CA that kubeadm mounts already': {
    authentication: { ca: { nodePath: '/etc/kubernetes/pki/oidc-ca.crt' } },
    adds: { command: [...flags, '--oidc-ca-file=/etc/kubernetes/pki/oidc-ca.crt'], ...nothing },
  },
  'flags with a CA below a folder of which kubeadm mounts only parts': {
    authentication: { ca: { nodePath: `${pki}/ca.crt` } },
    adds: {
      command: [...flags, `--oidc-ca-file=${pki}/ca.crt`],
      volumes: [{ hostPath: { path: pki, type: 'DirectoryOrCreate' }, name: 'kaniflux' }],
      volumeMounts: [{ mountPath: pki, name: 'kaniflux', readOnly: true }],
    },
  },
  structured: {
    authentication: { method: 'structured', groups: {} },
    adds: { command: [`--authentication-config=${folder}/authentication-config.yaml`], ...mount },
  },
};

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.open('kubeadm');
  await lab.write('ca.crt', pem);
});
afterAll(() => lab.close());

const command = (argv: string[], stdin = '') => run(argv, { cwd: lab.folder, stdin: async () => stdin });

/** Renders the home lab with a change, as its owner does. */
async function synth(kubernetes: string, authentication: object): Promise<void> {
  await lab.write('kaniflux.yaml', stringify(homeLab({ clusters: { homelab: { kubernetes, authentication } } })));
  expect(await command(['synth'])).toMatchObject({ code: 0 });
}

async function merge(text: string): Promise<string> {
  const merged = await command(['kubeadm-merge', 'homelab'], text);
  expect(merged).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error') });
  return merged.stdout;
}

/** Returns the owner's configuration, for a version of Kubernetes. */
const owners = (api: 'v1beta3' | 'v1beta4', version: '1.34' | '1.37') =>
  readFileSync(join(__dirname, `cluster-${api}.yaml`), 'utf8').replace(
    'v1.34.0',
    versions.parts[`kubernetes-${version}`],
  );

const sorted = <T extends { readonly command: readonly string[] }>(adds: T) => ({
  ...adds,
  command: [...adds.command].sort(),
});

describe.each(['1.34', '1.37'] as const)('kubeadm %s', (version) => {
  let kubeadm: Kubeadm;
  const own = owners('v1beta4', version);

  beforeAll(async () => {
    kubeadm = await Kubeadm.of(lab, version);
  });

  describe.each(Object.entries(settings))('%s', (_, { authentication, adds }) => {
    beforeAll(() => synth(version, authentication));

    test('merged into the owner’s configuration is valid, and adds to the pod exactly what is ours', async () => {
      const merged = await merge(own);
      expect(await kubeadm.validate(merged)).toBe('ok\n');
      expect(added(await kubeadm.pod(own), await kubeadm.pod(merged))).toEqual(sorted(adds));
    });

    test('merged again changes nothing', async () => {
      const merged = await merge(own);
      expect(await merge(merged)).toBe(merged);
    });

    test('the patches folder in place of the merge adds the same', async () => {
      const patches = lab.path('dist/control-planes/homelab/patches');
      const patched = own.replace('nodeRegistration:', `patches: { directory: ${patches} }\nnodeRegistration:`);
      expect(added(await kubeadm.pod(own), await kubeadm.pod(patched))).toEqual(sorted(adds));
    });
  });

  test('a configuration in JSON becomes one in YAML, which kubeadm reads', async () => {
    const json = parseAllDocuments(own)
      .map((document) => JSON.stringify(document.toJS()))
      .join('\n---\n');
    await synth(version, settings.flags.authentication);
    const merged = await merge(json);
    expect(await kubeadm.validate(merged)).toBe('ok\n');
    expect(added(await kubeadm.pod(json), await kubeadm.pod(merged))).toEqual(sorted(settings.flags.adds));
  });

  test('a CA in the folder of the cluster’s certificates needs no mount, wherever that folder is', async () => {
    const path = '/etc/kubernetes/ssl';
    const moved = own.replace('kind: ClusterConfiguration\n', `$&certificatesDir: ${path}\n`);
    await synth(version, { ca: { nodePath: `${path}/oidc-ca.crt` } });
    const command = [...flags, `--oidc-ca-file=${path}/oidc-ca.crt`];
    expect(added(await kubeadm.pod(moved), await kubeadm.pod(await merge(moved)))).toEqual(
      sorted({ command, ...nothing }),
    );
  });

  test('going from flags to structured and back leaves nothing behind', async () => {
    await synth(version, {});
    const withFlags = await merge(own);
    await synth(version, { method: 'structured' });
    expect(await command(['kubeadm-merge'], withFlags)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--oidc-issuer-url'),
    });
    const { stdout } = await command(['kubeadm-merge', '--replace'], withFlags);
    expect(added(await kubeadm.pod(own), await kubeadm.pod(stdout))).toEqual(settings.structured.adds);
    const rendered = lab.path('dist/control-planes/homelab/authentication-config.yaml');
    const authenticationConfig = readFileSync(rendered, 'utf8');
    await synth(version, {});
    // The file that was rendered earlier for the cluster.
    await lab.write('old.yaml', authenticationConfig);
    expect(await command(['kubeadm-merge', '--replace'], stdout)).toMatchObject({ code: 2, stdout: '' });
    const back = await command(['kubeadm-merge', '--replace', '--authentication-config', 'old.yaml'], stdout);
    expect(added(await kubeadm.pod(own), await kubeadm.pod(back.stdout))).toEqual(
      sorted({ command: flags, ...nothing }),
    );
  });
});

describe('v1beta3, where arguments are a map', () => {
  const own = owners('v1beta3', '1.34');

  test.each([
    ['flags', { ...settings.flags.authentication, requiredClaims: {} }, settings.flags.adds.command.slice(0, -2)],
    ['structured', settings.structured.authentication, settings.structured.adds.command],
  ])('%s is valid for kubeadm 1.34, and adds exactly what is ours', async (_, authentication, args) => {
    const kubeadm = await Kubeadm.of(lab, '1.34');
    await synth('1.34', authentication);
    const merged = await merge(own);
    expect(merged).toContain('# rotated by the node');
    expect(await kubeadm.validate(merged)).toBe('ok\n');
    expect(await kubeadm.warnings(merged)).toMatch(/deprecated API spec.*v1beta3/);
    expect(added(await kubeadm.pod(own), await kubeadm.pod(merged)).command).toEqual([...args].sort());
    expect(await merge(merged)).toBe(merged);
  });

  test('is refused by kubeadm 1.37, which names the one that migrates it', async () => {
    const kubeadm = await Kubeadm.of(lab, '1.37');
    await expect(kubeadm.validate(owners('v1beta3', '1.37'))).rejects.toThrow(/old API spec.*v1beta3.*kubeadm v1\.\d+/);
  });
});

test('arguments in the form of the other version are refused by kubeadm, and by kubeadm-merge before', async () => {
  const kubeadm = await Kubeadm.of(lab, '1.34');
  await synth('1.34', {});
  for (const [from, to] of [
    ['v1beta3', 'v1beta4'],
    ['v1beta4', 'v1beta3'],
  ] as const) {
    const wrong = owners(from, '1.34').replaceAll(from, to);
    await expect(kubeadm.validate(wrong)).rejects.toThrow(/cannot unmarshal.*extraArgs/);
    expect(await command(['kubeadm-merge'], wrong)).toMatchObject({ code: 2, stdout: '' });
  }
});

test('kubeadm takes a flag that is spelt wrong: only the pod shows it', async () => {
  const kubeadm = await Kubeadm.of(lab, '1.34');
  const wrong = owners('v1beta4', '1.34').replace('audit-log-path', 'audit-log-pth');
  expect(await kubeadm.validate(wrong)).toBe('ok\n');
  const [{ command: args }] = (await kubeadm.pod(wrong)).spec.containers;
  expect(args).toContain('--audit-log-pth=/var/log/kubernetes/audit.log');
});

test('our part alone would take the owner’s arguments and networks away', async () => {
  const kubeadm = await Kubeadm.of(lab, '1.34');
  await synth('1.34', {});
  const part = readFileSync(lab.path('dist/control-planes/homelab/kubeadm.yaml'), 'utf8');
  const init = 'apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n';
  const alone = `${part}kubernetesVersion: ${versions.parts['kubernetes-1.34']}
---
${init}localAPIEndpoint: { advertiseAddress: 192.0.2.10 }
`;
  const [{ command: args }] = (await kubeadm.pod(alone)).spec.containers;
  expect(args).toEqual(expect.arrayContaining([...flags, '--service-cluster-ip-range=10.96.0.0/12']));
  expect(args.filter((arg) => arg.startsWith('--audit'))).toEqual([]);
});
