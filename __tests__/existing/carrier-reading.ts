import type { Arguments } from '../../lib/existing/api-server-arguments';
import { readCarrier } from '../../lib/existing/read-carrier';

/** Returns arguments as `name=value`, and those with several values as `name=one|two`. */
export const inWords = (args: Arguments): string[] => [...args].map(([name, values]) => `${name}=${values.join('|')}`);

/** Returns what a document says about an API server, without empty lists. `undefined` if it says nothing. */
export function reading(document: object, source = 'file') {
  const found = readCarrier({ ...document }, source);
  if (!found) return undefined;
  const { carrier, args, others, documents, faults, ...rest } = found;
  return {
    name: carrier.name,
    ...(carrier.advice === undefined ? {} : { advice: carrier.advice }),
    ...(args ? { args: inWords(args) } : {}),
    ...(others.length > 0 ? { others } : {}),
    ...(documents.length > 0 ? { documents: documents.map(({ place }) => place) } : {}),
    ...(faults.length > 0 ? { faults } : {}),
    ...rest,
  };
}
