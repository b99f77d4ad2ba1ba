import { isMap, isText, type Json, mapAt, scalarText } from '../guards';
import type { PassedOver } from './facts';
import { wholeDocument } from './passed-over';
import { hasVariable, readLiveOrRunWithValue } from './variables';

/** Matches a value that SOPS encrypted. */
const encrypted = /^ENC\[\w+,data:/;

/** Matches the keys of secrets. Nothing that `adopt` reads is under such a key, so their values may be encrypted. */
const secret = /(token|secret|key|crt|cert|password|passphrase|hash|psk)$|^(id|ca)$/i;

/** Whether SOPS encrypted a value that may be about sign-in. The metadata of SOPS also contains an encrypted value. */
const isEncrypted = (value: unknown, key = ''): boolean =>
  isText(value)
    ? encrypted.test(value) && !secret.test(key)
    : Object.entries(isMap(value) || Array.isArray(value) ? value : {}).some(
        ([name, one]) => name !== 'sops' && isEncrypted(one, Array.isArray(value) ? key : name),
      );

/**
 * Returns the report about a document that `adopt` must not read, because it does not know some of the values: SOPS
 * encrypted them, or they are variables in a resource of kaniop. Such a value would otherwise become the name or
 * address of an entry.
 */
export function unknownValues(source: string, document: Json): PassedOver | undefined {
  if (isEncrypted(document)) return wholeDocument(source, document);
  const isEntry = scalarText(document.apiVersion).startsWith('kaniop.rs/') && document.kind !== 'Kanidm';
  const values = JSON.stringify([mapAt(document, 'metadata').name, document.spec]);
  if (!isEntry || !hasVariable(values)) return undefined;
  const instead = `the resource contains a variable: ${readLiveOrRunWithValue}`;
  return { ...wholeDocument(source, document), why: 'not understood', instead };
}
