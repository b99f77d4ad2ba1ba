/*
 * Unquoted scalars that YAML readers interpret differently: Helm, Flux and kubectl follow YAML 1.1 in part, Kaniflux
 * and editors YAML 1.2.
 * @see https://yaml.org/type/ and https://yaml.org/spec/1.2.2/#103-core-schema
 */

/** The characters that an ambiguous scalar can begin with. */
export const ambiguousStarts: readonly string[] = [...'yYnNoO=<+-.0123456789'];

const boolean = /^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$/;
const number = new RegExp(
  [
    // In YAML 1.1, a scalar with an exponent is a number only if it has a decimal point and a sign in the exponent.
    // Otherwise, it is a string.
    '[-+]?[0-9]+[eE][-+]?[0-9]+',
    '[-+]?[0-9.]+[eE][0-9]+',
    // Octal in YAML 1.1, decimal in YAML 1.2.
    '[-+]?0[0-9_]+',
    // A number in one version, a string in the other.
    '0o[0-7]+',
    '[-+]?0b[01_]+',
    '[-+]0x[0-9a-fA-F_]+',
    '0x[0-9a-fA-F]*_[0-9a-fA-F_]*',
    '[-+]?[0-9.]*[0-9]_[0-9_.]*(?:[eE][-+]?[0-9]+)?',
    // A number in base 60 in YAML 1.1.
    '[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?',
    // Infinity and NaN, which neither JSON nor Kubernetes has.
    '[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)',
  ]
    .map((pattern) => `^(?:${pattern})$`)
    .join('|'),
);
/**
 * A date without quotes, which YAML 1.1 reads as a timestamp. The config allows it only as the value of `until`,
 * because only Kaniflux reads that field.
 */
export const plainDay = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const date = /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?$/;
const long = /^[-+]?(?:[0-9]{16,}|[0-9.]+[eE][-+]?[0-9]+)$/;
const letter = /^[a-z]/i;

/** Returns a date in the form that its field accepts: a day for `until`, and otherwise a string in quotes. */
function dateFor(key: string | undefined, source: string): string {
  const [year = '', month = '', day = ''] = source.split(/\D/);
  const padded = [year, month.padStart(2, '0'), day.padStart(2, '0')].join('-');
  if (key === 'until') return padded;
  if (key !== 'expires' && key !== 'validFrom') return JSON.stringify(source);
  const [, time = '00:00', seconds = ':00'] = /[Tt \t](\d\d:\d\d)(:\d\d)?/.exec(source) ?? [];
  const [zone = 'Z'] = /[+-]\d\d:\d\d$/.exec(source) ?? [];
  return JSON.stringify(`${padded}T${time}${seconds}${zone}`);
}

/**
 * Returns advice on how to spell a scalar unambiguously; `undefined` if all readers interpret it alike.
 * @param key the key of the scalar, if it has one
 */
export function clearerScalar(source: string, key?: string): string | undefined {
  const quoted = `\`${JSON.stringify(source)}\``;
  if (letter.test(source))
    return boolean.test(source) ? `write \`true\` or \`false\`, or ${quoted} for a string` : undefined;
  if (source === '<<') return 'write the fields themselves; merge keys are not supported';
  if (number.test(source)) return `write ${quoted} for a string, or the number in plain decimal digits`;
  if (date.test(source)) return `write \`${dateFor(key, source)}\``;
  if (source === '=') return `write ${quoted}`;
  const isExact = /e/i.test(source) ? Number.isFinite : Number.isSafeInteger;
  return long.test(source) && !isExact(Number(source)) ? `write ${quoted}: the number is too large` : undefined;
}

/**
 * A scalar in typographic quotes, with no other typographic quotes inside. In a config, such a scalar needs plain
 * quotes.
 */
export const typographic =
  /^(?![\u2018\u201a\u201b].*[\u2018\u201a\u201b].)[\u2018-\u201f\u00ab\u00bb\u2039\u203a]([^\u201c-\u201f\u00ab\u00bb\u2039\u203a]*)[\u2018-\u201f\u00ab\u00bb\u2039\u203a]$/;
