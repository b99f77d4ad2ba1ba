import { type Finding, keyAt, type Path } from '../findings/finding';
import type { Expectation } from './config';
import { readingFinding } from './reading-codes';
import type { ExpectationInput, FilledInput, WholeInput } from './schema/config-schema';

const kinds = ['never', 'always', 'atMost', 'exclusive'] as const;

/** The fields that belong to only one kind of expectation. */
const only = { who: 'always', may: 'atMost' } as const;

/** Reports expectations whose fields are valid by themselves but not together. */
export const expectationProblems = ({ expect = [] }: WholeInput): Finding[] =>
  expect.flatMap((one, i) => problemsOf(one, ['expect', i]));

function problemsOf(input: ExpectationInput, path: Path): Finding[] {
  const [kind, second] = kinds.filter((name) => input[name] !== undefined);
  const finding = (key: string | undefined, message: string, fix: string) =>
    readingFinding('expectation-form', key === undefined ? path : keyAt([...path, key]), message, fix);
  if (kind === undefined) {
    const fix = 'write one of these four fields; `atMost` also needs `may`';
    return [finding(undefined, 'the entry has none of `never`, `always`, `atMost` and `exclusive`', fix)];
  }
  if (second !== undefined) {
    return [finding(second, `the entry has both \`${kind}\` and \`${second}\``, 'write two entries')];
  }
  const problems = Object.entries(only).flatMap(([field, of]) =>
    kind !== of && field in input ? [finding(field, `\`${field}\` is only for \`${of}\``, `remove \`${field}\``)] : [],
  );
  if (kind === 'atMost' && input.may === undefined)
    problems.push(
      finding('atMost', '`atMost` does not say which right it limits', 'add `may:`, for example `may: everything`'),
    );
  for (const field of ['except', 'exceptSubjects'] as const)
    if (kind === 'always' && input[field])
      problems.push(
        finding(
          field,
          `\`${field}\` cannot be combined with \`always\``,
          'use `who` to list those who must have the right',
        ),
      );
  return problems;
}

/** Resolves the expectations of a config. */
export const toExpectations = (
  { expect }: Pick<FilledInput, 'expect'>,
  original: (path: Path) => Path,
): Expectation[] =>
  expect.map((input, i) => ({
    path: original(['expect', i]),
    ...whatOf(input),
    ...(input.in === undefined ? {} : { in: typeof input.in === 'string' ? [input.in] : input.in }),
    except: input.except ?? [],
    exceptSubjects: { users: input.exceptSubjects?.users ?? [], groups: input.exceptSubjects?.groups ?? [] },
    become: input.become,
    clusters: input.clusters,
    ...(input.reason === undefined ? {} : { reason: input.reason }),
  }));

function whatOf({ never, always, who, atMost, may = '', exclusive = [] }: ExpectationInput) {
  if (never !== undefined) return { kind: 'never' as const, right: never };
  if (always !== undefined) return { kind: 'always' as const, right: always, ...(who ? { who } : {}) };
  if (atMost !== undefined) return { kind: 'atMost' as const, right: may, most: atMost };
  return { kind: 'exclusive' as const, roles: exclusive };
}
