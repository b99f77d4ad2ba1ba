/**
 * Issuers that give tokens to anybody who opens an account, with the claim that tells to whom a token belongs.
 * @see https://docs.github.com/en/actions/reference/security/oidc
 * @see https://docs.gitlab.com/ci/secrets/id_token_authentication/
 * @see https://developers.google.com/identity/openid-connect/openid-connect
 * @see https://developer.hashicorp.com/terraform/cloud-docs/dynamic-provider-credentials/workload-identity-tokens
 * @see https://buildkite.com/docs/apis/workload-identity-federation/buildkite-agents
 */
export const publicIssuers: Readonly<Record<string, { readonly service: string; readonly claim: string }>> = {
  'https://token.actions.githubusercontent.com': { service: 'GitHub Actions', claim: 'repository_owner' },
  'https://gitlab.com': { service: 'GitLab.com', claim: 'namespace_path' },
  'https://accounts.google.com': { service: 'Google', claim: 'hd' },
  'https://app.terraform.io': { service: 'HCP Terraform', claim: 'terraform_organization_name' },
  'https://agent.buildkite.com': { service: 'Buildkite', claim: 'organization_slug' },
};
