import { type Finding, keyAt, type Path } from '../findings/finding';
import { listOf } from '../guards';
import { suggest } from './nearest';
import { readingFinding } from './reading-codes';
import { patternWords } from './schema/field-patterns';
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
  // One finding is enough for each field, because a value of the wrong type violates other rules too.
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const { place, code, message } = problem;
    if (isMisspelt(problem)) return false;
    const key = JSON.stringify([place.path, ofKeys.has(code) ? message : '']);
    return seen.has(key) ? false : seen.add(key);
  });
}

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
      const fields = Object.keys(schema.properties ?? {});
      return readingFinding(
        'unknown-key',
        keyAt([...path, key]),
        `\`${key}\` is not a field of this section`,
        suggest(key, fields),
      );
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
      const choices = listOf(found.params.allowedValues).map(String);
      return readingFinding(
        'not-a-choice',
        path,
        `${show(found.data)} is not one of the allowed values`,
        suggest(String(found.data), choices),
      );
    }
    case 'pattern': {
      const asked = patternWords[String(found.params.pattern)];
      const lowered = String(found.data).toLowerCase();
      const fits = found.propertyName === undefined && new RegExp(String(found.params.pattern), 'u').test(lowered);
      const fix = fits ? `write \`${lowered}\`` : asked ? `write ${asked}` : `expected: ${lower(about)}${example}`;
      // For a key, ajv sets `propertyName` and reports the path of its map.
      const name = found.propertyName;
      return name === undefined
        ? readingFinding('bad-value', path, `${show(found.data)} is not a valid value`, fix)
        : readingFinding('bad-name', keyAt([...path, name]), `\`${name}\` is not a valid name`, fix);
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
  // `people: jane` is a common mistake for `people: [jane]`.
  const write = asked.includes('array') && typeof data === 'string' ? `\`[${brief(data)}]\`` : wanted;
  const fix = `write ${write}${about ? `: ${about}` : ''}`;
  return readingFinding('wrong-type', path, `expected ${wanted}, found ${got}`, fix);
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
