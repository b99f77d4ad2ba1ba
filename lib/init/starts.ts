/** What exists already when somebody runs `init`. */
export const starts = ['new-cluster', 'new-kanidm', 'existing-kanidm', 'existing-sign-in'] as const;
export type Start = (typeof starts)[number];

export const isStart = (text: string): text is Start => starts.some((start) => start === text);

/** The description of each start, in the question of `init` and in docs/start.md. */
export const startWords: Readonly<Record<Start, string>> = {
  'new-cluster': 'neither a cluster nor Kanidm',
  'new-kanidm': 'a cluster with Flux, but no Kanidm',
  'existing-kanidm': 'a cluster with Flux, and Kanidm; sign-in to the cluster is new',
  'existing-sign-in': 'a cluster where people sign in with Kanidm already',
};

/** Returns whether Kaniflux deploys Kanidm. */
export const deploysKanidm = (start: Start): boolean => start === 'new-cluster' || start === 'new-kanidm';

export interface Step {
  readonly command: string;
  readonly what: string;
}

export const firstCheck: Step = {
  command: 'npx kaniflux check',
  what: 'reports what is missing in kaniflux.yaml, and what is risky',
};

/** The names in the steps, or placeholders. */
export interface StepNames {
  readonly cluster: string;
  /** The person who gets the first reset token. */
  readonly person: string;
  /** The branch that Flux reads. */
  readonly branch: string;
  /** The host name of Kanidm. @default - a placeholder */
  readonly kanidm?: string;
  /** The folder of the documentation. @default docs */
  readonly docs?: string;
}

/** Returns the next steps, in order. docs/start.md describes them in detail. */
export function stepsOf(
  start: Start,
  { cluster, person, branch, kanidm = 'KANIDM', docs = 'docs' }: StepNames,
): Step[] {
  const edit = {
    command: 'edit kaniflux.yaml',
    what: "fill in the empty fields; under `manifests`, set what your cluster needs: `certificate`, `storage`, and `gateway` or `ingress`; under `kubeconfig`, write the path of the API server's CA certificate, once you have this file",
  };
  const prepare = {
    command: 'set up the StorageClass and the TLS Secret',
    what: `if the cluster lacks them: ${docs}/prerequisites.md has the commands`,
  };
  const resolve = {
    command: `getent hosts ${kanidm}`,
    what: `run this on your machine, and on each control-plane node where you can log in: it must print the address of Kanidm, so create the DNS record first; on macOS, use ping -c 1 ${kanidm}`,
  };
  const synth = {
    command: 'npx kaniflux synth',
    what: 'renders dist/: read it, commit it with all that init wrote, push it',
  };
  const flux = {
    command: `flux bootstrap git --url=URL --branch=${branch} --path=clusters/${cluster}`,
    what: 'installs Flux, which reads this repository',
  };
  const apply = {
    command: `kubectl apply -f dist/flux/${cluster}.yaml`,
    what: 'creates the Flux Kustomizations; needed only once',
  };
  const nodes = {
    command: `cat dist/control-planes/${cluster}/README.md`,
    what: 'prints the instructions for the API server',
  };
  const first = {
    command: `RECOVER=yes sh dist/kanidm/runbook.sh ${person}`,
    what: "prints passwords for Kanidm's administrators, and a reset token for the first person",
  };
  const accounts = {
    command: 'sh dist/kanidm/runbook.sh',
    what: 'creates people, groups and the client in Kanidm, changes what differs, and prints UUIDs: write them into kaniflux.yaml',
  };
  const again = { command: 'npx kaniflux synth', what: 'renders the bindings with the UUIDs: commit and push them' };
  const whoami = {
    command: `kubectl --kubeconfig=dist/kubeconfigs/${cluster}.yaml auth whoami`,
    what: 'opens the browser, and prints your user name',
  };
  const doctor = { command: 'npx kaniflux doctor', what: 'reports what is still wrong' };
  switch (start) {
    case 'new-cluster':
      return [edit, firstCheck, synth, nodes, flux, prepare, apply, resolve, first, whoami, doctor];
    case 'new-kanidm':
      return [edit, firstCheck, synth, prepare, apply, resolve, first, nodes, whoami, doctor];
    case 'existing-kanidm':
      return [
        firstCheck,
        { ...synth, what: 'renders dist/: read it, and do not commit it yet' },
        accounts,
        again,
        apply,
        resolve,
        nodes,
        whoami,
        doctor,
      ];
    case 'existing-sign-in':
      return [
        {
          command: `npx kaniflux adopt --live --cluster ${cluster} --output kaniflux.yaml`,
          what: 'generates the config from the existing setup; add --kanidm URL to read Kanidm too',
        },
        firstCheck,
        { command: 'npx kaniflux synth', what: 'renders dist/: commit it, and do not push it yet' },
        {
          command: `npx kaniflux diff --live --cluster ${cluster}`,
          what: 'shows what Flux would change; then push',
        },
        apply,
        { ...accounts, what: 'changes the entries of Kanidm that differ from the config; no entry should differ' },
        whoami,
        doctor,
      ];
  }
}
