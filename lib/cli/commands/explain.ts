import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { nearest } from '../../config/nearest';
import { parseJwt, TokenError } from '../../explain/jwt';
import { meaningOf, withoutTokens } from '../../explain/log';
import { explainPerson, personLines } from '../../explain/person';
import { judge } from '../../explain/token';
import { verdictLines } from '../../explain/token-lines';
import { json, terminal } from '../../output/escape';
import { type Command, type ExitCode, type Invocation, UserError } from '../command';
import { configOption } from '../config-file';
import { chosenClusters, clusterOption, configAt } from '../review';

export const command: Command = {
  name: 'explain',
  usage: 'PERSON | --token - | --log - [options]',
  details: `Says what a person can do, where and why; or what each cluster's API server would make of a token; or what a line
of a log means. A token is read from standard input, is never an argument, and is never printed.
Exits 1 where the person can do nothing, every cluster refuses the token, or no line is known.`,
  examples: [
    'kaniflux explain datosh',
    'kubectl oidc-login get-token … | jq -r .status.token | kaniflux explain --token -',
    'kubectl -n kube-system logs kube-apiserver-node1 | kaniflux explain --log -',
  ],
  options: {
    config: configOption,
    token: { type: 'string', value: '-', description: 'Read an ID token from standard input' },
    jwks: { type: 'string', value: 'FILE', description: "The issuer's keys, to check the signature of the token with" },
    log: { type: 'string', value: '-', description: 'Read lines of a log from standard input' },
    cluster: clusterOption,
    format: {
      type: 'string',
      value: 'FORMAT',
      default: 'text',
      choices: ['text', 'json'],
      description: 'Form of the output',
    },
  },
  async run(invocation) {
    const { options, args } = invocation;
    const ways = [options.token, options.log, args[0]].filter((way) => way !== undefined).length;
    if (ways !== 1 || args.length > 1) throw new UserError('explain wants one of: a person, --token -, --log -');
    for (const name of ['token', 'log'] as const) {
      // What was given is not repeated: it may be the token itself.
      if (options[name] !== undefined && options[name] !== '-')
        throw new UserError(`--${name} reads standard input: write \`--${name} -\``);
    }
    if (options.log !== undefined) return explainLog(invocation);
    if (options.config === '-' && options.token !== undefined) {
      throw new UserError('the config and the token cannot both come from standard input');
    }
    return options.token === undefined ? person(invocation, args[0] as string) : token(invocation);
  },
};

async function person({ options, io }: Invocation, name: string): Promise<ExitCode> {
  const config = await configAt(String(options.config), io);
  if (!config) return 2;
  if (!config.people.has(name) && !config.serviceAccounts.has(name)) {
    if (config.groups.has(name)) {
      const what = 'explain tells of a person or a service account; `kaniflux report` and dist/ACCESS.md of groups';
      throw new UserError(`\`${terminal(name)}\` is a group: ${what}`);
    }
    const near = nearest(name, [...config.people.keys(), ...config.serviceAccounts.keys()]);
    throw new UserError(`there is no person \`${terminal(name)}\`${near ? `; did you mean \`${near}\`?` : ''}`);
  }
  const explained = explainPerson(config, name, chosenClusters(config, options.cluster));
  if (options.format === 'json') {
    const plain = explained.map((one) => ({ ...one, holdings: one.holdings.map(({ held: _held, ...rest }) => rest) }));
    io.stdout(`${json(plain)}\n`);
  } else
    io.stdout(
      personLines(name, explained)
        .map((line) => `${terminal(line)}\n`)
        .join(''),
    );
  return explained.some(({ holdings }) => holdings.length > 0) ? 0 : 1;
}

async function token({ options, io }: Invocation): Promise<ExitCode> {
  const config = await configAt(String(options.config), io);
  if (!config) return 2;
  try {
    const jwt = parseJwt(await io.stdin());
    const jwks = options.jwks === undefined ? undefined : readText(resolve(io.cwd, String(options.jwks)));
    const now = Date.now() / 1000;
    const verdicts = [...config.clusters.values()]
      .filter(({ name }) => chosenClusters(config, options.cluster).includes(name))
      .map((cluster) => judge(config, cluster, jwt, now, jwks));
    if (options.format === 'json') io.stdout(`${json(verdicts)}\n`);
    else
      io.stdout(
        verdictLines(config, verdicts)
          .map((line) => `${terminal(line)}\n`)
          .join(''),
      );
    return verdicts.some(({ refused }) => refused.length === 0) ? 0 : 1;
  } catch (error) {
    if (error instanceof TokenError) throw new UserError(error.message);
    throw error;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`--jwks: ${(error as Error).message}`);
  }
}

async function explainLog({ options, io }: Invocation): Promise<ExitCode> {
  const lines = (await io.stdin())
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const found = new Map(
    lines.flatMap((line) => {
      const meaning = meaningOf(line);
      return meaning ? [[meaning, line] as const] : [];
    }),
  );
  const known = [...found].map(([{ of, means, fix }, line]) => ({ line: withoutTokens(line), of, means, fix }));
  if (options.format === 'json') io.stdout(`${json(known)}\n`);
  else {
    for (const { line, of, means, fix } of known) {
      const shown = line.length > 300 ? `${line.slice(0, 299)}…` : line;
      io.stdout(`${terminal(shown)}\n  ${of}: ${means}\n  fix: ${fix}\n`);
    }
    if (known.length === 0) io.stderr('kaniflux: no line of these is known here\n');
  }
  return known.length > 0 ? 0 : 1;
}
