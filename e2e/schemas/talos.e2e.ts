import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { filesOf, pem } from '../../__tests__/node-files/cluster';
import { Lab } from '../harness';
import { ensurePart } from '../parts/build';

type Machinery = 'talos-1.13' | 'talos-1.14';
type Made = 'v1.13' | 'v1.14';

/**
 * The versions of the code, with the versions of the configurations that are tried with it. In one pair, the
 * configuration is for an older version than the code, as before an upgrade.
 */
const configurations: readonly [Machinery, Made][] = [
  ['talos-1.13', 'v1.13'],
  ['talos-1.14', 'v1.13'],
  ['talos-1.14', 'v1.14'],
];

interface Document {
  readonly kind?: string;
  readonly machine?: { readonly files?: unknown };
  readonly cluster?: { readonly apiServer?: Readonly<Record<string, unknown>> };
  readonly configuration?: unknown;
}

const folder = '/var/lib/kaniflux';
const structured = { method: 'structured', groups: {} };
const flags = {
  'oidc-issuer-url': 'https://sso.kammel.dev/oauth2/openid/k8s',
  'oidc-client-id': 'k8s',
  'oidc-signing-algs': 'ES256',
};

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open('talos');
  for (const [machinery, made] of configurations) {
    const { stdout } = await promisify(execFile)(await ensurePart(machinery), ['generate', made]);
    await lab.write(`${machinery}-${made}.yaml`, stdout);
  }
});
afterAll(() => lab.close());

/** Patches a control-plane configuration of a version of Talos. Talos' own code then reads and validates it. */
async function patched(machinery: Machinery, made: Made, ...patches: string[]): Promise<Document[]> {
  const files = await Promise.all(patches.map((text, i) => lab.write(`patch-${i}.yaml`, text)));
  const args = ['patch', lab.path(`${machinery}-${made}.yaml`), ...files];
  const { stdout } = await promisify(execFile)(await ensurePart(machinery), args);
  return parseAllDocuments(stdout).map((document) => document.toJS());
}

/** Returns the two patches of a cluster: the one that adds the settings, and the one that removes them. */
function rendered(change: object): [string, string] {
  const files = filesOf({ controlPlane: 'talos', kubernetes: '1.34', ...change });
  return [files['talos-patch.yaml'] as string, files['talos-remove.yaml'] as string];
}

const apiServer = ([document]: readonly Document[]) => document?.cluster?.apiServer;

describe.each(['talos-1.13', 'talos-1.14'] as const)('%s, a configuration with cluster.apiServer', (machinery) => {
  test('takes flags, and the CA with its mount', async () => {
    const [patch] = rendered({ authentication: { ca: { file: 'ca.crt' } } });
    const documents = await patched(machinery, 'v1.13', patch);
    expect(apiServer(documents)).toMatchObject({
      image: 'registry.k8s.io/kube-apiserver:v1.34.4',
      extraArgs: { ...flags, 'oidc-ca-file': `${folder}/oidc-ca.crt` },
      extraVolumes: [{ hostPath: folder, mountPath: folder, readonly: true }],
    });
    expect(documents[0]?.machine?.files).toEqual([
      { path: `${folder}/oidc-ca.crt`, op: 'create', permissions: 0o644, content: pem },
    ]);
  });

  test('takes the AuthenticationConfiguration as a file', async () => {
    const [patch] = rendered({ controlPlaneVersion: '1.13', authentication: structured });
    const documents = await patched(machinery, 'v1.13', patch);
    const path = `${folder}/authentication-config.yaml`;
    expect(apiServer(documents)).toMatchObject({ extraArgs: { 'authentication-config': path } });
    const [file] = (documents[0]?.machine?.files ?? []) as { path: string; content: string }[];
    expect(file?.path).toBe(path);
    expect(parse(file?.content ?? '')).toMatchObject({ kind: 'AuthenticationConfiguration' });
  });

  test.each([
    ['flags', {}],
    ['flags with a CA', { ca: { file: 'ca.crt' }, groups: {} }],
    ['an AuthenticationConfiguration', structured],
  ])('%s is taken away without a trace, and can be added again in the same command', async (_, authentication) => {
    const [patch, remove] = rendered({ controlPlaneVersion: '1.13', authentication });
    const before = apiServer(await patched(machinery, 'v1.13'));
    const documents = await patched(machinery, 'v1.13', patch, remove);
    expect(apiServer(documents)).toEqual(before);
    expect(documents[0]?.machine?.files ?? []).toEqual([]);
    const once = await patched(machinery, 'v1.13', patch);
    const again = await patched(machinery, 'v1.13', patch, remove, patch);
    expect(apiServer(again)).toEqual(apiServer(once));
    expect(again[0]?.machine?.files).toEqual(once[0]?.machine?.files);
  });

  test('has the mount twice where the patch is applied twice', async () => {
    const [patch] = rendered({ authentication: { ca: { file: 'ca.crt' } } });
    expect(apiServer(await patched(machinery, 'v1.13', patch, patch))?.extraVolumes).toHaveLength(2);
  });
});

describe('a configuration that Talos 1.14 makes', () => {
  const structuredOf = () => rendered({ controlPlaneVersion: '1.14', authentication: structured });
  const authentication = (documents: readonly Document[]) =>
    documents.filter(({ kind }) => kind === 'KubeAuthenticationConfig').map(({ configuration }) => configuration);

  test('takes the document in place of its own, applied again too', async () => {
    const [patch] = structuredOf();
    const { configuration } = parse(patch);
    expect(authentication(await patched('talos-1.14', 'v1.14', patch))).toEqual([configuration]);
    expect(authentication(await patched('talos-1.14', 'v1.14', patch, patch))).toEqual([configuration]);
  });

  test('has its own document again after the way back', async () => {
    const own = authentication(await patched('talos-1.14', 'v1.14'));
    expect(own).toHaveLength(1);
    expect(authentication(await patched('talos-1.14', 'v1.14', ...structuredOf()))).toEqual(own);
  });

  test('refuses the older form, as the warning about flags says', async () => {
    const [patch] = rendered({});
    await expect(patched('talos-1.14', 'v1.14', patch)).rejects.toThrow('(.cluster.apiServer)');
  });

  test('refuses a patch with a key that Talos does not know: the other tests mean something', async () => {
    await expect(patched('talos-1.14', 'v1.14', 'machine: { fles: [] }\n')).rejects.toThrow('unknown keys');
  });
});

test.each(configurations)(
  '%s takes the host name of docs/prerequisites.md, with a configuration of %s',
  async (...of) => {
    const page = readFileSync(join(__dirname, '..', '..', 'docs', 'prerequisites.md'), 'utf8');
    const [, patch = ''] = /```yaml\n(machine: .*?)```/s.exec(page) ?? [];
    const [document] = await patched(...of, patch);
    const extraHostEntries = [{ ip: '192.0.2.10', aliases: ['idm.example.com'] }];
    expect(document?.machine).toMatchObject({ network: { extraHostEntries } });
  },
);

test('the document is unknown to Talos 1.13', async () => {
  const [patch] = rendered({ controlPlaneVersion: '1.14', authentication: structured });
  await expect(patched('talos-1.13', 'v1.13', patch)).rejects.toThrow('not registered');
});
