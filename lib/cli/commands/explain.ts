import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Cluster, Config } from '../../config/config';
import { nearest } from '../../config/nearest';
import { rendered } from '../../diff/side';
import { isAbout } from '../../existing/manifests';
import { type ExplainedLog, explainLog } from '../../explain/explain-log';
import { fetchJwks } from '../../explain/fetch-jwks';
import { parseJwt, TokenError } from '../../explain/jwt';
import { type Beside, logAsJson, logLines } from '../../explain/log-report';
import { judgeAlone, loneVerdictLines } from '../../explain/lone-token';
import { explainPerson, formerKey, personLines } from '../../explain/person';
import { becomingLines, becomingsData, personBecomings } from '../../explain/person-becomings';
import { type Judged, judge, type Verdict } from '../../explain/token';
import { verdictLines } from '../../explain/token-lines';
import { type TokenText, tokenText } from '../../explain/token-text';
import { authenticators, issuerAuthenticators } from '../../identity/authenticator';
import { json, terminal } from '../../output/text-escapes';
import { type Command, type ExitCode, type Invocation, type Io, UserError } from '../command';
import { configOption } from '../config-file';
import { docsFolder } from '../docs-folder';
import { manifestsOf, manifestsOption } from '../manifests-option';
import { chosenClusters, clusterOption, configAt, loadAt } from '../review';

export const command: Command = {
  name: 'explain',
  usage: 'PERSON | --token - | --log - [options]',
  details: `Explains one of three things:
- what a person can do, where and why, and what the person can become step by step (docs/becoming.md);
- what the API server of each cluster does with a token (--token);
- what the lines of a log mean, which program wrote them, and how to fix the cause (--log).
The token is read from standard input, and never printed. It may follow "Bearer", or be in quotes, in an ExecCredential,
in the cache of kubelogin or in a longer text. The claims of the token as JSON work too. Without a kaniflux.yaml, explain
says what kind of token it is, and who issued the token.
Log lines may be klog, JSON or logfmt, with or without the prefix of a container runtime or of journald. If there is a
kaniflux.yaml, the lines are compared with the rendered settings. docs/explain/ has a page for each answer.
Exits 1 if the person can do nothing, if every cluster refuses the token, if a TokenReview with the token says that
an API server refused it, or if no line has an explanation. Exits 2 if the config has
errors.`,
  examples: [
    'kaniflux explain datosh',
    'kubectl oidc-login get-token … | kaniflux explain --token - --fetch-jwks',
    'kubectl -n kube-system logs kube-apiserver-node1 | kaniflux explain --log -',
  ],
  options: {
    config: configOption,
    token: { type: 'string', value: '-', description: 'Read an ID token from standard input' },
    jwks: { type: 'string', value: 'FILE', description: "The issuer's keys, to check the signature of the token with" },
    'fetch-jwks': {
      type: 'boolean',
      description: 'Fetch the keys from the issuer of the token, if a cluster trusts this issuer',
    },
    log: { type: 'string', value: '-', description: 'Read lines of a log from standard input' },
    cluster: clusterOption,
    manifests: manifestsOption,
    format: {
      type: 'string',
      value: 'FORMAT',
      default: 'text',
      choices: ['text', 'json'],
      description: 'Format of the output',
    },
  },
  async run(invocation) {
    const { options, args } = invocation;
    const [name, ...more] = args;
    const ways = [options.token, options.log, name].filter((way) => way !== undefined).length;
    if (ways !== 1 || more.length > 0) throw new UserError('explain takes one of: a person, --token -, --log -');
    for (const option of ['token', 'log'] as const) {
      // The argument is not repeated in the message, because it may be the token itself.
      if (options[option] !== undefined && options[option] !== '-')
        throw new UserError(`--${option} reads standard input: write \`--${option} -\``);
    }
    if (options.config === '-' && name === undefined) {
      throw new UserError(
        '--token and --log read standard input, so `-c -` is not possible: give the config as a file',
      );
    }
    if (options.jwks !== undefined && options['fetch-jwks'] === true) {
      throw new UserError('--jwks and --fetch-jwks exclude each other: the keys come from a file or from the issuer');
    }
    if (options.log !== undefined) return explainLines(invocation);
    return name === undefined ? explainToken(invocation) : explainName(invocation, name);
  },
};

async function explainName({ options, io }: Invocation, name: string): Promise<ExitCode> {
  const config = await configAt(String(options.config), io);
  if (!config) return 2;
  if (!config.people.has(name) && !config.serviceAccounts.has(name)) throw new UserError(notThere(config, name));
  const clusters = chosenClusters(config, options.cluster);
  const names = [...config.clusters.keys()];
  const manifests = manifestsOf(options.manifests, io, config);
  const side = rendered(config, (cluster) =>
    manifests.filter(({ file }) => isAbout(file, cluster, names)).map(({ object }) => object),
  );
  const explained = explainPerson(config, name, clusters, side);
  const becomings = personBecomings(config, name, { clusters, side });
  if (options.format === 'json') {
    const plain = explained.map((one) => {
      const further = becomings.find(({ world }) => world.access.cluster.name === one.cluster);
      const holdings = one.holdings.map(({ held: _held, ...rest }) => rest);
      return { ...one, holdings, canBecome: further ? becomingsData(further) : [] };
    });
    io.stdout(`${json(plain)}\n`);
  } else print(io, [...personLines(name, explained), ...becomingLines(becomings)]);
  return explained.some(({ holdings }) => holdings.length > 0) ? 0 : 1;
}

/** Returns why no person has this name. If the name is a former name, suggests only the current name. */
function notThere(config: Config, name: string): string {
  const shown = terminal(name);
  if (config.groups.has(name)) {
    const what = 'explain accepts a person or a service account; see `kaniflux report` or dist/ACCESS.md for groups';
    return `\`${shown}\` is a group: ${what}`;
  }
  const now = formerKey(config, name);
  if (now !== undefined) return `\`${shown}\` is the former name of \`${now}\`: ask for \`kaniflux explain ${now}\``;
  const near = nearest(name, [...config.people.keys(), ...config.serviceAccounts.keys()]);
  return `there is no person \`${shown}\`${near ? `; did you mean \`${near}\`?` : ''}`;
}

async function explainToken(invocation: Invocation): Promise<ExitCode> {
  const { options, io } = invocation;
  const beside = await configBeside(invocation, 'the token is');
  if (beside === 'missing' && options.cluster !== undefined)
    throw new UserError('--cluster needs a config: without one, no cluster is known');
  try {
    const { token, notes, isRefused = false } = tokenGiven(await io.stdin());
    const file = options.jwks === undefined ? undefined : readText(resolve(io.cwd, String(options.jwks)));
    const now = Date.now() / 1000;
    const read = notes.map((note) => `read: ${note}`);
    const withNotes = (one: object) => ({ ...one, read: notes });
    if (typeof beside !== 'object' || beside.clusters.length === 0) {
      const verdict = judgeAlone({ token, now, ...(file === undefined ? {} : { jwks: file }) });
      if (options.format === 'json') io.stdout(`${json([withNotes(verdict)])}\n`);
      else print(io, [...read, ...loneVerdictLines(verdict, withoutSettings(String(options.config), beside))]);
      if (beside === 'faulty') return 2;
      return verdict.accepted === false || isRefused ? 1 : 0;
    }
    const { config, clusters } = beside;
    const verdicts: Verdict[] = [];
    for (const cluster of config.clusters.values()) {
      if (!clusters.includes(cluster.name)) continue;
      const keys =
        file !== undefined
          ? { jwks: file }
          : options['fetch-jwks'] === true
            ? await keysOf(config, cluster, token)
            : {};
      verdicts.push(judge(config, cluster, { token, now, ...keys }));
    }
    if (options.format === 'json') io.stdout(`${json(verdicts.map(withNotes))}\n`);
    else print(io, [...read, ...verdictLines(config, verdicts)]);
    return !isRefused && verdicts.some(({ accepted }) => accepted !== false) ? 0 : 1;
  } catch (error) {
    if (error instanceof TokenError) throw new UserError(error.message);
    throw error;
  }
}

const withoutSettings = (file: string, beside: Beside | 'missing' | 'faulty'): string =>
  `${file} ${beside === 'missing' ? 'does not exist' : beside === 'faulty' ? 'has errors' : 'has no cluster'}`;

/**
 * Parses the input of `--token`.
 * @throws TokenError if it contains neither a token nor claims
 */
function tokenGiven(input: string): Pick<TokenText, 'notes' | 'isRefused'> & { token: Judged['token'] } {
  const { token, claims, ...rest } = tokenText(input);
  const { notes } = rest;
  if (claims) return { ...rest, token: { claims } };
  if (token === undefined) throw new TokenError(`--token needs an ID token, but standard input is ${notes.join(', ')}`);
  return { ...rest, token: parseJwt(token) };
}

/** Returns the keys that the issuer of a token publishes, if the cluster trusts that issuer. */
async function keysOf(config: Config, cluster: Cluster, { claims }: Judged['token']): Promise<Partial<Judged>> {
  const trusted = [...authenticators(config, cluster), ...issuerAuthenticators(cluster)];
  const issuer = trusted.find((one) => one.issuer === claims.iss);
  if (!issuer) return {};
  if ('source' in issuer && issuer.source.discoveryUrl !== undefined) {
    return {
      source: `the signature, because the issuer ${issuer.source.name} has a discovery URL, which may not be reachable from here`,
    };
  }
  const ca = 'source' in issuer ? issuer.source.ca : cluster.authentication.ca?.pem;
  const fetched = await fetchJwks(issuer.issuer, ca);
  return 'jwks' in fetched
    ? { jwks: fetched.jwks, source: issuer.issuer }
    : { source: `the signature: ${fetched.reason}` };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`--jwks: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function explainLines(invocation: Invocation): Promise<ExitCode> {
  const { options, io } = invocation;
  const explained: ExplainedLog = explainLog(await io.stdin());
  const found = await configBeside(invocation, 'the lines are');
  const beside = typeof found === 'object' ? found : undefined;
  if (options.format === 'json') io.stdout(`${json(logAsJson(explained, beside))}\n`);
  else print(io, logLines(explained, docsFolder(io.cwd), beside));
  const known = explained.answers.length + explained.open.length;
  const { unexplained, cut } = explained;
  if (cut > 0) io.stderr(`kaniflux: only the beginning of ${cut} very long ${cut === 1 ? 'line' : 'lines'} was read\n`);
  if (known === 0) io.stderr('kaniflux: there is no explanation for any of these lines\n');
  else if (unexplained > 0)
    io.stderr(`kaniflux: ${unexplained} other ${unexplained === 1 ? 'line has' : 'lines have'} no explanation\n`);
  return known > 0 ? 0 : 1;
}

/** Returns the config if there is a valid one. Both a log and a token can be explained without a config. */
async function configBeside({ options, io }: Invocation, compared: string): Promise<Beside | 'missing' | 'faulty'> {
  const file = String(options.config);
  if (file === configOption.default && !existsSync(resolve(io.cwd, file))) return 'missing';
  const { config } = await loadAt(file, io);
  if (config) return { config, clusters: chosenClusters(config, options.cluster) };
  const note = `kaniflux: ${file} has errors, so ${compared} not compared with the config; see \`kaniflux check\``;
  io.stderr(`${terminal(note)}\n`);
  return 'faulty';
}

const print = (io: Io, lines: readonly string[]) => io.stdout(lines.map((line) => `${terminal(line)}\n`).join(''));
