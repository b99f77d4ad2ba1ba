/*
 * Rights on a custom resource of your own, for a group of Kanidm. Everybody who has `view` can read the resource too,
 * because the ClusterRole is aggregated to it.
 */
import { ApiObject, App, Chart } from 'cdk8s';
import { ClusterRole, KanidmClient, OidcRoleBinding } from 'kaniflux';

const client = new KanidmClient({ origin: 'https://idm.example.com', clientId: 'k8s' });
const app = new App();
const everywhere = new Chart(app, 'roles');
const apiGroups = ['example.com'];
new ClusterRole(everywhere, 'read', {
  name: 'greetings-view',
  rules: [{ apiGroups, resources: ['greetings'], verbs: ['get', 'list', 'watch'] }],
  aggregateTo: ['view'],
});
new ClusterRole(everywhere, 'write', {
  name: 'greetings-edit',
  rules: [
    { apiGroups, resources: ['greetings'], verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'] },
  ],
});

const shop = new Chart(app, 'shop', { namespace: 'shop' });
new OidcRoleBinding(shop, 'editors', {
  name: 'greetings-editors',
  role: { kind: 'ClusterRole', name: 'greetings-edit' },
  groups: [client.group('greeters')],
});
new ApiObject(shop, 'greeting', {
  apiVersion: 'example.com/v1',
  kind: 'Greeting',
  metadata: { name: 'hello' },
  spec: { text: 'Hello' },
});
app.synth();
