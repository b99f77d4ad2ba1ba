import { chmod } from 'node:fs/promises';
import { delimiter, dirname } from 'node:path';
import { parse, stringify } from 'yaml';
import { homeLab } from '../../__tests__/config';
import { type Ran, run } from '../../__tests__/run';
import type { ConfigInput } from '../../lib/config/schema/config-schema';
import { loadConfig } from '../../lib/load-config';
import { renderInto } from '../flux/rendered';
import { type Apiserver, Authority, Lab, startApiserver, startEtcd } from '../harness';
import { Issuer } from '../oidc/issuer';
import { ensurePart } from '../parts/build';

export type Change = Record<string, unknown>;

/** A cluster without problems, and the doctor that examines it. */
export class Stage {
  private constructor(
    readonly lab: Lab,
    readonly issuer: Issuer,
    readonly apiserver: Apiserver,
    /** The config of the cluster, as it was written into the lab. */
    readonly input: ConfigInput,
    private readonly env: Record<string, string>,
  ) {}

  /**
   * Starts the cluster.
   * @param change changes the config of the home lab. In the config, Kanidm is the issuer of the test, and the API
   * server is a real one
   * @param start starts the API server with the rendered files
   */
  static async open(
    name: string,
    version: '1.34' | '1.37',
    change: (caFile: string) => Change,
    start: (files: ReadonlyMap<string, string>) => { extraArgs?: string[]; authenticationConfig?: string },
  ): Promise<Stage> {
    const lab = await Lab.open(name);
    const authority = await Authority.create('the CA of Kanidm');
    const issuer = await Issuer.start(await authority.issue({ commonName: 'kanidm', hosts: ['localhost'] }));
    const caFile = await lab.write('kanidm-ca.crt', authority.cert);
    const { kanidm, clusters, ...rest } = change(caFile) as { kanidm?: object; clusters?: { homelab?: object } };
    const input = homeLab({
      ...rest,
      kanidm: {
        domain: 'localhost',
        origin: issuer.origin,
        helm: { repository: 'https://charts.example.com/', values: null },
        ...kanidm,
      },
      clients: { k8s: { image: null } },
      clusters: { homelab: { kubernetes: version, ...clusters?.homelab } },
    });
    await lab.write('kaniflux.yaml', stringify(input, { aliasDuplicateObjects: false }));
    const files = await renderInto(lab.path('dist'), loadConfig(lab.path('kaniflux.yaml')));
    const apiserver = await startApiserver(lab, { etcd: await startEtcd(lab), version, ...start(files) });
    const path = `${dirname(await ensurePart('kubectl-1.34'))}${delimiter}${lab.path('bin')}${delimiter}${process.env.PATH}`;
    const env = { PATH: path, KUBECONFIG: apiserver.kubeconfig, HOME: lab.folder };
    const stage = new Stage(lab, issuer, apiserver, input, env);
    await lab.write('apiserver-ca.crt', apiserver.authority.cert);
    await stage.write({
      clusters: {
        homelab: {
          server: apiserver.url,
          kubeconfig: { user: 'oidc', certificateAuthority: { file: 'apiserver-ca.crt' } },
        },
      },
    });
    return stage;
  }

  /**
   * Writes the config with a change. If `file` is the config itself, later calls keep the change. Otherwise, only this
   * file has it.
   */
  async write(change: Change, file = 'kaniflux.yaml'): Promise<void> {
    await this.lab.write(file, stringify(merged(this.input, change), { aliasDuplicateObjects: false }));
    if (file === 'kaniflux.yaml') Object.assign(this.input, merged(this.input, change));
  }

  /** Runs `kaniflux doctor` in the folder of the config. */
  async doctor(argv: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
    return run(['doctor', '--kanidm-ca', 'kanidm-ca.crt', ...argv], {
      cwd: this.lab.folder,
      env: { ...this.env, ...env },
    });
  }

  /** Returns the findings of the doctor, as `code message`. */
  async findings(argv: readonly string[], env: Record<string, string> = {}): Promise<string[]> {
    const { stdout, stderr } = await this.doctor([...argv, '--format', 'json'], env);
    if (stdout === '') throw new Error(stderr);
    const { findings } = JSON.parse(stdout) as { findings: { code: string; message: string }[] };
    return findings.map(({ code, message }) => `${code} ${message}`);
  }

  /** Puts a program on the PATH that prints a token, as kubelogin does after a sign-in. */
  async kubelogin(token: string): Promise<void> {
    const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } };
    const script = await this.lab.write('bin/kubectl-oidc_login', `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`);
    await chmod(script, 0o700);
  }

  async close(): Promise<void> {
    await this.issuer.close();
    await this.lab.close();
  }
}

const isMap = (value: unknown): value is Change => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Merges a change into a value. Maps are merged by key. */
function merged<T>(base: T, change: Change): T {
  const copy = parse(stringify(base, { aliasDuplicateObjects: false })) as Change;
  const into = (target: Change, from: Change) => {
    for (const [key, value] of Object.entries(from)) {
      const there = target[key];
      if (isMap(value) && isMap(there)) into(there, value);
      else if (value === null) delete target[key];
      else target[key] = value;
    }
  };
  into(copy, change);
  return copy as T;
}
