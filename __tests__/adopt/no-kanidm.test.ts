import { adoptReport } from '../../lib/adopt/adopt-report';
import { adoptFiles, binding, type Files, issuerUrl, structured } from './adopted';

const dex = {
  issuer: { url: 'https://dex.example.net', audiences: ['k8s'] },
  claimMappings: { username: { claim: 'sub', prefix: 'dex:' }, groups: { claim: 'groups', prefix: '' } },
};
const dexWithPrefix = {
  ...dex,
  claimMappings: { ...dex.claimMappings, groups: { claim: 'groups', prefix: 'dex:' } },
};
const rbac = { 'rbac.yaml': binding('ops', 'view', 'Group ops') };
const saidOf = (files: Files) => adoptReport(adoptFiles(files), 'a');
const flags = (url: string) => `kube-apiserver --oidc-issuer-url=${url} --oidc-client-id=k8s\n`;
const nix = (url: string) => `{ services.kubernetes.apiserver.extraOpts = "${flags(url).trim()}"; }`;
const pod = (url: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'kube-apiserver', namespace: 'kube-system' },
  spec: { containers: [{ name: 'kube-apiserver', command: flags(url).trim().split(' ') }] },
});
const variable = `https://\${domain}/oauth2/openid/k8s`;
const notRead = /were not read|give these|settings of kube-apiserver/;

describe('an API server without a client of Kanidm', () => {
  test('was read, and is not asked for again', () => {
    const said = saidOf({ 'auth.yaml': structured(dex), ...rbac });
    expect(said).not.toMatch(notRead);
    expect(said).toContain(
      'ClusterRoleBinding ops (Group ops): none of the issuers of the API server belongs to a client of Kanidm',
    );
    expect(said).toContain('. none of the issuers of the API server belongs to a client of Kanidm: write a client');
  });

  test('whose names could be those of users of Kanidm: its entry is printed, and its effect', () => {
    const claimMappings = { username: { claim: 'sub', prefix: '' }, groups: { claim: 'groups', prefix: '' } };
    const files = { 'auth.yaml': structured({ ...dex, claimMappings }) };
    const { config, left, changes } = adoptFiles(files);
    expect(config.clusters).not.toHaveProperty('a.issuers');
    expect([left, changes.length]).toEqual([[{ ...dex, claimMappings }], 1]);
    const said = saidOf(files);
    expect(said).toContain('users of this issuer and users of Kanidm could have the same name; fix: give the users');
    expect(said).not.toMatch(/kubectl-client|idm\.example\.com\/oauth2/);
    expect(said).toContain('. before you replace your AuthenticationConfiguration');
  });

  test('whose names have a prefix stays an issuer', () => {
    const { config, left } = adoptFiles({ 'auth.yaml': structured(dexWithPrefix) });
    expect([config.clusters, left]).toMatchObject([{ a: { issuers: { 'dex-example-net': { prefix: 'dex:' } } } }, []]);
  });

  test('is asked for if it was not read', () => {
    const said = saidOf(rbac);
    expect(said).toContain(
      'without the settings of the API server, adopt cannot tell whom this binding names: run adopt with these settings too',
    );
    expect(said).toContain('. run adopt again with the settings of kube-apiserver too');
  });
});

describe('an issuer with a variable', () => {
  test.each([
    ['a Nix file', { 'n.nix': nix(variable), ...rbac }],
    ['flags', { 'flags.txt': flags(variable), ...rbac }],
    ['a script', { 'start.sh': flags('https://$domain/oauth2/openid/k8s'), ...rbac }],
    ['a pod', { 'pod.yaml': pod('https://$(DOMAIN)/oauth2/openid/k8s'), ...rbac }],
    ['a setting of a script', { 'start.sh': `${flags(issuerUrl).trim()} --oidc-groups-prefix=$PREFIX\n`, ...rbac }],
    ['a template', { 'flags.txt': flags('https://{{domain}}/oauth2/openid/k8s'), ...rbac }],
    ['flags, as the client', { 'flags.txt': flags(`https://idm.example.org/oauth2/openid/\${CLIENT}`), ...rbac }],
  ])('in %s may be that of Kanidm: adopt asks for the value, and claims no effect', (_what, files) => {
    const said = saidOf(files);
    expect(adoptFiles(files).changes).toEqual([]);
    expect(said).not.toMatch(/rejected|entries above|client of Kanidm|AuthenticationConfiguration/);
    expect(said).not.toMatch(notRead);
    expect(said).toContain('. replace the variable in the issuer of the API server with its value');
  });

  test('beside Kanidm is left out, with its effect and the entry', () => {
    const kanidm = {
      issuer: { url: issuerUrl, audiences: ['k8s'] },
      claimMappings: { username: { claim: 'sub', prefix: 'kanidm:' } },
    };
    const other = { ...dex, issuer: { url: `https://\${dex}`, audiences: ['k8s'] } };
    const said = saidOf({ 'auth.yaml': structured(kanidm, other) });
    expect(said).toContain(`the API server rejects tokens of https://\${dex} (401)`);
    expect(said).toContain('add the entries above to the rendered one');
  });

  test('is another one than an issuer of others in flags, whose users lose access', () => {
    const said = saidOf({ 'flags.txt': flags('https://dex.example.net') });
    expect(said).toContain('the API server rejects tokens of https://dex.example.net (401)');
    expect(said).not.toContain('entries above');
  });
});

describe('an audience in an AuthenticationConfiguration', () => {
  const said = (audience: string) =>
    saidOf({
      'auth.yaml': structured({
        issuer: { url: issuerUrl, audiences: [audience] },
        claimMappings: { username: { claim: 'sub', prefix: 'kanidm:' } },
      }),
    });
  test.each(['$AUD', `\${AUD}`])('%s contains a variable', (audience) => {
    expect(said(audience)).toContain(`issuer ${issuerUrl} (4 settings): the issuer contains a variable`);
  });
  test.each(['k8s', 'other'])('%s contains none', (audience) => {
    expect(said(audience)).not.toContain('variable');
  });
});

describe('a name in a binding', () => {
  const server = {
    'flags.txt': `${flags(issuerUrl).trim()} --oidc-username-prefix=oidc: --oidc-groups-claim=groups\n`,
  };
  const said = (name: string) => saidOf({ ...server, 'rbac.yaml': binding('ops', 'view', `User ${name}`) });
  test.each([`oidc:\${NAME}`, 'oidc:{{ name }}'])('%s contains a variable', (name) => {
    expect(said(name)).toContain('the name contains a variable: read the cluster with --live');
  });
  test.each(['oidc:host$', 'oidc:corp$svc'])('%s contains none: Flux does not replace it', (name) => {
    expect(said(name)).not.toContain('variable');
  });
});
