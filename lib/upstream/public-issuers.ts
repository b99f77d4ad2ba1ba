interface PublicIssuer {
  readonly service: string;
  readonly claim: string;
  readonly stranger: Readonly<Record<string, string>>;
}

/**
 * Issuers that give tokens to anybody who opens an account. `claim` is the claim that tells to whom a token belongs.
 * `stranger` contains some claims that the token of a stranger can have.
 * @see https://docs.github.com/en/actions/reference/security/oidc
 * @see https://docs.gitlab.com/ci/secrets/id_token_authentication/
 * @see https://developers.google.com/identity/openid-connect/openid-connect
 * @see https://developer.hashicorp.com/terraform/cloud-docs/dynamic-provider-credentials/workload-identity-tokens
 * @see https://buildkite.com/docs/apis/workload-identity-federation/buildkite-agents
 */
export const publicIssuers: Readonly<Record<string, PublicIssuer>> = {
  'https://token.actions.githubusercontent.com': {
    service: 'GitHub Actions',
    claim: 'repository_owner',
    stranger: {
      sub: 'repo:stranger/project:ref:refs/heads/main',
      repository: 'stranger/project',
      repository_owner: 'stranger',
      actor: 'stranger',
      ref: 'refs/heads/main',
      ref_type: 'branch',
      event_name: 'push',
    },
  },
  'https://gitlab.com': {
    service: 'GitLab.com',
    claim: 'namespace_path',
    stranger: {
      sub: 'project_path:stranger/project:ref_type:branch:ref:main',
      namespace_path: 'stranger',
      project_path: 'stranger/project',
      user_login: 'stranger',
      ref: 'main',
      ref_type: 'branch',
    },
  },
  'https://accounts.google.com': { service: 'Google', claim: 'hd', stranger: { sub: '1' } },
  'https://app.terraform.io': { service: 'HCP Terraform', claim: 'terraform_organization_name', stranger: {} },
  'https://agent.buildkite.com': { service: 'Buildkite', claim: 'organization_slug', stranger: {} },
};
