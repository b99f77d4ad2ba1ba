import { clusterFields, type Field, fluxFields, kanidmFields, personFields } from './fields';
import { type Answers, type Flag, flags, startOf, type Values } from './settings';
import { deploysKanidm } from './starts';

/** The values of each option, in the order of the command line. */
export type Given = Readonly<Partial<Record<Flag, readonly string[]>>>;

/**
 * Checks the values of the options, and assigns them to clusters and people: the n-th value to the n-th cluster or
 * person.
 */
export function givenAnswers(given: Given): { readonly answers: Answers; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const once = [...kanidmFields, ...fluxFields];
  for (const { flag, fault } of [...once, ...clusterFields, ...personFields]) {
    for (const value of given[flag] ?? []) {
      const expected = fault(value);
      if (expected) faults.push(`--${flag} is ${expected}; not \`${value}\``);
    }
  }
  const several = (fields: readonly Field[]) => valuesOfEach(fields, given, faults);
  const general: Values = Object.fromEntries(once.flatMap(({ flag }) => (given[flag] ?? []).map((v) => [flag, v])));
  return { answers: { general, clusters: several(clusterFields), people: several(personFields) }, faults };
}

/** Returns a message for each given option that has no effect with these answers. */
export function withoutEffect({ general, people }: Answers, given: Given): string[] {
  const start = startOf(general);
  if (start === 'existing-sign-in') {
    const unused = flags.filter((flag) => given[flag]?.length && flag !== 'start' && flag !== 'cluster');
    return unused.map((flag) => `--${flag}, because \`kaniflux adopt\` generates kaniflux.yaml`);
  }
  const isUnnamed = given['display-name']?.length && people.every(({ person }) => person === undefined);
  return [
    ...(general['kanidm-version'] !== undefined && deploysKanidm(start)
      ? ['--kanidm-version is for a Kanidm that runs already, as with --start existing-kanidm']
      : []),
    ...(isUnnamed ? ['--display-name needs a --person'] : []),
  ];
}

function valuesOfEach(fields: readonly Field[], given: Given, faults: string[]): Values[] {
  const [first] = fields;
  const names = (first && given[first.flag]) ?? [];
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) faults.push(`--${first?.flag} ${repeated} is given twice`);
  const count = Math.max(1, names.length);
  const each: Partial<Record<Flag, string>>[] = Array.from({ length: count }, () => ({}));
  for (const { flag, isShared } of fields) {
    const values = given[flag] ?? [];
    if (values.length === 0) continue;
    if (values.length !== count && !(isShared && values.length === 1)) {
      const expected = count === 1 ? 'one value' : `${count} values, one for each --${first?.flag}`;
      faults.push(`--${flag} needs ${expected}; it has ${values.length}`);
    }
    each.forEach((entry, index) => {
      const value = values.length === 1 && isShared ? values[0] : values[index];
      if (value !== undefined) entry[flag] = value;
    });
  }
  return each.filter((entry) => Object.keys(entry).length > 0);
}
