import type { Meaning } from './meaning';

/** Of Kanidm: the server and its client (1.10 and 1.11), and kubectl's own words. */
export const identityMeanings: readonly Meaning[] = [
  {
    of: 'kanidmd',
    pattern: /Failed to apply migration/,
    means: 'Kanidm refused something in a migration file, and left out the whole file; it runs all the same.',
    fix: 'Look at the lines before for the attribute or the entry; `kaniflux synth` refuses what is known to be refused.',
  },
  {
    of: 'kanidmd',
    pattern: /Uuid duplicate found in database/i,
    means: 'An entry comes back that was made `absent`: its UUID lies in the recycle bin.',
    fix: 'Write `incarnation: 2` for it, or revive the old entry by hand.',
  },
  {
    of: 'kanidmd',
    pattern: /Duplicate migration UUID found/,
    means: 'Two migration files have one UUID; Kanidm applies none of them.',
    fix: 'Remove the file that Kaniflux did not write.',
  },
  {
    of: 'kanidmd',
    pattern: /Invalid JSON SCIM Assertion|Unable to read migration/,
    means: 'A migration file cannot be read, and is left out whole.',
    fix: 'Render it again, and look whether it arrives as it was rendered.',
  },
  {
    of: 'kanidmd',
    pattern: /Migration path does not exist/,
    means: 'Kanidm looks for migrations in a folder that is not there: nothing is provisioned.',
    fix: 'Mount the migrations at `/data/migrations.d`, as the rendered manifests do.',
  },
  {
    of: 'kanidm',
    pattern: /409 Conflict/,
    means: 'The entry exists already.',
    fix: 'Nothing is to be done when the runbook runs a second time.',
  },
  {
    of: 'kanidm',
    pattern: /No matching entries/,
    means: 'There is no entry of that name in Kanidm.',
    fix: 'Look at the name, and at the part of the runbook that makes it.',
  },
  {
    of: 'kanidmd',
    pattern: /redirect_uri returns to localhost, but localhost redirection is not allowed/,
    means:
      'The browser should go back to this machine, and the client has neither this address nor `localhostRedirects`.',
    fix: 'Add `http://localhost:8000` and `http://localhost:18000` to `redirectUrls` of the client.',
  },
  {
    of: 'kanidmd',
    pattern: /Invalid OAuth2 redirect_uri|invalid_?origin|redirect_?uri.*(mismatch|not match|invalid|denied)/i,
    means:
      'The address that the browser should go back to is none of the client’s redirect URLs, which are compared exactly.',
    fix: 'Add `http://localhost:8000` and `http://localhost:18000` to `redirectUrls` of the client.',
  },
  {
    of: 'kanidmd',
    pattern: /Invalid OAuth2 client_id .*configured the OAuth2 resource server/,
    means: 'Kanidm has no client of that id.',
    fix: 'Compare `clients` with `kanidm system oauth2 list`, and run the part of the runbook that makes the client.',
  },
  {
    of: 'kanidmd',
    pattern: /Invalid OAuth2 authentication - no secret in access token request/,
    means: 'The client has a secret (`type: basic`), and kubelogin sends none.',
    fix: 'Make a client of `type: public` for kubectl.',
  },
  {
    of: 'kanidmd',
    pattern: /does not have access to the requested scopes|scope map|not (authori[sz]ed|allowed) to access.*oauth2/i,
    means: 'The person is in none of the groups of the scope map, or asks for a scope outside of it: 403.',
    fix: 'Add the person to a group in `scopes` of the client.',
  },
  {
    of: 'kubectl',
    pattern: /interactiveMode must be specified/,
    means: 'An exec plugin of client.authentication.k8s.io/v1 has to say whether it may ask.',
    fix: 'Take the kubeconfig that Kaniflux renders.',
  },
  {
    of: 'kubectl',
    pattern: /User "[^"]*" cannot \w+ resource|is forbidden/,
    means: 'Signing in works; no binding gives this user the right.',
    fix: 'Ask `kaniflux explain <person>` and compare the user name: a wrong prefix or claim looks like this too.',
  },
  {
    of: 'kubectl',
    pattern: /You must be logged in|Unauthorized/,
    means: 'The API server refused the token and says why only in its own log.',
    fix: 'Pipe the token into `kaniflux explain --token -`, or the log of the API server into `kaniflux explain --log -`.',
  },
  {
    of: 'Kubernetes',
    pattern: /strict decoding error: unknown field/,
    means: 'A field has a name that this kind does not have.',
    fix: 'Look at the spelling, and whether the server is old for the field.',
  },
];
