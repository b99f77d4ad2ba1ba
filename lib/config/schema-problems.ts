import { type Finding, keyAt, type Path } from '../findings/finding';
import { isMap, listOf } from '../guards';
import { suggest } from './nearest';
import { readingFinding } from './reading-codes';
import { clientName, dnsLabel, domainName, kanidmName, patternWords } from './schema/field-patterns';
import { refusedControlPlanes } from './schema/field-values';
import type { Source } from './source';
import type { ErrorObject } from './validator';

interface SchemaPart {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Record<string, SchemaPart>;
  readonly [keyword: string]: unknown;
}

/** The text that was validated. If a number should be a string, the message quotes the number as `written` gives it. */
export type ValidatedText = Pick<Source, 'has' | 'written'>;

/**
 * Converts the errors of the validator to findings.
 * @param prefix the path of the validated value in the config
 */
export function schemaProblems(errors: readonly ErrorObject[], prefix: Path, text: ValidatedText): Finding[] {
  const problems = errors.flatMap((found) => {
    const problem = describe(found, [...prefix, ...pointer(found.instancePath)], text);
    return problem ? [problem] : [];
  });
  // A key is not reported as missing if it is misspelt.
  const misspelt = new Set(
    problems.flatMap(({ code, place, fix }) =>
      code === 'unknown-key' ? [JSON.stringify([place.path.slice(0, -1), fix])] : [],
    ),
  );
  const isMisspelt = ({ code, place, message }: Finding) =>
    code === 'missing-key' && misspelt.has(JSON.stringify([place.path, `write ${message.split(' ')[0]}`]));
  // If a field is empty, a key next to it may not be indented enough.
  const empty = new Map(
    problems.flatMap(({ code, place: { path }, message }) =>
      code === 'wrong-type' && message.endsWith('found nothing')
        ? [[JSON.stringify(path.slice(0, -1)), String(path.at(-1))]]
        : [],
    ),
  );
  const withIndent = (problem: Finding): Finding => {
    const field = empty.get(JSON.stringify(problem.place.path.slice(0, -1)));
    if (problem.code !== 'unknown-key' || field === undefined || problem.fix.startsWith('write')) return problem;
    return { ...problem, fix: `if this belongs to \`${field}\`, indent it further; otherwise ${problem.fix}` };
  };
  // One finding is enough for each field, because a value of the wrong type violates other rules too.
  const seen = new Set<string>();
  return problems.map(withIndent).filter((problem) => {
    const { place, code, message } = problem;
    if (isMisspelt(problem)) return false;
    const key = JSON.stringify([place.path, ofKeys.has(code) ? message : '']);
    return seen.has(key) ? false : seen.add(key);
  });
}

/** Names that other programs have for fields of the config. */
const synonyms: Readonly<Record<string, string>> = {
  users: 'people',
  persons: 'people',
  name: 'displayName',
  version: 'kubernetes',
};

/** Codes of findings about a key, not about its value. */
const ofKeys = new Set(['unknown-key', 'missing-key', 'bad-name', 'conflicting-key']);

const pointer = (instancePath: string): Path =>
  instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

function describe(found: ErrorObject, path: Path, text: ValidatedText): Finding | undefined {
  const schema: SchemaPart = found.parentSchema ?? {};
  const about = schema.description ?? '';
  const example = schema.examples?.[0] === undefined ? '' : `, for example ${show(schema.examples[0])}`;
  switch (found.keyword) {
    case 'additionalProperties': {
      const key = String(found.params.additionalProperty);
      const place = keyAt([...path, key]);
      // YAML reads a no-break space before a key as a part of the key.
      const [space] = /^[^\P{Z} ]/u.exec(key) ?? [];
      if (space !== undefined) {
        const code = space.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
        const message = `the character U+${code}, which is not a plain space, indents this line`;
        return readingFinding('unknown-key', place, message, 'indent with spaces');
      }
      const fields = Object.keys(schema.properties ?? {});
      const meant = fields.find((field) => field === synonyms[key]);
      const fix = meant === undefined ? suggest(key, fields) : `write \`${meant}\``;
      return readingFinding('unknown-key', place, `\`${key}\` is not a field of this section`, fix);
    }
    case 'required': {
      const key = String(found.params.missingProperty);
      const field = schema.properties?.[key];
      const hint = field?.examples?.[0] === undefined ? '' : `, for example \`${key}: ${inYaml(field.examples[0])}\``;
      return readingFinding(
        'missing-key',
        keyAt(path),
        `\`${key}\` is missing`,
        `add \`${key}\`: ${lower(field?.description)}${hint}`,
      );
    }
    case 'type':
      return wrongType(found, path, text, lower(about) + example);
    case 'enum': {
      const value = String(found.data);
      const choices = listOf(found.params.allowedValues).map(String);
      // These are in the schema only because their error says what to do instead.
      const offered = choices.filter((choice) => choice === value.toLowerCase() || !refusedControlPlanes.has(choice));
      const message = `${show(found.data)} is not one of the allowed values`;
      return readingFinding('not-a-choice', path, message, suggest(value, offered));
    }
    case 'pattern': {
      const pattern = String(found.params.pattern);
      // For a key, ajv sets `propertyName` and reports the path of its map.
      const name = found.propertyName;
      const words = patternWords[pattern];
      const isEverywhere = found.data === '*' && path.at(-2) === 'namespaces';
      const asked = isEverywhere
        ? 'remove `namespaces`: without this field, the whole cluster is meant'
        : words === undefined
          ? `expected: ${lower(about)}${example}`
          : `write ${words}`;
      if (name !== undefined) {
        const fitting = namePatterns.has(pattern) ? fittingValue(name, pattern) : undefined;
        const fix = fitting === undefined ? asked : `write \`${fitting}\`, or another name of ${words}`;
        return readingFinding('bad-name', keyAt([...path, name]), `\`${name}\` is not a valid name`, fix);
      }
      const fitting = fittingValue(String(found.data), pattern);
      const fix = fitting === undefined ? asked : `write \`${fitting}\``;
      return readingFinding('bad-value', path, `${show(found.data)} is not a valid value`, fix);
    }
    case 'minProperties': {
      const fields = Object.keys(schema.properties ?? {}).map((field) => `\`${field}\``);
      return readingFinding('missing-key', keyAt(path), 'the section is empty', `write ${fields.join(' or ')}`);
    }
    case 'not': {
      // The key is not in the text: validation filled it in.
      if (!text.has(path)) return undefined;
      const message = `\`${path.at(-1)}\` and \`${schema.examples?.[0]}\` exclude each other`;
      return readingFinding('conflicting-key', keyAt(path), message, 'remove one of the two fields');
    }
    // ajv reports the errors of the nested schema separately.
    case 'propertyNames':
    case 'if':
      return undefined;
    default: {
      const fix = found.keyword === 'uniqueItems' ? 'keep one of the two' : `expected: ${lower(about)}${example}`;
      return readingFinding('bad-value', path, outOfBounds(found), fix);
    }
  }
}

const namePatterns: ReadonlySet<string> = new Set([kanidmName, clientName, dnsLabel]);

/** Returns a value that is similar to the given one and matches the pattern, if there is one. */
function fittingValue(value: string, pattern: string): string | undefined {
  const lowered = value.toLowerCase();
  const isName = namePatterns.has(pattern);
  const similar = isName ? [lowered.split('@')[0] ?? '', lowered.trim().replace(/[\s_]+/g, '-')] : [];
  const address = /^https?:\/\//i.test(value) ? value : `https://${value}`;
  if (pattern === domainName && URL.canParse(address)) similar.push(new URL(address).hostname);
  const matches = new RegExp(pattern, 'u');
  return [lowered, ...similar].find((candidate) => matches.test(candidate));
}

/** Returns what is wrong with a number that is too small, a list that is too short, or the like. */
function outOfBounds({ keyword, params, data, message = keyword }: ErrorObject): string {
  const { limit, i, j } = params;
  switch (keyword) {
    case 'minimum':
      return `expected at least ${limit}, found ${show(data)}`;
    case 'maximum':
      return `expected at most ${limit}, found ${show(data)}`;
    case 'minLength':
      return 'the text is empty';
    case 'maxLength':
      return `expected ${limit} characters at most, found ${show(data)}`;
    case 'minItems':
      return limit === 1 ? 'the list is empty' : `expected at least ${limit} values, found ${listOf(data).length}`;
    case 'uniqueItems':
      return `the list has ${show(listOf(data)[Math.min(Number(i), Number(j))])} twice`;
    default:
      return `${show(data)}: ${message}`;
  }
}

function wrongType(found: ErrorObject, path: Path, text: ValidatedText, about: string): Finding {
  const asked = listOf(found.params.type).map(String);
  const { data } = found;
  if (asked.includes('string') && (typeof data === 'number' || typeof data === 'boolean')) {
    const raw = text.written(path) ?? String(data);
    return readingFinding(
      'not-text',
      path,
      `YAML reads \`${raw}\` as the ${typeof data} ${data}`,
      `put the value in quotes: "${raw}"`,
    );
  }
  const names: Record<string, string> = {
    object: 'a map',
    array: 'a list',
    string: 'a string',
    integer: 'a whole number',
    null: '`null`',
  };
  const wanted = asked.map((type) => names[type] ?? `a ${type}`).join(' or ');
  const got =
    data === null || data === undefined
      ? 'nothing'
      : Array.isArray(data)
        ? 'a list'
        : typeof data === 'object'
          ? 'a map'
          : show(data);
  const isSection = path.length === 1 && found.parentSchema?.properties === undefined;
  const shape = asked.includes('array') ? asList(data) : isSection ? asSection(data) : undefined;
  const fix = `write ${shape ?? wanted}${about ? `: ${about}` : ''}`;
  return readingFinding('wrong-type', path, `expected ${wanted}, found ${got}`, fix);
}

/** Shows how to write a value as a list. `people: jane` is a common mistake. */
function asList(data: unknown): string | undefined {
  if (typeof data === 'string')
    return `\`[${data
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(inYaml)
      .join(', ')}]\``;
  return isMap(data) ? 'a list, in which each item begins with `- `' : undefined;
}

/** Shows how to write a list of entries, such as people, as a map. */
function asSection(data: unknown): string | undefined {
  const [first] = listOf(data);
  const name = isMap(first) ? first.name : first;
  if (typeof name !== 'string') return undefined;
  return `a map, with \`${brief(name)}:\` in place of \`- ${isMap(first) ? 'name: ' : ''}${brief(name)}\``;
}

/**
 * The first sentence of a description, beginning in lower case, for use after a colon. Words such as `UUID` keep their
 * capitals.
 */
const lower = (text = '') =>
  text.replace(/\.(?: .*)?$/s, '').replace(/^[A-Z](?![A-Z])/, (first) => first.toLowerCase());

/** An example that can be copied: a string that YAML would read as another type is quoted. */
const inYaml = (value: unknown) =>
  typeof value === 'string' && (!/^[\w./][\w./:@ -]*$/.test(value) || Number.isFinite(Number(value)))
    ? JSON.stringify(value)
    : brief(value);

/** A value as in YAML, shortened to 80 characters. */
function brief(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

const show = (value: unknown): string => `\`${brief(value)}\``;
