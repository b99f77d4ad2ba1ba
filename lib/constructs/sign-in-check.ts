import { patternWords, printedVersion } from '../config/schema/field-patterns';
import { parseVersion } from '../config/version';
import { isSupported, supportedRange } from '../upstream/kubernetes';
import type { KanidmClient } from './kanidm-client';
import { checkCertificates, expected, type PropProblem } from './props-check';

/** The settings of an API server that are checked here: the props of `ApiServerSignIn` except `issuers` and `jwt`. */
interface SignInSettings {
  readonly clients: readonly KanidmClient[];
  readonly kubernetes: string;
  readonly method?: 'flags' | 'structured';
  readonly ca?: { readonly pem?: string; readonly nodePath?: string };
  readonly anonymous?: { readonly enabled: boolean; readonly paths?: string[] };
  readonly folder?: string;
}

/** @throws Error with all problems */
export function checkSignIn(props: SignInSettings): void {
  const { kubernetes, anonymous, folder = '/etc/kubernetes/kaniflux' } = props;
  const problems = [
    versionProblem(kubernetes),
    clientsProblem(props),
    ...caProblems(props),
    anonymous && anonymous.enabled === undefined
      ? 'anonymous.enabled: expected `true` or `false`, found nothing'
      : undefined,
    anonymous?.enabled === false && anonymous.paths
      ? 'anonymous.paths: the API server does not start with paths while `enabled` is false'
      : undefined,
    // The API server reads an empty list as no list: it would accept requests without credentials for every path.
    anonymous?.paths?.length === 0 ? 'anonymous.paths: expected a path, found an empty list' : undefined,
    pathProblem('folder', folder),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new Error(problems.map((problem) => `ApiServerSignIn: ${problem}`).join('\n'));
}

function versionProblem(text: string): PropProblem {
  if (!new RegExp(printedVersion).test(text)) {
    return expected('kubernetes', patternWords[printedVersion] ?? 'a version', text);
  }
  return isSupported(parseVersion(text)) ? undefined : expected('kubernetes', `a version of ${supportedRange}`, text);
}

/** A second Kanidm can have other people with the same mail addresses and names, and groups with the same names. */
function clientsProblem({ clients }: SignInSettings): PropProblem {
  const [first, ...others] = clients.map(({ authenticator: { issuer } }) => new URL(issuer).origin);
  const other = others.find((origin) => origin !== first);
  const domains = [...new Set(clients.map(({ domain }) => domain))];
  if (other === undefined && domains.length > 1) {
    return `clients: expected one domain, because all clients are of one Kanidm, found ${domains.join(' and ')}`;
  }
  return other === undefined
    ? undefined
    : `clients: expected clients of one Kanidm, found clients of ${first} and ${other}; write those of the other Kanidm under \`issuers\``;
}

function caProblems({ ca, method = 'flags' }: SignInSettings): PropProblem[] {
  if (!ca) return [];
  const { pem, nodePath } = ca;
  return [
    checkCertificates('ca.pem', pem),
    method === 'structured' && nodePath !== undefined
      ? 'ca.nodePath: an AuthenticationConfiguration contains the CA as PEM, and cannot refer to a file; write `pem`'
      : undefined,
    pem === undefined && nodePath === undefined ? 'ca: expected `pem` or `nodePath`, found neither' : undefined,
    nodePath === undefined ? undefined : pathProblem('ca.nodePath', nodePath),
  ];
}

const pathProblem = (prop: string, path: string): PropProblem =>
  /^(\/(?!\.\.?\/)[^\s/]+){2,}$/.test(`${path}${prop === 'folder' ? '/file' : ''}`)
    ? undefined
    : expected(prop, 'the whole path on the nodes, such as `/etc/kubernetes/kaniflux`', path);
