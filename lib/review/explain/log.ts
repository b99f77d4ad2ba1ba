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

/** What a line means, or `undefined` where it is not known here. Kubernetes' logs have `\\"` where `"` is meant. */
export function meaningOf(line: string): Meaning | undefined {
  const plain = line.replaceAll('\\"', '"');
  return meanings.find(({ pattern }) => pattern.test(plain));
}
