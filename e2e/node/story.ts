import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../lib/config/config';
import { diskReader } from '../../lib/existing/disk-reader';
import { parseConfig } from '../../lib/load';
import { Authority, type Lab } from '../harness';
import { capture } from '../parts/exec';
import type { Machine } from './machine';

const modules = join(__dirname, '..', '..', 'node_modules');

/** The changes of the config in a test. */
export interface Story {
  /** Whether to deploy Kanidm with the chart, in the namespace `sso`. @default false */
  readonly chart?: boolean;
  /**
   * Another repository of the chart, and the access to it, as fields of `kanidm.helm`. Kanidm is then not provisioned
   * by migrations.
   */
  readonly repository?: string;
  readonly image?: string;
  /** @default '1.11.1' */
  readonly version?: string;
  /** The name of the backup file to restore, which is in the Secret `kanidm-restore`. */
  readonly restore?: string;
  readonly displayName?: string;
  readonly method?: string;
  /** Whether the API server has the CA of Kanidm. @default true */
  readonly ca?: boolean;
  /** Whether the kubeconfigs have the CA of the cluster, which exists after `kubeadm init`. @default false */
  readonly clusterCa?: boolean;
  readonly grants?: string;
}

const manifests = ({ image = 'node.example.com/kanidm', restore }: Story) => `  manifests:
    image: ${image}
    storage: { className: local }
  backup:
    schedule: '* * * * *'
${restore ? `    restore: { file: ${restore}, secretName: kanidm-restore }\n` : ''}`;

const chart = ({ repository = 'repository: https://datosh.github.io/kanidm/' }: Story) => `  namespace: sso
  helm:
    ${repository}
    chart: kanidm
    version: "0.1.2"
    values: { ingress: { tlsSecretName: kanidm-tls } }
`;

const storyConfig = (more: Story) => `kanidm:
  domain: idm.example.com
  cluster: homelab
  version: "${more.version ?? '1.11.1'}"
  provision: ${more.repository ? 'runbook' : 'migrations'}
${more.chart ? chart(more) : manifests(more)}people:
  datosh: { displayName: ${more.displayName ?? 'Fabian Kammel'} }
  second: { displayName: Second Person }
groups:
  k8s_users: { members: [datosh, second] }
clients:
  k8s:
    landingUrl: http://localhost:8000
    redirectUrls: [http://localhost:8000, http://localhost:18000]
    scopes: { k8s_users: [openid, email, profile, groups] }
clusters:
  homelab:
    server: https://api.example.com:6443
    kubernetes: "1.34"
    client: k8s
    controlPlane: kubeadm
    authentication:
      method: ${more.method ?? 'flags'}
${more.ca === false ? '' : '      ca: { file: kanidm-ca.crt }\n'}    flux: { interval: 5m, retryInterval: 5s, timeout: 30s }
${more.clusterCa ? '    kubeconfig: { certificateAuthority: { file: ca.crt } }\n' : ''}    grants: ${more.grants ?? '[{ name: oidc-cluster-admin, clusterRole: cluster-admin, people: [datosh] }]'}
`;

/** Somebody's repository: `kaniflux.yaml`, the CA of Kanidm, and on the machine also `dist/`. */
export class Repository {
  private clusterCa = false;

  private constructor(
    readonly folder: string,
    readonly web: Authority,
  ) {}

  static async create(lab: Lab): Promise<Repository> {
    const folder = lab.path('repository');
    await mkdir(folder);
    const web = await Authority.create('the web');
    await writeFile(join(folder, 'kanidm-ca.crt'), web.cert);
    return new Repository(folder, web);
  }

  /** Adds the CA of the cluster to the kubeconfigs, as described in the README. */
  async takeClusterCa(machine: Machine): Promise<void> {
    await writeFile(join(this.folder, 'ca.crt'), await machine.run('cat /root/repository/ca.crt'));
    this.clusterCa = true;
  }

  private text(story: Story): string {
    return storyConfig({ clusterCa: this.clusterCa, ...story });
  }

  config(story: Story): Config {
    const { config, findings } = parseConfig('kaniflux.yaml', Buffer.from(this.text(story)), diskReader(this.folder));
    if (!config) throw new Error(findings.map(({ message }) => message).join('\n'));
    return config;
  }

  /** Puts a new certificate for Kanidm beside the repository on the machine, as `tls.crt` and `tls.key`. */
  async renewCertificate(machine: Machine): Promise<void> {
    const { cert, key } = await this.web.issue({ commonName: 'idm.example.com', hosts: ['idm.example.com'] });
    await machine.write('/root/repository/tls.crt', cert);
    await machine.write('/root/repository/tls.key', key);
  }

  /**
   * Puts a copy of the repository on the machine, as `/root/repository`, and renders it there. In this folder, `npx
   * kaniflux` runs the Kaniflux of this checkout.
   */
  async checkOut(machine: Machine, story: Story = {}): Promise<void> {
    await writeFile(join(this.folder, 'kaniflux.yaml'), this.text(story));
    // Through a pipe: what changes below a mounted overlay is not seen reliably.
    const archive = await capture('bash', ['-c', `tar -C ${this.folder} -cf - . | base64`]);
    await machine.run(
      `rm -rf /root/repository && mkdir /root/repository && cd /root/repository && base64 -d | tar -xf - && ln -s ${modules} node_modules && npx kaniflux synth`,
      archive,
    );
  }

  /** Changes `kaniflux.yaml` on the machine, and nothing else there. */
  async edit(machine: Machine, story: Story): Promise<void> {
    await machine.write('/root/repository/kaniflux.yaml', this.text(story));
  }
}

/** Runs kubectl as a person with the rendered kubeconfig. A script takes the place of the browser (`node.ts`). */
export const asPerson = (machine: Machine, name: string, args: string): Promise<string> =>
  machine.run(
    `cd /root/repository && mkdir -p /root/${name} && HOME=/root/${name} SIGN_IN_AS=${name} timeout 60 kubectl --kubeconfig=dist/kubeconfigs/homelab.yaml ${args}`,
  );
