import { isMap, isText, listOf, mapAt, scalarText } from '../guards';
import { shellWords } from './shell-words';
import { runWithValue } from './variables';

/** Arguments of a kube-apiserver by name. Each has its values in order. */
export type Arguments = ReadonlyMap<string, readonly string[]>;

/** A command line, separated into arguments of kube-apiserver and other words. */
export interface ParsedWords {
  readonly args: Map<string, string[]>;
  /**
   * What else the command line contains: the names of other options, and the number of other words. The words and the
   * values of the options are left out, since some are secret.
   */
  readonly others: readonly string[];
  /**
   * Mistakes in the command line because of which the program does not get the intended arguments. `args` has the
   * intended arguments.
   */
  readonly faults?: readonly string[];
}

/** Matches an argument with which K3s, RKE2, k3d or minikube passes an argument on to kube-apiserver. */
const wrapper = /^(?:--)?(?:kube-apiserver-arg\+?(?:=|$)|extra-config=apiserver\.)/;

/**
 * Matches an argument of K3s and RKE2 that is added to their default: `oidc-signing-algs+=ES256`. With `-=`, the value
 * comes before all values that were given earlier.
 */
const sign = /^((?:--)?(?:kube-apiserver-arg=)?["']?[a-z][a-z0-9_-]*?)[+-]*([+-])=/;

const argument = /^(?:--)?([a-z][a-zA-Z0-9_-]*)(=?)(.*)$/s;

/** Returns the name of an argument in the spelling of the docs. kube-apiserver treats `_` as `-`. */
const spelled = (name: string): string => name.replaceAll('_', '-');

/**
 * Finds the arguments of kube-apiserver in the words of a command line. If K3s or a similar program passes arguments on
 * to kube-apiserver, only the arguments that it passes on are returned. If the words contain kube-apiserver, only the
 * words after it are read.
 */
export function parseWords(all: readonly string[]): ParsedWords {
  const words = unwrapped(all).map((word) =>
    word.replace(sign, (_, name: string, last: string) => `${name}${last === '-' ? '-' : ''}=`),
  );
  const program = words.findIndex((word) => /(^|\/)kube-apiserver$/.test(word));
  const wrapped = words.some((word) => wrapper.test(word));
  // k3d appends the names of nodes to each argument.
  const nodes = words.some((word) => /^--k3s-(server-)?arg$/.test(word)) ? /@(server|agent|all)[:*,\d]*$/ : /(?!)/;
  const args = new Map<string, string[]>();
  const others: string[] = [];
  const faults: string[] = [];
  let values = 0;
  const add = (written: string, value: string) => {
    const name = spelled(written).replace(/-$/, '');
    const [first = '', ...more] = bare(value).split(joint);
    const before = args.get(name) ?? [];
    args.set(name, written.endsWith('-') ? [first, ...before] : [...before, first]);
    for (const one of more) {
      const [, inner = '', , rest = ''] = argument.exec(one) ?? [];
      add(inner, rest);
    }
    if (more.length > 0)
      faults.push(
        `--${name} has other arguments after commas or spaces, and kube-apiserver takes all of it as one value: write each argument by itself`,
      );
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const next = words[i + 1];
    if (wrapped && wrapper.test(word)) {
      const inner = /^(?:--)?kube-apiserver-arg\+?$/.test(word) ? (words[++i] ?? '') : word.replace(wrapper, '');
      const [, name = '', , value = ''] = argument.exec(bare(inner.replace(nodes, ''))) ?? [];
      if (name !== '') add(name, value);
      else if (inner !== '') values++;
      continue;
    }
    const [, name, equals, value = ''] = argument.exec(word) ?? [];
    const isFlag = name !== undefined && (equals ? true : word.startsWith('--'));
    if (wrapped || !isFlag || !word.startsWith('--') || i < program) {
      const name = /^(--[A-Za-z][\w-]*|-(?:[A-Za-z]|[a-z][a-z-]*)(?==|$)|[A-Za-z_]\w*(?==))/.exec(word)?.[0];
      if (name !== undefined && !base64.test(word)) others.push(name);
      else if (i !== program) values++;
    } else if (equals) {
      add(name, value);
    } else if (name.endsWith('-') || (name === 'authentication-config' && isProse(next))) {
      others.push(`--${name}`);
    } else if (next !== undefined && !/^-./.test(next)) {
      add(name, next);
      i++;
    } else {
      add(name, 'true');
    }
  }
  return {
    args,
    others: values > 0 ? [...others, `${values} more word${values === 1 ? '' : 's'}`] : others,
    ...(faults.length > 0 ? { faults: [...new Set(faults)] } : {}),
  };
}

/** Whether a word after the name of an argument is prose, as in a comment about this argument, and not a path. */
const isProse = (word = ''): boolean => /^\(?[a-z]+[),;.]?$/i.test(word);

/** Matches a word that may be Base64 with its padding, and so a secret. */
const base64 = /^(?=.*[a-z])(?=.*[A-Z])\w+={1,2}$/;

/** A comma or a space before another argument, which is a mistake: K3s and RKE2 do not split arguments. */
const joint = /(?:,\s*|\s+)(?=(?:--)?(?:oidc[-_][a-z_-]+|authentication[-_]config)=)/;

/** Splits `--k3s-arg=ARG` into two words, and joins the two words `--extra-config apiserver.NAME=VALUE`. */
export function unwrapped(words: readonly string[]): string[] {
  return words.flatMap((word, i) => {
    const [, option = '', inner = ''] = /^(--k3s-(?:server-)?arg)=(.*)$/s.exec(word) ?? [];
    if (option !== '') return [option, inner];
    if (word === '--extra-config' && words[i + 1]?.startsWith('apiserver.')) return [];
    return words[i - 1] === '--extra-config' && word.startsWith('apiserver.') ? [`--extra-config=${word}`] : [word];
  });
}

const bare = (value: string) => value.replace(/^(["'])(.*)\1$/s, '$2');

/** Returns the arguments of a container or service that runs an API server, directly or inside K3s. */
export function argumentsOfContainer(container: unknown): ParsedWords | undefined {
  if (!isMap(container)) return undefined;
  const values = [container.entrypoint, container.command, container.args];
  const words = values.flatMap((value) =>
    isText(value) ? shellWords(value) : listOf(value).map((one) => textOfItem(one) ?? scalarText(one)),
  );
  // A patch has only what it changes. The name tells an API server from a proxy with the same flags.
  const isNamed = container.name === undefined || /api-?server/i.test(scalarText(container.name));
  const isPatch = isNamed && container.image === undefined && words.every((word) => word.startsWith('--'));
  const runsOne =
    words.some((word) => /(^|\/)kube-apiserver$/.test(word) || wrapper.test(word)) || (isPatch && areArguments(words));
  return runsOne ? withFaults(parseWords(words), brokenIn(values.flatMap(listOf))) : undefined;
}

const allRead = (args: Map<string, string[]>): ParsedWords => ({ args, others: [] });

/**
 * Returns the arguments in any of the forms that files use: words; a list of words, with or without dashes; a map,
 * which in Talos can contain lists; pairs of name and value (kubeadm from v1beta4) or of Key and Value (minikube); or
 * words under `arg` (k3d). `undefined` if there are none.
 */
export function argumentsIn(value: unknown): ParsedWords | undefined {
  // K3s and RKE2 read a text in place of a list as one argument.
  if (isText(value)) return fromList(bareArgument.test(value) ? [value.trim()] : shellWords(value));
  if (isMap(value)) return fromPairs(Object.entries(value));
  if (!Array.isArray(value)) return undefined;
  const texts = value.flatMap((one) => textOfItem(one) ?? []);
  if (texts.length === value.length) return withFaults(fromList(texts), brokenIn(value));
  const maps = value.filter(isMap);
  if (maps.some(({ arg }) => arg !== undefined))
    return parseWords(maps.flatMap(({ arg }) => shellWords(scalarText(arg))));
  return fromPairs(
    maps
      .filter(({ Component }) => Component === undefined || Component === 'apiserver')
      .map((pair) => [pair.name ?? pair.Key, pair.value ?? pair.Value]),
  );
}

/** Matches an argument without dashes at the beginning of a text. */
const bareArgument = /^\s*[a-z][a-z0-9_-]*[+-]?=(?!.*\s--)/s;

/** Returns an item of a list of arguments as text. YAML reads an unquoted `a=b:` as a map with one empty value. */
function textOfItem(item: unknown): string | undefined {
  if (isText(item)) return item;
  const [entry, ...more] = isMap(item) ? Object.entries(item) : [];
  return entry && more.length === 0 && entry[0].includes('=') && entry[1] === null ? `${entry[0]}:` : undefined;
}

/**
 * Returns a fault for each argument of the list that YAML reads as a map, and for each value in quotes: no shell
 * removes the quotes from an element of a list.
 */
const brokenIn = (list: readonly unknown[]): string[] =>
  list.flatMap((one) => {
    const text = textOfItem(one);
    const [, name] = quotedValue.exec(text ?? '') ?? [];
    if (name !== undefined)
      return [
        `the quotes around the value of --${name} are part of the value for kube-apiserver, unless a shell removes them: the config has the value without quotes`,
      ];
    return text === undefined || isText(one)
      ? []
      : [
          `YAML reads the argument \`${nameOf(text)}\` as a map, because its value ends in a colon: put the argument in quotes`,
        ];
  });

/** Matches an argument whose value is in quotes. For K3s, the quotes can also be around the whole argument. */
const quotedValue =
  /^(?:--)?(?:kube-apiserver-arg\+?=)?(oidc[-_][a-z_-]+|authentication[-_]config|kube-apiserver-arg(?=\+?=["'](?:--)?(?:oidc|authentication)[-_]))[+-]?=(["']).*\2$/s;

const withFaults = (read: ParsedWords, faults: readonly string[]): ParsedWords =>
  faults.length > 0 ? { ...read, faults: [...(read.faults ?? []), ...faults] } : read;

const nameOf = (text: string): string => text.replace(/=.*$/s, '');

function fromList(words: readonly string[]): ParsedWords {
  const isWrapped = words.some((word) => wrapper.test(word));
  const parsed = parseWords(
    isWrapped
      ? words
      : words.map((word) => (word.startsWith('--') || !word.includes('=') || variable.test(word) ? word : `--${word}`)),
  );
  return withFaults(parsed, words.filter((word) => variable.test(word)).map(mayContainArguments));
}

export const mayContainArguments = (word: string): string =>
  `${word} is a variable whose value may contain arguments: ${runWithValue}`;

/** Matches a word that is only a variable. */
const variable = /^(?:\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$\w+)$/;

/**
 * Whether a list or map in a document of an unknown kind contains arguments of kube-apiserver, as opposed to those of
 * kubelogin or a proxy.
 */
export function areArguments(value: unknown): boolean {
  const isOne = (name: string) => /^(--)?(oidc-client-id|authentication-config)$/.test(name);
  if (isMap(value)) return Object.keys(value).some(isOne);
  if (!Array.isArray(value)) return false;
  const words = value.filter(isText);
  if (words.some((word) => /^(get-token|(kubectl-)?oidc[-_]login|kubelogin)$/.test(word))) return false;
  return (
    words.some((word) => wrapper.test(word) || isOne(word.replace(/=.*$/s, ''))) ||
    value.some((one) => isMap(one) && isText(one.name) && 'value' in one && isOne(one.name))
  );
}

const isOfSignIn = /^(?:oidc-.*|authentication-config)$/;

function fromPairs(pairs: readonly (readonly [unknown, unknown])[]): ParsedWords {
  const args = new Map<string, string[]>();
  const faults: string[] = [];
  for (const [key, value] of pairs) {
    const name = spelled(scalarText(key).replace(/^--/, ''));
    // A directive of a strategic merge patch in Talos, not an argument.
    const directive = name === '$patch' ? value : mapAt(value).$patch;
    if (directive !== undefined) {
      const changed = name === '$patch' ? 'the other arguments' : `--${name}`;
      faults.push(
        `\`$patch: ${scalarText(directive)}\` changes ${changed} of the patched document, and adopt does not apply it`,
      );
      continue;
    }
    // In a merge patch, the value `null` removes the argument. Elsewhere, such an argument is empty. Only a Boolean
    // argument can get the value `true`.
    if ((value === null || value === undefined) && isOfSignIn.test(name)) {
      faults.push(`--${name} has no value. In a merge patch, this removes the argument from the patched document`);
      continue;
    }
    args.set(name, [
      ...(args.get(name) ?? []),
      ...(Array.isArray(value) ? value : [value]).flatMap((one) => textsOf(name, one)),
    ]);
  }
  return withFaults(allRead(args), faults);
}

/**
 * Returns the values of a flag as texts. A flag without a value is `true`. A map becomes `key=value` pairs, which
 * commas join into one text. If kube-apiserver reads only one pair from each text, each pair becomes a text of its own.
 * In EKS Anywhere, a required claim is a map with the fields `claim` and `value`; it becomes one such pair.
 */
function textsOf(flag: string, value: unknown): string[] {
  if (value === null || value === undefined) return ['true'];
  if (!isMap(value)) return [scalarText(value)];
  const { claim, value: required, ...others } = value;
  const isClaim = claim !== undefined && required !== undefined && Object.keys(others).length === 0;
  const pairs = isClaim ? [[scalarText(claim), required] as const] : Object.entries(value);
  const texts = pairs.map(([key, one]) => `${key}=${scalarText(one)}`);
  return flag === 'oidc-required-claim' ? texts : [texts.join(',')];
}
