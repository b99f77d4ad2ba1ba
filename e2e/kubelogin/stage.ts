import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { parse, stringify } from 'yaml';
import { configOf, merge } from '../../__tests__/config';
import { type Config, entry } from '../../lib/config/config';
import { authenticators } from '../../lib/identity/authenticator';
import { tokenClaims } from '../../lib/identity/claims';
import { groupNamesFrom, userNameFrom } from '../../lib/identity/subject';
import { apiserverFlags, renderInto } from '../flux/rendered';
import {
  type Apiserver,
  Authority,
  freePort,
  Lab,
  launchChromium,
  startApiserver,
  startEtcd,
  upToDate,
} from '../harness';
import { OidcProvider } from '../oidc/provider';
import { HttpsProxy } from '../oidc/proxy';
import { Workstation, type WorkstationOptions } from './workstation';

/** Reads a transcript of trials by hand, with this provider or with a real Kanidm. */
export const fixture = (name: string): string =>
  readFileSync(join(__dirname, '..', '..', '__tests__', 'fixtures', 'kubelogin', name), 'utf8');

/** The clusters: homelab has flags and `sub`; team has an AuthenticationConfiguration, a prefix, groups and a CA. */
export const names = ['homelab', 'team'] as const;
type Name = (typeof names)[number];

/** The lifetime of an ID token in seconds: long enough for two commands, and short enough to wait until it expires. */
const idTokenSeconds = 20;

interface Ports {
  readonly first: number;
  readonly second: number;
  readonly team: number;
}

/** Replaces the ports of the fixture by those of this run, and adds a person with fewer rights. */
const changesAt = ({ first, second, team }: Ports) => ({
  people: { jane: { displayName: 'Jane' } },
  groups: { developers: { members: ['jane'] } },
  roles: { 'pod-reader': { rules: [{ resources: ['pods'], verbs: ['get', 'list'] }] } },
  clients: {
    k8s: {
      landingUrl: `http://localhost:${first}`,
      redirectUrls: [`http://localhost:${first}`, `http://localhost:${second}`],
    },
    team: { redirectUrls: [`http://localhost:${team}/callback`], scopes: { developers: ['openid', 'groups'] } },
  },
  clusters: {
    team: {
      grants: [
        { name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', groups: ['k8s_admins'] },
        { name: 'developers', clusterRole: 'pod-reader', namespaces: ['shop'], groups: ['developers'] },
      ],
    },
  },
});

/** Two real API servers, a provider, and all files that are rendered for them. */
export class Stage {
  private readonly closers = [() => this.lab.close()];
  private readonly servers = new Map<Name, Apiserver>();
  private stations = 0;
  private browser?: Browser;
  private proxy?: HttpsProxy;

  private constructor(
    readonly lab: Lab,
    private readonly web: Authority,
    /** The ports on which kubelogin listens. For homelab, kubelogin listens on the first or the second port. */
    readonly ports: Ports,
  ) {}

  static async open(): Promise<Stage> {
    const lab = await Lab.open('kubelogin');
    const ports = { first: await freePort(), second: await freePort(), team: await freePort() };
    const stage = new Stage(lab, await Authority.create('the web'), ports);
    try {
      await stage.start();
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  private async start(): Promise<void> {
    const { lab, web, closers } = this;
    const config = this.config();
    const files = await renderInto(lab.path('dist'), config);
    const host = new URL(config.kanidm.origin).hostname;
    const certificate = await web.issue({ commonName: host, hosts: [host] });
    const provider = await OidcProvider.start(config, certificate, { idTokenSeconds });
    closers.push(() => provider.close());
    const proxy = await HttpsProxy.start({ [host]: provider.port });
    closers.push(() => proxy.close());
    const browser = await launchChromium({ hosts: { [host]: provider.port } });
    closers.push(() => browser.close());
    Object.assign(this, { proxy, browser });
    const env = { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: await lab.write('web.crt', web.cert) };
    const flags = { env, extraArgs: apiserverFlags(files) };
    const authenticationConfig = files.get('control-planes/team/authentication-config.yaml');
    const structured = { env: { HTTPS_PROXY: proxy.url }, authenticationConfig }; // it brings the authority
    this.servers.set('homelab', await startApiserver(lab, { etcd: await startEtcd(lab), ...flags }));
    this.servers.set('team', await startApiserver(lab, { etcd: await startEtcd(lab), ...structured }));

    const rendered = await renderInto(lab.path('dist'), this.config()); // with the addresses of the servers
    for (const [name, server] of this.servers) {
      await server.kubectl(['create', 'namespace', 'shop']);
      for (const folder of ['access', 'access-in-namespaces']) {
        const { resources } = parse(rendered.get(`clusters/${name}/${folder}/kustomization.yaml`) ?? '');
        const args = ['apply', '-k', lab.path('dist', 'clusters', name, folder)];
        if (resources.length > 0) await server.kubectl(args);
      }
      await upToDate(server);
    }
  }

  private config(change: object = {}): Config {
    const files: Record<string, string> = { 'web.crt': this.web.cert };
    const clusters: Record<string, object> = {};
    for (const [name, { url, authority }] of this.servers) {
      files[`${name}.crt`] = authority.cert;
      clusters[name] = { server: url, kubeconfig: { certificateAuthority: { file: `${name}.crt` } } };
    }
    const changes = [changesAt(this.ports), { clusters }, change];
    return configOf(stringify(changes.reduce<unknown>(merge, parse(fixture('kaniflux.yaml')))), files);
  }

  /** Returns the argument of kubectl for the rendered kubeconfig of a cluster, or of both. */
  kubeconfig(name?: Name): string {
    return `--kubeconfig=${this.lab.path('dist', name ? `kubeconfigs/${name}.yaml` : 'kubeconfig.yaml')}`;
  }

  /** Returns the argument for the kubeconfig of homelab, rendered with other settings. */
  async changed(kubeconfig: object): Promise<string> {
    const folder = this.lab.path(`dist-${++this.stations}`);
    await renderInto(folder, this.config({ clusters: { homelab: { kubeconfig } } }));
    return `--kubeconfig=${join(folder, 'kubeconfigs', 'homelab.yaml')}`;
  }

  /** Returns the user that lib/identity predicts for a person at the API server of a cluster. */
  predicted(who: string, name: Name) {
    const config = this.config();
    const [own] = authenticators(config, entry(config.clusters, name));
    if (!own) throw new Error('no client');
    const claims = tokenClaims(config, entry(config.people, who), own.client);
    const groups = [...groupNamesFrom(own, claims), 'system:authenticated'].sort();
    return { username: userNameFrom(own, claims), groups };
  }

  /**
   * Returns a machine that can reach Kanidm.
   * @param believing whether it trusts Kanidm's certificate. @default true
   */
  async workstation(
    options: Pick<WorkstationOptions, 'kubelogin'> & { believing?: boolean } = {},
  ): Promise<Workstation> {
    const { browser, proxy, lab } = this;
    if (!browser || !proxy) throw new Error('not started');
    const { believing = true, kubelogin } = options;
    const authorities = believing ? lab.path('web.crt') : this.servers.get('homelab')?.caFile;
    const env = { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: authorities ?? '' };
    return Workstation.create(lab, `station-${++this.stations}`, { browser, kubelogin, env });
  }

  async close(): Promise<void> {
    for (const close of this.closers.reverse()) await close();
  }
}
