/*
 * The home lab of this repository as a separate cdk8s app without a kaniflux.yaml: Kanidm deployed by its Helm chart,
 * one administrator, and the files for nodes and people.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { App, Chart } from 'cdk8s';
import {
  ApiServerSignIn,
  FluxSync,
  KanidmClient,
  KanidmHelmApp,
  kubeconfig,
  OidcClusterRoleBinding,
  toYaml,
} from 'kaniflux';

const domain = 'sso.kammel.dev';
const client = new KanidmClient({ origin: `https://${domain}`, clientId: 'k8s' });
const app = new App();

const chart = { repository: 'https://datosh.github.io/kanidm/', chart: 'kanidm', version: '0.1.2' };
const ingress = { className: 'nginx', clusterIssuer: 'letsencrypt-prod', tlsSecretName: 'idm-kammel-dev-tls' };
new KanidmHelmApp(new Chart(app, 'kanidm'), 'server', { domain, ...chart, values: { ingress } });

// The UUID of the person in Kanidm: `kanidm person get NAME`.
const users = [client.user('7b89b6ea-1e8b-4aa8-98fb-a70cba498d16')];
const admins = { name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', users };
new OidcClusterRoleBinding(new Chart(app, 'access'), 'admins', admins);

const sync = new Chart(app, 'sync');
const path = './dist/clusters/homelab';
new FluxSync(sync, 'kanidm', { name: 'kaniflux-kanidm', path: `${path}/kanidm`, waitFor: '10m', keepOnRemoval: true });
new FluxSync(sync, 'access', { name: 'kaniflux-access', path: `${path}/access` });
app.synth();

// These are not API objects: a control-plane node reads the first one, and everybody who signs in reads the second.
mkdirSync('nodes', { recursive: true });
const server = 'https://192.168.1.16:6443';
writeFileSync('nodes/kubeadm.yaml', toYaml(new ApiServerSignIn({ clients: [client], kubernetes: '1.32' }).kubeadm));
writeFileSync('nodes/kubeconfig.yaml', toYaml(kubeconfig({ name: 'homelab', server, client })));
