/*
 * Headlamp in addition to kubectl. Headlamp signs people in with its own Kanidm client and sends their ID tokens to the
 * API server, which must accept the tokens of both clients. Both clients have the same prefix, so a person has one user
 * name.
 */
import { writeFileSync } from 'node:fs';
import { App, Chart } from 'cdk8s';
import { ApiServerSignIn, HelmApp, KanidmClient, OidcClusterRoleBinding, toYaml } from 'kaniflux';

const shared = { origin: 'https://idm.example.com', usernamePrefix: 'kanidm:' };
const kubectl = new KanidmClient({ ...shared, clientId: 'k8s' });
const redirectUrls = ['https://headlamp.example.com/oidc-callback'];
const headlamp = new KanidmClient({ ...shared, clientId: 'headlamp', redirectUrls });

const app = new App();
const chart = new Chart(app, 'headlamp');
new HelmApp(chart, 'headlamp', {
  name: 'headlamp',
  repository: 'https://kubernetes-sigs.github.io/headlamp/',
  chart: 'headlamp',
  version: '0.38.0',
  values: {
    // By default, the chart makes Headlamp's own service account cluster-admin.
    clusterRoleBinding: { create: false },
    // You create the Secret `headlamp-oidc`. Its keys are OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_ISSUER_URL,
    // OIDC_SCOPES and OIDC_USE_PKCE.
    config: {
      oidc: {
        secret: { create: false },
        externalSecret: { enabled: true, name: 'headlamp-oidc', hasScopes: true },
        usePKCE: true,
      },
    },
  },
});
new OidcClusterRoleBinding(chart, 'viewers', { name: 'viewers', clusterRole: 'view', groups: [kubectl.group('team')] });
app.synth();

const signIn = new ApiServerSignIn({ clients: [kubectl, headlamp], kubernetes: '1.34', method: 'structured' });
writeFileSync('authentication-configuration.yaml', toYaml(signIn.authenticationConfiguration));
console.log(headlamp.issuer);
