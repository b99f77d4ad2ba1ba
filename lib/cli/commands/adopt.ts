import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import { adopt } from '../../adopt/adopt-config';
import { adoptReport } from '../../adopt/adopt-report';
import { adoptedText, lacking } from '../../adopt/config-yaml';
import { certificatesIn } from '../../config/certificates';
import { printable } from '../../config/printable';
import { type Facts, type Note, nothing, type PassedOver, together } from '../../existing/facts';
import { fromKanidm } from '../../existing/kanidm-rest';
import { fromCluster } from '../../existing/live-cluster';
import { factsOfFile } from '../../existing/read-file';
import { objectsFor, releaseObjects } from '../../existing/release-objects';
import { hasVariable } from '../../existing/variables';
import { firstLineOf, messageOf } from '../../guards';
import { schemaAddress } from '../../init/init-files';
import { writeNew } from '../../init/write-files';
import { hasCode } from '../../output/output-error';
import { type Command, type Invocation, type Io, UserError } from '../command';
import { kubectlOf } from '../kubectl';

/**
 * The environment variable that contains the token. If the token were an argument, every user of the machine could read
 * it.
 */
const tokenVariable = 'KANIDM_TOKEN';

export const command: Command = {
  name: 'adopt',
  usage: '[FILE...] [options]',
  details: `Generates a config from what exists, and prints it. On standard error, reports what is adopted with changes or
not at all, and why; the effects that the rendered files would have on people and groups; and what to do next.
Reads files (- for standard input), a cluster (--live) and Kanidm (--kanidm), and changes none of them.
A file may contain:
- ClusterRoleBindings and RoleBindings;
- an AuthenticationConfiguration, or the flags of kube-apiserver in any form: a static pod, a systemd unit, a command
  line, kubeadm, K3s (also k3s-ansible, hetzner-k3s and Kairos), RKE2, k3d, Talos (also patches, talhelper and TOPF),
  Cluster API, Rancher, k0s (also k0sctl and k0smotron), kind, minikube, microk8s, kubespray, kops, KubeOne, KubeKey,
  Kamaji, vcluster, eksctl, EKS and EKS Anywhere, Gardener, Kubermatic, a compose file, or a source file that
  sets these flags (Terraform, TypeScript, Python);
- output of the kanidm client (kanidm person list -o json; also group, system oauth2, service-account), resources of
  kaniop, the state of kanidm-provision, a HelmRelease of Kanidm;
- kubeconfigs that sign in with kubelogin.
--kanidm reads the REST API with the token in ${tokenVariable}, preferably of an account in idm_admins.
With an existing config (-c), only what this config lacks is printed.
Exits 1 if something could not be adopted unchanged.`,
  examples: [
    'kaniflux adopt --live --cluster homelab > kaniflux.yaml',
    `${tokenVariable}=… kaniflux adopt --live --kanidm https://idm.example.com --output kaniflux.yaml`,
    'kaniflux adopt bindings.yaml kube-apiserver.yaml people.json groups.json clients.json',
  ],
  options: {
    cluster: {
      type: 'string',
      value: 'NAME',
      default: 'homelab',
      description: 'Name of the cluster in the config',
    },
    live: { type: 'boolean', description: 'Read the cluster through kubectl' },
    context: { type: 'string', value: 'NAME', description: 'The context that kubectl uses with --live' },
    kanidm: { type: 'string', value: 'URL', description: 'Read people, groups and clients from this Kanidm' },
    'kanidm-ca': {
      type: 'string',
      value: 'FILE',
      description:
        'PEM file with the CA of Kanidm, if the CA is private; if kube-apiserver has --oidc-ca-file, the CA also becomes authentication.ca in the config',
    },
    config: {
      type: 'string',
      short: 'c',
      value: 'FILE',
      description: 'An existing config: print only what this config lacks',
    },
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      description: 'Write the config to this new file, and its CA files to the same folder',
    },
  },
  async run(invocation) {
    const { options, io } = invocation;
    const facts = await read(invocation);
    const name = String(options.cluster);
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name))
      throw new UserError(`--cluster is a name of lower-case letters, digits and -, not \`${name}\``);
    const adopted = adopt(facts, name);
    const whole = adoptedText(adopted.config, schemaAddress);
    const config = options.config === undefined ? undefined : existing(String(options.config), io);
    const lacked = config === undefined ? adopted.config : lacking(adopted.config, config);
    const text = config === undefined ? whole : adoptedText(lacked);
    if (Object.keys(lacked).length === 0) io.stderr(`${options.config} has everything that was read\n`);
    else if (options.output === undefined) io.stdout(text);
    else write(String(options.output), text, adopted.files, io);
    if (options.output === undefined) {
      for (const [file, pem] of Object.entries(adopted.files))
        io.stderr(`\nThe config names ${file}. Create it with this content:\n${pem}`);
    }
    io.stderr(adoptReport(adopted, name));
    const isWhole =
      adopted.notes.length === 0 &&
      adopted.items.every(({ treatment, isUnrelated }) => treatment === 'taken' || isUnrelated);
    return isWhole ? 0 : 1;
  },
};

async function read({ options, args, io }: Invocation): Promise<Facts> {
  const facts: Facts[] = [];
  const files: (File | PassedOver)[] = [];
  for (const file of args) files.push(await fileAt(file, io));
  // A HelmRelease and the objects to which it refers are often in different files.
  const objects = releaseObjects(files.flatMap((file) => ('text' in file ? [file] : [])));
  for (const file of files)
    facts.push(
      'text' in file
        ? factsOfFile(file.source, file.text, objectsFor(file.folder, objects))
        : { ...nothing, passedOver: [file] },
    );
  if (options.live) {
    facts.push(fromCluster(kubectlOf(io, options.context === undefined ? {} : { context: String(options.context) })));
  }
  const file = options['kanidm-ca'] === undefined ? undefined : String(options['kanidm-ca']);
  const ca = file === undefined ? undefined : caIn(file, io);
  const rest = options.kanidm === undefined ? [] : [await fromRest(String(options.kanidm), ca, io)];
  facts.push(...rest);
  if (facts.length === 0) throw new UserError('nothing to read; name files, --live or --kanidm URL');
  if (file !== undefined && ca !== undefined) {
    const [asked] = rest.flatMap(({ servers }) => servers);
    facts.push({ ...nothing, servers: [{ ...asked, source: file, ca }] });
  }
  const all = together(facts);
  const isNothing =
    all.bindings.length + all.apiServers.length + all.entries.length + all.logins.length + all.releases.length === 0;
  if (isNothing && all.passedOver.length > 0 && all.passedOver.every(({ why }) => why !== 'runs Kanidm'))
    throw new UserError(nothingIn(all.passedOver));
  return { ...all, notes: all.notes.filter((note) => !isGiven(note, args.map(normalize))) };
}

/**
 * Whether the file that a note asks for is one of the given files. If its path contains a variable, the part after the
 * variable decides.
 */
function isGiven({ source, file }: Note, given: readonly string[]): boolean {
  if (file === undefined) return false;
  const [, end] = /^.*(?:\}|>>)(.*)$/s.exec(hasVariable(file) ? file : '') ?? [];
  if (end === undefined) return given.includes(join(dirname(source), file));
  return /[^/]/.test(end) && given.some((path) => `/${path}`.endsWith(end));
}

/**
 * Returns the error for files that contain nothing that adopt can read. The error says what to give adopt in place of
 * each file.
 */
function nothingIn(passedOver: readonly PassedOver[]): string {
  const names = [...new Set(passedOver.map(({ source }) => source))];
  const sources = new Map<string, Set<string>>();
  for (const { source, instead } of passedOver)
    if (instead !== undefined) sources.set(instead, new Set([...(sources.get(instead) ?? []), source]));
  const what = `${firstOf(names)} ${names.length > 1 ? 'contain' : 'contains'} nothing that adopt can read`;
  if (names.length === 1 || sources.size === 0)
    return `${what}; ${[...sources.keys()].join('; ') || 'see `kaniflux adopt --help`'}`;
  const lines = [...sources].map(([instead, files]) => `\n  ${firstOf([...files])}: ${instead}`);
  return `${what}:${lines.join('')}`;
}

/** Returns the first names of a list, and how many more there are. */
const firstOf = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more files` : names.join(', ');

interface File {
  readonly source: string;
  /** The path of its folder; an empty text for standard input. */
  readonly folder: string;
  readonly text: string;
}

/** Returns the text of a file. For a symbolic link that cannot be read, returns the report about it. */
async function fileAt(file: string, io: Io): Promise<File | PassedOver> {
  if (file === '-') return { source: 'standard input', folder: '', text: await io.stdin() };
  const path = resolve(io.cwd, file);
  const instead = whyLinkUnread(path);
  if (instead === undefined) return { source: file, folder: dirname(path), text: textOf(file, io) };
  return { source: file, what: 'a symbolic link', why: 'not understood', instead };
}

/**
 * Returns why a symbolic link is not read; `undefined` for any other file. Whoever runs adopt with all files of a
 * repository (`git ls-files`) also names links to folders, and links that lead nowhere.
 */
function whyLinkUnread(path: string): string | undefined {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return undefined;
  try {
    return statSync(path).isDirectory() ? 'it leads to a folder: run adopt with the files in this folder' : undefined;
  } catch {
    return 'adopt cannot open the file to which it leads';
  }
}

/** Returns the certificates in a PEM file. */
function caIn(file: string, io: Io): string {
  const blocks = certificatesIn(textOf(file, io));
  if (blocks.length === 0)
    throw new UserError(`${file} has no certificate: expected PEM, which begins with \`-----BEGIN CERTIFICATE-----\``);
  return blocks.map((block) => `${block}\n`).join('');
}

function originIn(url: string): string {
  const origin = /^https:\/\/[^/\s]+/.exec(url)?.[0];
  if (origin === undefined)
    throw new UserError(
      `--kanidm must be an https address, for example https://idm.example.com, not \`${printable(url)}\``,
    );
  return origin;
}

async function fromRest(url: string, ca: string | undefined, io: Io): Promise<Facts> {
  const origin = originIn(url);
  const token = io.env[tokenVariable]?.trim();
  if (!token) throw new UserError(`--kanidm reads the token from ${tokenVariable}, which is not set`);
  try {
    return await fromKanidm({ origin, token, ...(ca === undefined ? {} : { ca }) });
  } catch (thrown) {
    throw new UserError(messageOf(thrown));
  }
}

function textOf(file: string, io: Io): string {
  try {
    return readFileSync(resolve(io.cwd, file), 'utf8');
  } catch (thrown) {
    if (hasCode(thrown, 'EISDIR')) {
      throw new UserError(`${file} is a folder; name the files in it, for example ${file.replace(/\/+$/, '')}/*.yaml`);
    }
    throw new UserError(`${file} can't be read: ${messageOf(thrown).split(',')[0]}`);
  }
}

function existing(file: string, io: Io): unknown {
  try {
    return parse(textOf(file, io));
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    throw new UserError(`${file} is not valid YAML: ${firstLineOf(thrown)}`);
  }
}

function write(file: string, text: string, files: Readonly<Record<string, string>>, io: Io): void {
  const path = resolve(io.cwd, file);
  if (existsSync(path))
    throw new UserError(
      `${file} exists, but adopt does not overwrite files; to print only what ${file} lacks, write -c in place of -o`,
    );
  const beside = Object.entries(files).map(([name, pem]) => ({ path: name, text: pem }));
  const { written, kept } = writeNew(dirname(path), [{ path: relative(dirname(path), path), text }, ...beside]);
  for (const name of written) io.stderr(`wrote ${name}\n`);
  for (const name of kept) io.stderr(`kept ${name}, which existed\n`);
}
