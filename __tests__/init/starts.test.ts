import { settingsOf, startOf, type Values } from '../../lib/init/settings';
import { deploysKanidm, type Start, starts, stepsOf } from '../../lib/init/starts';

const edit =
  "edit kaniflux.yaml | fill in the empty fields; under `manifests`, set what your cluster needs: `certificate`, `storage`, and `gateway` or `ingress`; under `kubeconfig`, write the path of the API server's CA certificate, once you have this file";
const check = 'npx kaniflux check | reports what is missing in kaniflux.yaml, and what is risky';
const synth = 'npx kaniflux synth | renders dist/: read it, commit it with all that init wrote, push it';
const nodes = 'cat dist/control-planes/east/README.md | prints the instructions for the API server';
const prepare =
  'set up the StorageClass and the TLS Secret | if the cluster lacks them: docs/prerequisites.md has the commands';
const apply = 'kubectl apply -f dist/flux/east.yaml | creates the Flux Kustomizations; needed only once';
const resolve =
  'getent hosts idm.example.com | run this on your machine, and on each control-plane node where you can log in: it must print the address of Kanidm, so create the DNS record first; on macOS, use ping -c 1 idm.example.com';
const first =
  "RECOVER=yes sh dist/kanidm/runbook.sh jane | prints passwords for Kanidm's administrators, and a reset token for the first person";
const whoami =
  'kubectl --kubeconfig=dist/kubeconfigs/east.yaml auth whoami | opens the browser, and prints your user name';
const doctor = 'npx kaniflux doctor | reports what is still wrong';

test.each<[Start, string[]]>([
  [
    'new-cluster',
    [
      edit,
      check,
      synth,
      nodes,
      'flux bootstrap git --url=URL --branch=trunk --path=clusters/east | installs Flux, which reads this repository',
      prepare,
      apply,
      resolve,
      first,
      whoami,
      doctor,
    ],
  ],
  ['new-kanidm', [edit, check, synth, prepare, apply, resolve, first, nodes, whoami, doctor]],
  [
    'existing-kanidm',
    [
      check,
      'npx kaniflux synth | renders dist/: read it, and do not commit it yet',
      'sh dist/kanidm/runbook.sh | creates people, groups and the client in Kanidm, changes what differs, and prints UUIDs: write them into kaniflux.yaml',
      'npx kaniflux synth | renders the bindings with the UUIDs: commit and push them',
      apply,
      resolve,
      nodes,
      whoami,
      doctor,
    ],
  ],
  [
    'existing-sign-in',
    [
      'npx kaniflux adopt --live --cluster east --output kaniflux.yaml | generates the config from the existing setup; add --kanidm URL to read Kanidm too',
      check,
      'npx kaniflux synth | renders dist/: commit it, and do not push it yet',
      'npx kaniflux diff --live --cluster east | shows what Flux would change; then push',
      apply,
      'sh dist/kanidm/runbook.sh | changes the entries of Kanidm that differ from the config; no entry should differ',
      whoami,
      doctor,
    ],
  ],
])('the steps of %s', (start, steps) => {
  const names = { cluster: 'east', person: 'jane', branch: 'trunk', kanidm: 'idm.example.com' };
  expect(stepsOf(start, names).map(({ command, what }) => `${command} | ${what}`)).toEqual(steps);
});

test('a host name and a folder of documentation that nobody gave have placeholders', () => {
  const names = { cluster: 'east', person: 'jane', branch: 'main' };
  const lines = stepsOf('new-kanidm', names).map(({ command, what }) => `${command} ${what}`);
  expect(lines).toContainEqual(expect.stringMatching(/^getent hosts KANIDM .* ping -c 1 KANIDM$/));
  expect(stepsOf('new-kanidm', { ...names, docs: 'elsewhere' }).map(({ what }) => what)).toContain(
    'if the cluster lacks them: elsewhere/prerequisites.md has the commands',
  );
});

test.each<[Values, Start]>([
  [{}, 'new-kanidm'],
  [{ start: 'no such start' }, 'new-kanidm'],
  ...starts.map((start): [Values, Start] => [{ start }, start]),
])('%j starts with %s', (values, start) => {
  expect(startOf(values)).toBe(start);
  expect(settingsOf({ general: values, clusters: [], people: [] }).start).toBe(start);
});

test('Kaniflux deploys Kanidm where there is none', () => {
  expect(starts.filter(deploysKanidm)).toEqual(['new-cluster', 'new-kanidm']);
});
