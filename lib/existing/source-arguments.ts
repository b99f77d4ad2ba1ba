import { oidcFlags } from './api-server-issuers';

/** Matches a comment of several lines: of Helm, of Jinja, and of Nix, HCL and most other languages. */
const block = /\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}|(?<!\$)\{#[\s\S]*?#\}|(?<=^|\s)\/\*[\s\S]*?\*\//g;

const comment = /(?=#|\/\/)(?<=^\s*|[,[({]\s*|[\])}"'`]\s+)(?:#|\/\/).*$/gm;

const literal = /([fFrRbBuU$]{0,2})(?<quote>["'`])((?:\$\{[^}\n]*\}|(?!\$\{)[^"'`\n])*)\k<quote>/.source;

/** An element of a list: `"--oidc-client-id=x",`. After it there can be an operator, as in `"--oidc-client-id=" + x`. */
const element = new RegExp(`(?=[fFrRbBuU$"'\`])(?<=[[(,]\\s*)${literal}(?=\\s*([,\\])+.%]))`, 'g');

/** Two elements of a list: `"--oidc-client-id", "x"`. */
const apart = new RegExp(
  `(["'\`])--(oidc-[a-z-]+|authentication-config)\\1\\s*,\\s*(?:${literal}(?=\\s*[,\\])])|(?!["'\`]--)([^,\\])\\n]*))`,
  'g',
);

/** A pair of a name and a value: `"oidc-client-id" = "x"`. */
const pair = new RegExp(
  `(?:^|[\\s{,(])(["']?)(oidc-[a-z-]+|authentication-config)\\1\\s*(:(?!:)|=>?(?!=))\\s*(?:${literal}(?=\\s*(?:[,;})\\]]|$))|(.*))`,
  'gm',
);

/** An item of a list in a template of YAML: `- oidc-client-id={{ client }}`. */
const item =
  /^[ \t]*-[ \t]+(["']?)((?:kube-apiserver-arg=)?(?:oidc-[a-z-]+|authentication-config))[+-]?=(.*?)\1[ \t]*$/gm;

/** A list in Nix, whose elements have no commas between them: `kube-apiserver-arg = [ "oidc-client-id=x" ]`. */
const list = /\bkube-apiserver-arg["']?\s*=\s*(?:let\b[\s\S]*?\bin\s*)?\[((?:"(?:\$\{[^}\n]*\}|[^"\n])*"|[^\]"])*)\]/g;

const inList = new RegExp(literal, 'g');

const flag = /^(?:--)?(?:kube-apiserver-arg=)?(oidc-[a-z-]+|authentication-config)=/;

/** An item that is only a variable, whose value can be an argument: `- {{ argument }}`. */
const unknownItem = /^[ \t]*-[ \t]+["']?(\{\{[^{}\n]*\}\}|\$\{[^{}\n]*\})["']?[ \t]*$/gm;

/**
 * Returns the variables that are whole items of lists in a YAML template, such as `- {{ argument }}`. Returns none if
 * no item of the template is an argument of kube-apiserver.
 */
export const variablesBeside = (code: string): string[] =>
  code.search(item) === -1 ? [] : [...code.matchAll(unknownItem)].map(([, name = '']) => name);

const isFlag = (name: string): boolean => Object.hasOwn(oidcFlags, name) || name === 'authentication-config';

/**
 * Returns the arguments of kube-apiserver in the source of a program, such as Terraform, Nix, TypeScript or Python: the
 * elements of lists, also of YAML, and pairs of a name and a value. An expression becomes `${EXPRESSION}`, since only
 * the program knows its value. Empty for other texts, and for the arguments of kubelogin.
 * @param code the source without its comments
 */
export function sourceArguments(code: string): string[] {
  if (/oidc[-_]login|kubelogin/.test(code)) return [];
  const asFlag = (value: string) => (!flag.test(value) ? [] : [value.startsWith('--') ? value : `--${value}`]);
  const elements = [...code.matchAll(element)].flatMap(([, prefix = '', , word = '', after = '']) =>
    asFlag(`${templated(prefix, word)}${/[+.%]/.test(after) ? unknown : ''}`),
  );
  const inLists = [...code.matchAll(list)]
    .flatMap(([, all = '']) => [...all.matchAll(inList)])
    .flatMap(([, prefix = '', , word = '']) => asFlag(templated(prefix, word)))
    .filter((one) => !elements.includes(one));
  const both = [...code.matchAll(apart)].flatMap(([, , name = '', prefix = '', , quoted, rest = '']) =>
    isFlag(name) && !quoted?.startsWith('--')
      ? [`--${name}=${quoted === undefined ? expression(rest) : templated(prefix, quoted)}`]
      : [],
  );
  const items = [...code.matchAll(item)].map(
    ([, quote, name = '', value = '']) => `--${name}=${quote === '' ? plain(value) : templated('', value)}`,
  );
  const pairs = [...code.replace(item, '').matchAll(pair)].flatMap(
    ([, quote, name = '', sign, prefix = '', , quoted, rest = '']): string[] => {
      if (!isFlag(name)) return [];
      if (quoted !== undefined) return [`--${name}=${templated(prefix, quoted)}`];
      return [`--${name}=${quote === '' && sign === ':' ? plain(rest) : expression(rest)}`];
    },
  );
  return [...elements, ...inLists, ...both, ...items, ...pairs];
}

/** Returns a text without its comments of several lines. */
export const withoutBlocks = (text: string): string => text.replace(block, '');

/** Returns the source of a program without its comments. */
export const withoutComments = (text: string): string => withoutBlocks(text).replace(comment, '');

const unknown = `\${…}`;

/** Writes the placeholders in a string as `${NAME}`. */
const templated = (prefix: string, text: string): string =>
  (/[fF$]/.test(prefix) ? text.replace(/(?<!\$)\{/g, '${') : text).replaceAll('#{', '${').replace(/%[sv]/g, unknown);

function expression(text: string): string {
  const [, name] = /^([\w.]+)\s*(?:[,;})\]]|$)/.exec(text) ?? [];
  return name === undefined ? unknown : `\${${name}}`;
}

/** Matches a word of a template with placeholders: `https://{{ host }}/a` or `${client}`. */
const withPlaceholders = /^(?:[^\s(){}[\]"'`$]|\$\{[^{}\n]*\}|\{\{[^{}\n]*\}\})+$/;

/** Reads an unquoted value after an unquoted name: a YAML scalar in the source of a program, or an expression. */
function plain(text: string): string {
  const value = text.trim();
  if (value.includes('{') && withPlaceholders.test(value)) return value.replace(/\s/g, '');
  return /^\w+(\.\w+)+$/.test(value) || /[\s(){}[\]"'`]/.test(value) ? expression(value) : value;
}
