import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { filesOf } from '../../__tests__/node-files/cluster';
import { Lab } from '../harness';
import { ensurePart } from '../parts/build';

/*
 * The commands of the README that need only kubectl, not k0s: they merge the patches into a file, without a server. k0s
 * is in no package registry; `docs/verified.md` describes what was tried with its schema.
 */
let lab: Lab;
let kubectl: string;
beforeAll(async () => {
  lab = await Lab.open('k0s');
  kubectl = join(dirname(await ensurePart('kubectl-1.34')), 'kubectl');
});
afterAll(() => lab.close());

const own = {
  apiVersion: 'k0s.k0sproject.io/v1beta1',
  kind: 'ClusterConfig',
  metadata: { name: 'k0s' },
  spec: { api: { address: '192.0.2.4', extraArgs: { 'audit-log-maxage': '30' } }, network: { provider: 'calico' } },
};

async function patched(config: object, patch: string): Promise<unknown> {
  const [file, patchFile] = [await lab.write('k0s.yaml', stringify(config)), await lab.write('patch.yaml', patch)];
  const args = ['patch', '--local', `--filename=${file}`, '--type=merge', `--patch-file=${patchFile}`, '--output=yaml'];
  return parse(execFileSync(kubectl, args, { encoding: 'utf8', env: { HOME: lab.folder } }));
}

test.each([
  ['flags', { authentication: { ca: { file: 'ca.crt' }, groups: {} } }],
  ['an AuthenticationConfiguration', { kubernetes: '1.34', authentication: { method: 'structured' } }],
])('%s: the patch adds the arguments and keeps the rest, and the other patch removes them', async (_, change) => {
  const files = filesOf({ controlPlane: 'k0s', ...change });
  const patch = files['k0s-patch.yaml'] ?? '';
  const merged = await patched(own, patch);
  const entries = Object.entries(parse(patch).spec.api.extraArgs);
  const extraArgs = Object.fromEntries(entries.filter(([, value]) => value !== null));
  expect(merged).toEqual({
    ...own,
    spec: { ...own.spec, api: { ...own.spec.api, extraArgs: { ...own.spec.api.extraArgs, ...extraArgs } } },
  });
  expect(await patched(merged as object, files['k0s-remove.yaml'] ?? '')).toEqual(own);
});

test('the patch replaces other settings: flags, an AuthenticationConfiguration, and flags without a CA', async () => {
  const patchOf = (change: object) => filesOf({ controlPlane: 'k0s', ...change })['k0s-patch.yaml'] ?? '';
  const all = patchOf({ authentication: { ca: { file: 'ca.crt' }, groups: {}, requiredClaims: { email: 'a@b' } } });
  const structured = patchOf({ kubernetes: '1.34', authentication: { method: 'structured' } });
  const merged = await patched(own, all);
  for (const patch of [structured, patchOf({}), all]) {
    expect(await patched(merged as object, patch)).toEqual(await patched(own, patch));
  }
  const without = { ...own, spec: { network: own.spec.network } };
  expect(JSON.stringify(await patched(without, structured))).not.toContain('null');
});
