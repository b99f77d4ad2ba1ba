import { type Static, Type } from '@sinclair/typebox';
import { AppsSchema } from './app-schema';
import { AuthenticationSchema } from './authentication-schema';
import { dnsLabel, printedVersion, rbacName } from './field-patterns';
import { closed, type Filled, flag, listOf, mapOf, oneOf, text, withDefault } from './field-types';
import { controlPlaneKinds } from './field-values';
import { ClusterFluxSchema } from './flux-schema';
import { IssuerSchema, JwtSchema } from './issuer-schema';
import { PodSecuritySchema } from './pod-security-schema';
import { term } from './term-schema';

const subjectName = (description: string) =>
  text({ description, pattern: '^[^\\x00-\\x1f]+$', examples: ['ci:repo:web'] });

const grantFields = {
  name: text({ description: 'Name of the binding.', pattern: rbacName, examples: ['oidc-cluster-admin'] }),
  clusterRole: Type.Optional(text({ description: 'The ClusterRole to grant.', pattern: rbacName, examples: ['view'] })),
  role: Type.Optional(text({ description: 'The Role to grant, in each of `namespaces`.', pattern: rbacName })),
  namespaces: Type.Optional(
    listOf(text({ description: 'A namespace.', pattern: dnsLabel }), {
      description:
        'Grant the role in these namespaces only, with a RoleBinding in each. Unless set, the role is granted on the whole cluster.',
      minItems: 1,
    }),
  ),
  people: Type.Optional(
    listOf(text({ description: 'A person, by key.' }), { description: 'The people who get the role.' }),
  ),
  groups: Type.Optional(
    listOf(text({ description: 'A group, by key.' }), { description: 'The groups whose members get the role.' }),
  ),
  serviceAccounts: Type.Optional(
    listOf(text({ description: 'A service account, by key.' }), {
      description: 'The service accounts that get the role.',
    }),
  ),
  subjects: Type.Optional(
    closed(
      {
        users: Type.Optional(
          listOf(subjectName('A user, such as `ci:repo:web`.'), { description: 'Users, by their whole names.' }),
        ),
        groups: Type.Optional(
          listOf(subjectName('A group, such as `ci:deployers`.'), { description: 'Groups, by their whole names.' }),
        ),
      },
      {
        description:
          'Users and groups that are not in this config and get the role, such as those of another issuer. Write each name as the API server sees it, with the prefix.',
      },
    ),
  ),
  ...term('grant'),
};

const grant = { description: 'A role given to people, groups or service accounts.' };

export const ClusterGrantSchema = closed(grantFields, grant);

export const clusterChoice = (description: string) =>
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
  { ...grantFields, clusters: clusterChoice('The clusters on which the role is granted, or `"*"` for all.') },
  grant,
);

const verbs = (description: string) => Type.Array(text({ description }), { description, minItems: 1 });

export const RoleSchema = closed(
  {
    namespaces: Type.Optional(
      listOf(text({ description: 'A namespace.', pattern: dnsLabel }), {
        description: 'Render a Role in each of these namespaces. Unless set, Kaniflux renders a ClusterRole.',
        minItems: 1,
      }),
    ),
    clusters: withDefault('*', clusterChoice('The clusters for which the role is rendered, or `"*"` for all.')),
    rules: Type.Array(
      closed(
        {
          apiGroups: withDefault(
            [''],
            Type.Array(Type.String(), { description: 'API groups; `""` is the core group.' }),
          ),
          resources: Type.Optional(verbs('Resources.')),
          resourceNames: Type.Optional(verbs('Only these objects.')),
          nonResourceURLs: Type.Optional(verbs('Paths such as `/healthz`. In ClusterRoles only.')),
          verbs: verbs('Verbs.'),
        },
        { description: 'A rule as in a Kubernetes Role.' },
      ),
      { description: 'The rules.', minItems: 1 },
    ),
    aggregateTo: Type.Optional(
      listOf(oneOf(['admin', 'edit', 'view'], { description: 'A built-in ClusterRole.' }), {
        description: 'The built-in ClusterRoles that the rules are added to.',
      }),
    ),
  },
  { description: 'A Role or ClusterRole that Kaniflux renders.' },
);

/** Issuers other than Kanidm, each with a name of the user's choice. */
export const IssuersSchema = mapOf(IssuerSchema, {
  description:
    'Other issuers whose tokens the API server accepts, by a name of your choice. For `method: structured` only.',
  pattern: dnsLabel,
});

export const ClusterSchema = closed(
  {
    server: text({ description: 'Address of the API server.', examples: ['https://192.0.2.10:6443'] }),
    kubernetes: text({
      description:
        'Version of Kubernetes, in quotes: `"1.34"`, `"1.34.4"`, or as `kubectl version` prints it (`"v1.34.4+k3s1"`).',
      pattern: printedVersion,
      examples: ['1.34'],
    }),
    client: text({ description: 'The client whose tokens the API server accepts.' }),
    trust: withDefault(
      [],
      listOf(text({ description: 'A client.' }), {
        description: 'Other clients whose tokens the API server accepts too. For `method: structured` only.',
      }),
    ),
    issuers: withDefault({}, IssuersSchema),
    jwt: withDefault(
      [],
      Type.Array(JwtSchema, {
        description:
          'Further entries of the AuthenticationConfiguration. They are rendered unchanged, after the other entries. For `method: structured` only.',
      }),
    ),
    apps: withDefault({}, AppsSchema),
    controlPlane: oneOf(controlPlaneKinds, {
      description:
        'The kind of control plane, which determines how the API server is configured. `gke` and `aks` are rejected, with a message that says what to do instead.',
    }),
    controlPlaneVersion: Type.Optional(
      text({
        description:
          'Version of Talos or Cluster API, in quotes. With Talos, `method: structured` requires this field. Without this field, Kaniflux assumes the newest version of Cluster API.',
        pattern: printedVersion,
        examples: ['1.14'],
      }),
    ),
    authentication: withDefault({}, AuthenticationSchema),
    kubeconfig: withDefault(
      {},
      closed(
        {
          user: Type.Optional(
            text({ description: 'Name of the user in the kubeconfig. Unless set, `oidc-<cluster>`.' }),
          ),
          certificateAuthority: Type.Optional(
            closed(
              {
                file: text({ description: "PEM file with the API server's CA." }),
                inline: withDefault(
                  true,
                  flag({
                    description:
                      '`true`: Kaniflux copies the certificates into the kubeconfig, and `file` is relative to the folder of `kaniflux.yaml`. `false`: Kaniflux writes the path in `file` into the kubeconfig, unchanged. kubectl looks for a relative path in the folder of the kubeconfig.',
                  }),
                ),
              },
              { description: "The API server's CA." },
            ),
          ),
          plugin: withDefault(
            'oidc-login',
            oneOf(['oidc-login', 'kubelogin'], {
              description: 'The command that signs in: `kubectl oidc-login`, as krew installs it, or `kubelogin`.',
            }),
          ),
          signIn: withDefault(
            'browser',
            oneOf(['browser', 'keyboard', 'device-code'], {
              description:
                '`browser`: in a browser on the same machine. `keyboard`: in any browser; the code is then pasted into the terminal. `device-code`: with a device code.',
            }),
          ),
          tokenCache: withDefault(
            'disk',
            oneOf(['disk', 'keyring', 'none'], {
              description:
                'Where kubelogin stores tokens. `disk`: in `~/.kube/cache/oidc-login`. `keyring`: in the keyring of the operating system; sign-in fails if there is none. `none`: nowhere, so every command signs in again.',
            }),
          ),
        },
        { description: 'The kubeconfig of the cluster.' },
      ),
    ),
    breakGlass: Type.Optional(
      text({
        description: 'How administrators get access while Kanidm is down.',
        examples: [
          'the admin kubeconfig with a client certificate, /etc/kubernetes/admin.conf on a control-plane node',
        ],
      }),
    ),
    flux: Type.Optional(ClusterFluxSchema),
    podSecurity: Type.Optional(PodSecuritySchema),
    grants: withDefault([], Type.Array(ClusterGrantSchema, { description: 'Who may do what on this cluster.' })),
  },
  { description: 'A Kubernetes cluster.' },
);

export type ClusterInput = Static<typeof ClusterSchema>;

/** A cluster with its defaults filled in. */
export type FilledClusterInput = Filled<typeof ClusterSchema>;
export type GrantInput = Static<typeof GrantSchema>;
export type RoleInput = Static<typeof RoleSchema>;
