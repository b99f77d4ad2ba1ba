import { type Finding, keyAt, type Path } from '../findings/finding';
import { listOf } from '../guards';
import { suggest } from './nearest';
import { readingFinding } from './reading-codes';
import { patternWords } from './schema/field-patterns';
import { refusedControlPlanes } from './schema/field-values';
import type { Source } from './source';
import type { ErrorObject } from './validator';
import {
  asList,
  asMap,
  fittingValue,
  inYaml,
  namePatterns,
  quotedFix,
  type SchemaPart,
  show,
  unquoted,
} from './written-values';

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
  // An unknown key beside an empty field may belong in this field, and need more indentation.
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

/**
 * Returns the field whose name contains the key, or is contained in the key, if there is exactly one. For the keys
 * `class` and `storageClassName`, this is `className`.
 */
function fieldIn(key: string, fields: readonly string[]): string | undefined {
  const lowered = key.toLowerCase();
  const similar = fields.filter((field) => {
    const [short, long] = [lowered, field.toLowerCase()].sort((a, b) => a.length - b.length);
    return short !== undefined && short.length > 3 && long?.includes(short) === true;
  });
  return similar.length === 1 ? similar[0] : undefined;
}

/** Names that other programs have for fields of the config. */
const synonyms: Readonly<Record<string, string>> = {
  user: 'people',
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
      const meant = fields.find((field) => field === synonyms[key]) ?? fieldIn(key, fields);
      const [section = '', ...inside] = key.split('.');
      const fix =
        inside.length > 0 && fields.includes(section)
          ? `write \`${inside.join('.')}\` inside \`${section}\`, in a line of its own`
          : meant === undefined
            ? suggest(key, fields)
            : `write \`${meant}\``;
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
      // The schema contains the values in `refusedControlPlanes` only so that their error can say what to do instead.
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
      // `clusters` is a list of names, or `"*"`.
      const isChoice = words === undefined && listOf(schema.type).includes('array');
      const isAll = isChoice && /^(all|any|every|everywhere)$/i.test(String(found.data));
      const list = isAll ? '`"*"` for all' : isChoice ? asList(found.data) : undefined;
      const fix = list ? `write ${list}` : fitting === undefined ? asked : `write \`${fitting}\``;
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
    const message = `YAML reads \`${raw}\` as the ${typeof data} ${data}`;
    const fix = quotedFix(raw, found.parentSchema ?? {});
    return readingFinding('not-text', path, message, fix);
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
  const shape = asked.includes('array')
    ? asList(data)
    : (unquoted(asked, data) ?? asMap(data, found.parentSchema ?? {}, path));
  const fix = `write ${shape ?? wanted}${about ? `: ${about}` : ''}`;
  return readingFinding('wrong-type', path, `expected ${wanted}, found ${got}`, fix);
}

/**
 * The first sentence of a description, beginning in lower case, for use after a colon. Words such as `UUID` keep their
 * capitals.
 */
const lower = (text = '') =>
  text.replace(/\.(?: .*)?$/s, '').replace(/^[A-Z](?![A-Z])/, (first) => first.toLowerCase());
