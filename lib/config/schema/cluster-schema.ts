import { type Static, Type } from '@sinclair/typebox';
import { AuthenticationSchema } from './authentication-schema';
import {
  closed,
  dnsLabel,
  type Filled,
  flag,
  listOf,
  oneOf,
  printedVersion,
  rbacName,
  text,
  withDefault,
} from './field-types';
import { ClusterFluxSchema } from './flux-schema';

export const controlPlaneKinds = [
  'kubeadm',
  'k3s',
  'rke2',
  'talos',
  'cluster-api',
  'flags',
  'eks',
  'gke',
  'aks',
] as const;

const grantFields = {
  name: text({ description: 'Name of the binding.', pattern: rbacName, examples: ['oidc-cluster-admin'] }),
  clusterRole: Type.Optional(text({ description: 'The ClusterRole to grant.', pattern: rbacName, examples: ['view'] })),
  role: Type.Optional(text({ description: 'The Role to grant, in each of `namespaces`.', pattern: rbacName })),
  namespaces: Type.Optional(
    listOf(text({ description: 'A namespace.', pattern: dnsLabel }), {
      description: 'Grant in these namespaces only (RoleBindings); everywhere without it.',
      minItems: 1,
    }),
  ),
  people: Type.Optional(listOf(text({ description: 'A person, by key.' }), { description: 'Who gets it.' })),
  groups: Type.Optional(listOf(text({ description: 'A group, by key.' }), { description: 'Whose members get it.' })),
};

const grant = { description: 'A role given to people or groups.' };

export const ClusterGrantSchema = closed(grantFields, grant);

const clusterChoice = (description: string) =>
  Type.Unsafe<string | string[]>({
    type: ['string', 'array'],
    pattern: '^\\*$',
    items: text({ description: 'A cluster, by key.' }),
    minItems: 1,
    uniqueItems: true,
    description,
    examples: ['*', ['homelab']],
  });

export const GrantSchema = closed(
  { ...grantFields, clusters: clusterChoice('The clusters it holds on, or `"*"` for all.') },
  grant,
);

const verbs = (description: string) => Type.Array(text({ description }), { description, minItems: 1 });

export const RoleSchema = closed(
  {
    namespaces: Type.Optional(
      listOf(text({ description: 'A namespace.', pattern: dnsLabel }), {
        description: 'Makes it a Role in each of these; a ClusterRole without it.',
        minItems: 1,
      }),
    ),
    clusters: withDefault('*', clusterChoice('The clusters it is rendered for, or `"*"` for all.')),
    rules: Type.Array(
      closed(
        {
          apiGroups: withDefault(
            [''],
            Type.Array(Type.String(), { description: 'API groups; `""` is the core group.' }),
          ),
          resources: Type.Optional(verbs('Resources.')),
          resourceNames: Type.Optional(verbs('Only these objects.')),
          nonResourceURLs: Type.Optional(verbs('Paths that are no resources, in ClusterRoles only.')),
          verbs: verbs('Verbs.'),
        },
        { description: 'What is allowed, as in Kubernetes.' },
      ),
      { description: 'The rules.', minItems: 1 },
    ),
    aggregateTo: Type.Optional(
      listOf(oneOf(['admin', 'edit', 'view'], { description: 'A built-in ClusterRole.' }), {
        description: 'Add the rules to these built-in roles.',
      }),
    ),
  },
  { description: 'A role of your own.' },
);

export const ClusterSchema = closed(
  {
    server: text({ description: 'Address of the API server.', examples: ['https://192.0.2.10:6443'] }),
    kubernetes: text({
      description:
        'Version of Kubernetes, quoted: `"1.34"`, `"1.34.4"`, or as `kubectl version` prints it (`"v1.34.4+k3s1"`).',
      pattern: printedVersion,
      examples: ['1.34'],
    }),
    client: text({ description: 'The client whose tokens the API server accepts.' }),
    trust: withDefault(
      [],
      listOf(text({ description: 'A client.' }), {
        description: 'Further clients whose tokens it accepts (structured only).',
      }),
    ),
    controlPlane: oneOf(controlPlaneKinds, { description: 'What configures the API server.' }),
    controlPlaneVersion: Type.Optional(
      text({
        description: 'Version of Talos (`structured` needs it) or of Cluster API (the newest unless set), quoted.',
        pattern: printedVersion,
        examples: ['1.14'],
      }),
    ),
    authentication: withDefault({}, AuthenticationSchema),
    kubeconfig: withDefault(
      {},
      closed(
        {
          user: Type.Optional(text({ description: 'Name of the user entry; `oidc-<cluster>` unless set.' })),
          certificateAuthority: Type.Optional(
            closed(
              {
                file: text({ description: "PEM file with the API server's CA." }),
                inline: withDefault(
                  true,
                  flag({
                    description: 'Read the file, relative to this one, and put it in; or only name it.',
                  }),
                ),
              },
              { description: "The API server's CA." },
            ),
          ),
          plugin: withDefault(
            'oidc-login',
            oneOf(['oidc-login', 'kubelogin'], {
              description: '`kubectl oidc-login` (krew), or the plain `kubelogin` program.',
            }),
          ),
          signIn: withDefault(
            'browser',
            oneOf(['browser', 'keyboard', 'device-code'], {
              description:
                'In the browser of this machine; in any browser, and the code is pasted into the terminal; or with a device code.',
            }),
          ),
          tokenCache: withDefault(
            'disk',
            oneOf(['disk', 'keyring', 'none'], {
              description:
                'Where kubelogin keeps tokens: in `~/.kube/cache/oidc-login`, in the keyring of the operating system (sign-in fails where there is none), or nowhere (then every command signs in again).',
            }),
          ),
        },
        { description: 'What goes into the kubeconfig.' },
      ),
    ),
    breakGlass: Type.Optional(
      text({
        description: 'How to get in when Kanidm is down.',
        examples: ['the certificate admin kubeconfig, /etc/kubernetes/admin.conf on a control-plane node'],
      }),
    ),
    flux: Type.Optional(ClusterFluxSchema),
    grants: withDefault([], Type.Array(ClusterGrantSchema, { description: 'Who may do what on this cluster.' })),
  },
  { description: 'A Kubernetes cluster.' },
);

export type ClusterInput = Static<typeof ClusterSchema>;

/** A cluster with its defaults filled in. */
export type FilledClusterInput = Filled<typeof ClusterSchema>;
export type GrantInput = Static<typeof GrantSchema>;
export type RoleInput = Static<typeof RoleSchema>;
