import type { Arguments } from '../../lib/existing/api-server-arguments';
import type { ApiServer, Facts } from '../../lib/existing/facts';
import { readCarrier } from '../../lib/existing/read-carrier';

/** Returns arguments as `name=value`, and those with several values as `name=one|two`. */
export const inWords = (args: Arguments): string[] => [...args].map(([name, values]) => `${name}=${values.join('|')}`);

/** Returns what a document says about an API server, without empty lists. `undefined` if it says nothing. */
export function reading(document: object, source = 'file') {
  const found = readCarrier({ ...document }, source);
  if (!found) return undefined;
  const { carrier, args, others, documents, elsewhere, faults, ...rest } = found;
  return {
    name: carrier.name,
    ...(carrier.advice === undefined ? {} : { advice: carrier.advice }),
    ...(args ? { args: inWords(args) } : {}),
    ...(others.length > 0 ? { others } : {}),
    ...(documents.length > 0 ? { documents: documents.map(({ place }) => place) } : {}),
    ...(elsewhere.length > 0 ? { elsewhere: elsewhere.map(({ what, name }) => `${what} ${name}`) } : {}),
    ...(faults.length > 0 ? { faults } : {}),
    ...rest,
  };
}

/** Returns an API server without its source and issuers, and its arguments as text. */
const server = ({ source: from, issuers, args: given, ...rest }: ApiServer) => ({
  ...rest,
  ...(given ? { args: inWords(given) } : {}),
});
/** Returns facts without empty lists. */
export const said = (facts: Facts | undefined) =>
  facts && {
    ...(facts.apiServers.length > 0 ? { apiServers: facts.apiServers.map(server) } : {}),
    ...(facts.passedOver.length > 0
      ? { passedOver: facts.passedOver.map(({ what, why, instead: hint }) => [what, why, ...(hint ? [hint] : [])]) }
      : {}),
    ...(facts.notes.length > 0 ? { notes: facts.notes.map(({ text }) => text) } : {}),
    ...(facts.serverCa === undefined ? {} : { serverCa: facts.serverCa }),
  };
