import { apiServerMeanings } from './log-api-server';
import { deliveryMeanings } from './log-delivery';
import { identityMeanings } from './log-identity';
import { kubeloginMeanings } from './log-kubelogin';
import type { Meaning } from './meaning';

/** The most particular ones first: of a line, the first that fits counts. */
export const meanings: readonly Meaning[] = [
  ...deliveryMeanings,
  ...kubeloginMeanings,
  ...apiServerMeanings,
  ...identityMeanings,
];

/** No line that means something is longer; the patterns would take minutes over one that somebody made for them. */
const longest = 4096;

/** What a line means, or `undefined` where it is not known here. Kubernetes' logs have `\\"` where `"` is meant. */
export function meaningOf(line: string): Meaning | undefined {
  const plain = line.slice(0, longest).replaceAll('\\"', '"');
  return meanings.find(({ pattern }) => pattern.test(plain));
}

/** A line as it may be shown again: some programs write tokens into their logs when told to say more. */
export const withoutTokens = (line: string): string => line.replace(/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, '<token>');
