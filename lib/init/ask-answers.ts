import { clusterFields, type Field, fluxFields, kanidmFields, personFields } from './fields';
import { type Answers, startOf, type Values } from './settings';
import { starts } from './starts';

export interface Asker {
  ask(question: string): Promise<string>;
  say(text: string): void;
  /** Describes the expected file if `path` is not a valid certificate file; returns `undefined` if it is valid. */
  certificateFault(path: string): string | undefined;
}

const introduction = `Press Enter to accept the answer in [brackets]. For each field that you leave empty, kaniflux.yaml has a comment that describes the field.
Nothing is written before the last answer; Ctrl-C cancels.

`;

/** Asks for everything that is not given. */
export async function askAnswers(given: Answers, asker: Asker): Promise<Answers> {
  asker.say(introduction);
  const kanidm = await valuesOf(kanidmFields, { given: given.general, context: {} }, asker);
  // `adopt` reads only one cluster, and it reads the people from Kanidm.
  const isAdopted = startOf(kanidm) === 'existing-sign-in';
  const clusters = await several(clusterFields, { given: given.clusters, context: kanidm, isOne: isAdopted }, asker);
  const people = isAdopted
    ? given.people
    : await several(personFields, { given: given.people, context: kanidm, isOne: false }, asker);
  return { general: await valuesOf(fluxFields, { given: kanidm, context: {} }, asker), clusters, people };
}

interface Several {
  readonly given: readonly Values[];
  readonly context: Values;
  readonly isOne: boolean;
}

/**
 * Asks for clusters or people until a name is left empty. If options gave names, asks only for the missing fields of
 * these clusters or people.
 */
async function several(fields: readonly Field[], { given, context, isOne }: Several, asker: Asker): Promise<Values[]> {
  const [first] = fields;
  if (!first) return [];
  const all: Values[] = [];
  if (given.some((values) => values[first.flag] !== undefined)) {
    for (const values of given) all.push(await valuesOf(fields, { given: values, context }, asker));
    return all;
  }
  for (;;) {
    const taken = all.flatMap((values) => values[first.flag] ?? []);
    const repeated = (name: string) => (taken.includes(name) ? 'a name that is not in the list yet' : undefined);
    const field: Field = {
      ...first,
      ...(all.length > 0 && first.another ? { question: first.another, unset: 'no more' } : {}),
      fault: (name) => first.fault(name) ?? repeated(name),
    };
    const values = await valuesOf(fields.with(0, field), { given: given[all.length] ?? {}, context }, asker);
    const isNamed = values[first.flag] !== undefined;
    if (isNamed || all.length === 0) all.push(values);
    if (!isNamed || isOne) return all;
  }
}

interface Known {
  readonly given: Values;
  /** Answers that questions depend on, and that are not part of the result. */
  readonly context: Values;
}

/** Asks for the fields that are not given. Without a name, asks for nothing else about a cluster or a person. */
async function valuesOf(fields: readonly Field[], { given, context }: Known, asker: Asker): Promise<Values> {
  let values = given;
  for (const field of fields) {
    const all = { ...context, ...values };
    if (values[field.flag] !== undefined || field.isAsked?.(all) === false) continue;
    const answer = await answerTo(field, all, asker);
    if (answer !== undefined) values = { ...values, [field.flag]: answer };
    else if (field.another !== undefined) break;
  }
  return values;
}

/** Asks until the answer is valid. */
async function answerTo(field: Field, values: Values, asker: Asker): Promise<string | undefined> {
  const suggestion = field.suggestion?.(values);
  const shown = suggestion ?? field.unset ?? 'leave it empty';
  const question = typeof field.question === 'string' ? field.question : field.question(values);
  for (;;) {
    const typed = (await asker.ask(`${question} (--${field.flag}) [${shown}]: `)).trim();
    if (typed === '' || typed === shown) return suggestion;
    const answer = meant(field, typed);
    const fault = field.fault(answer) ?? (field.isCertificate ? asker.certificateFault(answer) : undefined);
    if (!fault) return answer;
    asker.say(`Expected ${fault}; found \`${typed}\`.\n`);
  }
}

/** Returns the choice with the typed number, or with the typed name in any letter case; otherwise the typed text. */
function meant({ flag, choices }: Field, typed: string): string {
  const numbered = flag === 'start' ? starts[Number(typed) - 1] : undefined;
  return numbered ?? choices?.find((choice) => choice === typed.toLowerCase()) ?? typed;
}
