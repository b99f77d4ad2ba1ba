import { type Document, parseAllDocuments } from 'yaml';
import { nestsTooDeep, plainValue } from '../config/yaml-nesting';
import { isMap, isText, type Json } from '../guards';

/**
 * Returns the documents of a YAML or JSON text, if all of them are maps or lists. If a key of a map begins with `-` or
 * contains a space, the text is probably a command line, so there is no document.
 */
export function documentsIn(text: string): unknown[] | undefined {
  if (nestsTooDeep(text)) return undefined;
  try {
    const documents = parsed(text)
      .map((document) => {
        if (document.errors[0]) throw document.errors[0];
        return plainValue(document);
      })
      .filter((document) => document !== null);
    const isStructured = documents.every(
      (one) => (isMap(one) && !Object.keys(one).some((key) => /^-|\s/.test(key))) || Array.isArray(one),
    );
    return isStructured && documents.length > 0 ? documents : undefined;
  } catch {
    return jsonValues(text);
  }
}

/** Returns the JSON values of a text with several of them, such as the outputs of several commands. */
function jsonValues(text: string): unknown[] | undefined {
  const parts = text.split(/\n(?=[[{])/);
  if (parts.length === 1) return undefined;
  const values: unknown[] = [];
  for (const part of parts) {
    const found = documentsIn(part);
    if (!found) return undefined;
    values.push(...found);
  }
  return values;
}

/**
 * Returns the items of a list, such as a `List` or a `RoleBindingList`; `undefined` for any other document. Items of a
 * typed list may omit their kind and API version.
 */
export function itemsOf({ kind, apiVersion, items }: Json): unknown[] | undefined {
  if (!isText(kind) || !kind.endsWith('List') || !Array.isArray(items)) return undefined;
  const typed = kind === 'List' ? {} : { apiVersion, kind: kind.replace(/List$/, '') };
  return items.map((item: unknown) => (isMap(item) && item.kind === undefined ? { ...typed, ...item } : item));
}

/**
 * Returns what to do if a map of a YAML text has a key twice, and the text has no other error. Programs read such a
 * text differently: K3s uses the last value, and kubeadm rejects the text.
 */
export function keyWrittenTwice(text: string): string | undefined {
  if (nestsTooDeep(text)) return undefined;
  const errors = parsed(text).flatMap((document) => document.errors);
  const line = errors[0]?.linePos?.[0].line;
  return line !== undefined && errors.every(({ code }) => code === 'DUPLICATE_KEY')
    ? `the key in line ${line} is in the same map twice, and programs do not agree which of the two counts: remove one of them, and run adopt again`
    : undefined;
}

const parsed = (text: string): Document.Parsed[] => [...parseAllDocuments(text, { logLevel: 'error', merge: true })];
