/* The fields that several kinds of documents (`Carrier`) have in common. */

export const oidc = (prefix: string): Readonly<Record<string, string>> => ({
  [`${prefix}url`]: 'oidc-issuer-url',
  [`${prefix}client_id`]: 'oidc-client-id',
  [`${prefix}ca_file`]: 'oidc-ca-file',
  [`${prefix}username_claim`]: 'oidc-username-claim',
  [`${prefix}username_prefix`]: 'oidc-username-prefix',
  [`${prefix}groups_claim`]: 'oidc-groups-claim',
  [`${prefix}groups_prefix`]: 'oidc-groups-prefix',
});

/**
 * Returns the flag for each field, in every spelling that APIs use, such as `IssuerURL` and `IssuerUrl`.
 * @param of converts a name such as `IssuerURL` to the name of the field
 */
export const camel = (of: (name: string) => string): Readonly<Record<string, string>> => ({
  [of('IssuerURL')]: 'oidc-issuer-url',
  [of('IssuerUrl')]: 'oidc-issuer-url',
  [of('ClientID')]: 'oidc-client-id',
  [of('ClientId')]: 'oidc-client-id',
  [of('CAFile')]: 'oidc-ca-file',
  [of('UsernameClaim')]: 'oidc-username-claim',
  [of('UsernamePrefix')]: 'oidc-username-prefix',
  [of('GroupsClaim')]: 'oidc-groups-claim',
  [of('GroupsClaims')]: 'oidc-groups-claim',
  [of('GroupsPrefix')]: 'oidc-groups-prefix',
  [of('RequiredClaim')]: 'oidc-required-claim',
  [of('RequiredClaims')]: 'oidc-required-claim',
  [of('SigningAlgs')]: 'oidc-signing-algs',
});
export const lowerCamel = camel((name) =>
  name.startsWith('CA') ? `ca${name.slice(2)}` : name[0]?.toLowerCase() + name.slice(1),
);

export const clusterConfiguration = (at: string) => ({
  args: [`${at}apiServer.extraArgs`],
  server: [`${at}controlPlaneEndpoint`],
});

export const controlPlaneTemplate = (at: string) => {
  const inner = clusterConfiguration(`${at}kubeadmConfigSpec.clusterConfiguration.`);
  return {
    ...inner,
    kubernetes: [`${at}kubeadmConfigSpec.clusterConfiguration.kubernetesVersion`, `${at}version`],
    documents: [`${at}kubeadmConfigSpec.files.*.content`],
  };
};

export const rke2ControlPlane = (at: string) => ({
  args: [`${at}serverConfig.kubeAPIServer.extraArgs`],
  kubernetes: [`${at}version`, `${at}agentConfig.version`],
  documents: [`${at}files.*.content`],
});

export const rancher = (at: string) => ({
  args: [
    `${at}rkeConfig.machineGlobalConfig.kube-apiserver-arg`,
    `${at}rkeConfig.machineSelectorConfig.*.config.kube-apiserver-arg`,
  ],
  kubernetes: [`${at}kubernetesVersion`],
  advice: `put the rendered arguments into ${at}rkeConfig.machineGlobalConfig.kube-apiserver-arg`,
});

export const rke = (at: string) =>
  ({
    has: [`${at}services.kube-api`],
    controlPlane: 'flags',
    args: [`${at}services.kube-api.extra_args`, `${at}services.kube-api.extra_args_array`],
    kubernetes: [`${at}kubernetes_version`],
    advice: `put the rendered flags into ${at}services.kube-api.extra_args`,
  }) as const;

/** The field by which a patch of Cluster API is recognized. Such a patch has no kind. */
export const kubeadmConfigSpec = 'kubeadmConfigSpec.clusterConfiguration.apiServer';

export const k0s = {
  controlPlane: 'k0s',
  args: ['spec.api.extraArgs', 'spec.api.rawArgs'],
  server: ['spec.api.externalAddress'],
  port: 'spec.api.port',
} as const;
