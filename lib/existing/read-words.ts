import { type Arguments, mayContainArguments, type ParsedWords, parseWords, unwrapped } from './api-server-arguments';
import { flagIssuers, oidcFlags } from './api-server-issuers';
import { type ApiServer, type Facts, nothing, type PassedOver } from './facts';
import { encrypted, whyTextUnread } from './passed-over';
import { readElsewhere } from './read-elsewhere';
import { commandsIn, shellWords, withVariables } from './shell-words';
import { sourceArguments, variablesBeside, withoutBlocks, withoutComments } from './source-arguments';

/** Returns the sign-in settings in the arguments of a kube-apiserver. */
export function serverOfArguments(
  source: string,
  args: Arguments = new Map(),
  ca?: ApiServer['ca'],
): Pick<ApiServer, 'args' | 'file' | 'method' | 'issuers' | 'ca'> {
  const file = args.get('authentication-config')?.at(-1);
  const issuers = flagIssuers(args, source, ca);
  const isStructured = file !== undefined && issuers.length === 0;
  return {
    ...(args.size > 0 ? { args } : {}),
    ...(file === undefined ? {} : { file }),
    ...(isStructured ? { method: 'structured' } : issuers.length > 0 ? { method: 'flags' } : {}),
    issuers,
    ...(ca === undefined ? {} : { ca }),
  };
}

/** Returns the facts in arguments of kube-apiserver that are not in a known kind of file (`Carrier`). */
export const argumentFacts = (source: string, { args, others, faults = [] }: ParsedWords): Facts => ({
  ...nothing,
  apiServers: [{ source, carrier: 'arguments of kube-apiserver', ...serverOfArguments(source, args) }],
  passedOver: others.map((what) => ({ source, what, why: 'not about sign-in' })),
  notes: faults.map((text) => ({ source, text })),
});

/** Returns why adopt reads nothing in a text except the arguments of kube-apiserver. */
export function whyPassedOver(text: string): Pick<PassedOver, 'why' | 'instead'> {
  const instead = readElsewhere(text);
  return instead === undefined ? { why: 'not about sign-in' } : { why: 'not understood', instead };
}

const mayHoldFlags = (text: string) => /oidc-[a-z]|authentication-config\b/.test(text);

/** Matches a condition in a template of Jinja, Terraform, Helm or Go. */
const hasCondition = /\{%[-+]?\s*(?:el)?if\b|%\{~?\s*if\b|\{\{-?\s*(?:if|else if|with)\s/;

const runsServer = /^ExecStart=.*(kube-apiserver|\b(k3s|rke2)\s+server)\b/m;

/** Matches an option of OpenID Connect that kube-apiserver does not have, but other programs have. */
const otherOption =
  /(?<![\w.-])--?(?:oidc-(?!(?:issuer-url|client-id|ca-file|signing-algs|required-claim|(?:username|groups)-(?:claim|prefix))(?![\w-]))[a-z-]+|client-id|client-secret|cookie-secret)(?=["'`]?[=\s,])/;

/** Whether a text configures another program that signs people in, such as oauth2-proxy, and names no API server. */
const isOtherProgram = (text: string): boolean =>
  !/api[-_]?server|k3s|rke2|k0s|talos|kubeadm|minikube/i.test(text) &&
  (otherOption.test(text) || /oauth2[-_]proxy|kube-oidc-proxy/.test(text));

/**
 * Whether the text names oauth2-proxy, and has only arguments that oauth2-proxy has too. The file of a NixOS host can
 * contain both programs. oauth2-proxy has no `--oidc-client-id`, without which kube-apiserver does not start.
 */
const areOfProxy = (args: Arguments, text: string): boolean =>
  /oauth2[-_]proxy/.test(text) &&
  [...args.keys()].filter((name) => mayHoldFlags(name)).every((name) => /^oidc-(issuer-url|groups-claim)$/.test(name));

/** Whether a flag has different values, so that the arguments must be those of several API servers. */
const areOfSeveral = (args: Arguments): boolean =>
  [...args].some(
    ([name, values]) => name !== 'oidc-required-claim' && name !== 'oidc-signing-algs' && new Set(values).size > 1,
  );

/** Returns the flags that the source of a program names, but whose values were not read. */
const flagsMissingIn = (args: Arguments, code: string): string[] =>
  [...Object.keys(oidcFlags), 'authentication-config']
    .filter((name) => !args.has(name) && new RegExp(`(?<![a-z])${name}(?![\\w-])`).test(code))
    .map((name) => `--${name}`);

/** Whether a script starts several API servers with different issuers. */
const startsSeveral = (text: string): boolean => {
  const urls = commandsIn(text)
    .filter((words) => words.some((word) => /(^|\/)(kube-apiserver|k3s|rke2|k3d|minikube)$/.test(word)))
    .flatMap((words) => parseWords(words).args.get('oidc-issuer-url')?.at(-1) ?? []);
  return new Set(urls).size > 1;
};

const ofSeveral: Pick<PassedOver, 'what' | 'why' | 'instead'> = {
  what: 'the arguments of several API servers',
  why: 'not understood',
  instead:
    'the file contains the arguments of several API servers: copy the flags of one API server into a file, one flag on each line, and run adopt with this file',
};

/** Whether a text has resources of Terraform or Pulumi for Talos, or is a template of its machine configuration. */
const setsTalos = (text: string): boolean =>
  /\btalos_machine_config\w*|@pulumiverse\/talos|pulumiverse_talos/.test(text) ||
  (/^machine:/m.test(text) && /^cluster:/m.test(text));

const version =
  /(?:rancher\/k3s:|rancher\/rke2:|kubernetes-version[= ]|INSTALL_(?:K3S|RKE2)_VERSION=|kubernetes-)v?(\d+\.\d+(?:\.\d+)?)/;

/**
 * Reads a command line, a systemd unit, or a file of arguments or environment variables.
 * @param divided the words of the text, if it does not follow the rules of a shell
 */
export function fromWords(source: string, given: string, divided?: readonly string[]): Facts | undefined {
  const text = divided ? given : withVariables(withoutBlocks(given));
  const files = [...text.matchAll(/^EnvironmentFile=-?(\S+)/gm)].map(([, file]) => file);
  const isUnit = files.length > 0 && runsServer.test(text.replace(/\\\r?\n/g, ' '));
  if (!mayHoldFlags(text) && !isUnit) return undefined;
  const code = divided ? '' : withoutComments(given);
  const { args: inSource } = parseWords(sourceArguments(code));
  const words = divided ?? shellWords(inSource.size > 0 ? withVariables(code) : text);
  if (words.some((word) => /(^|\W)((kubectl-)?oidc[-_]login|kubelogin)\W*$/.test(word))) return undefined;
  const { args: inShell, others, faults = [] } = parseWords(words);
  if (isOtherProgram(text)) return undefined;
  if (areOfSeveral(inSource) || (!divided && startsSeveral(text)))
    return { ...nothing, passedOver: [{ source, ...ofSeveral }] };
  const isCut = [...inShell.values()].flat().some((value) => /^$|[,;)\]]$/.test(value));
  const isSource = inSource.size > inShell.size || (inSource.size === inShell.size && isCut);
  const [main, other] = isSource ? [inSource, inShell] : [inShell, inSource];
  const args = new Map([...[...other].filter(([name]) => mayHoldFlags(name)), ...main]);
  if ([...args.values()].flat().some((value) => encrypted.test(value))) return undefined;
  if (![...args.keys()].some((name) => mayHoldFlags(name)) && !isUnit) return undefined;
  if (areOfProxy(args, code) && !isUnit) return undefined;
  const distribution = /(?:^|[^a-z0-9])(k3s|rke2)(?![a-z0-9])/i.exec(divided ? text : code)?.[1]?.toLowerCase();
  const kubernetes = version.exec(text)?.[1];
  const advice = adviceFor(unwrapped(words), distribution);
  return {
    ...nothing,
    apiServers: [
      {
        source,
        carrier: 'a command line',
        ...serverOfArguments(source, args),
        ...(distribution === 'k3s' || distribution === 'rke2'
          ? { controlPlane: distribution }
          : words.some((word) => /^--kube-apiserver-arg\b/.test(word))
            ? { controlPlane: 'k3s', isGuess: true }
            : setsTalos(code)
              ? { controlPlane: 'talos' }
              : {}),
        ...(kubernetes ? { kubernetes } : {}),
        ...(advice ? { advice } : {}),
      },
    ],
    passedOver: [
      ...(inSource.size > 0 ? flagsMissingIn(args, code) : []).map((what) => ({
        source,
        what,
        ...whyTextUnread(what),
      })),
      ...others.map((what) => ({ source, what, ...whyPassedOver(text) })),
    ],
    notes: [
      ...faults,
      ...(hasCondition.test(given)
        ? ['this file is a template with conditions: adopt assumes that all of them are true']
        : []),
      ...variablesBeside(code).map(mayContainArguments),
      ...files.map((file) => `${file} may contain arguments of kube-apiserver: if it does, run adopt with it too`),
    ].map((text) => ({ source, text })),
  };
}

function adviceFor(words: readonly string[], distribution: string | undefined): string | undefined {
  if (words.some((word) => word.startsWith('--extra-config')))
    return 'Kaniflux renders the settings, but not this command: pass each rendered flag to minikube as --extra-config=apiserver.NAME=VALUE';
  if (words.some((word) => /^--k3s-(server-)?arg$/.test(word)))
    return 'Kaniflux renders the settings, but not this command: pass each rendered argument to k3d as --k3s-arg "--kube-apiserver-arg=NAME=VALUE@server:*"';
  const isOnCommandLine = words.some((word) => word.startsWith('--kube-apiserver-arg'));
  return isOnCommandLine
    ? `the command line of the server has precedence over its files: before you install the rendered file, remove every \`--kube-apiserver-arg\` from the command line, and add those that are not in the rendered file to /etc/rancher/${distribution ?? 'k3s'}/config.yaml`
    : undefined;
}
