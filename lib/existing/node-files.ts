import { isMap, isText, type Json, mapAt } from '../guards';
import type { Arguments } from './api-server-arguments';
import { decoded } from './decoded';
import { type Placed, partName } from './document-paths';
import type { PassedOver } from './facts';

/** A file on a control-plane node, inside a document whose arguments name the file. */
interface NodeFile extends Placed {
  readonly flag: NonNullable<PassedOver['flag']>;
  readonly path: string;
  readonly value: Json;
}

/** Returns the files in a document that the API server reads, because its arguments in the same document name them. */
export function nodeFiles(document: Json, args: Arguments | undefined): NodeFile[] {
  return (['oidc-ca-file', 'authentication-config'] as const).flatMap((flag) => {
    const path = args?.get(flag)?.at(-1);
    return path === undefined ? [] : filesAt(document, path, '').map((file) => ({ flag, path, ...file }));
  });
}

function filesAt(value: unknown, path: string, place: string): { place: string; value: Json }[] {
  // A volume of this type says only where the file is on the node.
  if (/(^|\.)hostPath$/.test(place)) return [];
  if (isMap(value) && value.path === path) return [{ place, value }];
  const children = isMap(value) || Array.isArray(value) ? Object.entries(value) : [];
  return children.flatMap(([key, inner]) => filesAt(inner, path, place === '' ? key : `${place}.${key}`));
}

export interface NodeCa {
  readonly place: string;
  readonly ca: { readonly nodePath: string; readonly pem: string };
}

/** Returns the CA of the issuer, if one of the files contains it. A later file replaces an earlier one. */
export const caInside = (files: readonly NodeFile[]): NodeCa | undefined =>
  files
    .flatMap(({ flag, path, place, value: { content } }): NodeCa[] => {
      const pem = isText(content) ? [content, decoded(content)].find((text) => text.includes('-----BEGIN')) : undefined;
      return flag === 'oidc-ca-file' && pem !== undefined ? [{ place, ca: { nodePath: path, pem } }] : [];
    })
    .at(-1);

/** Returns the report about one of the files whose content is not in the document. */
export function fileUnread(source: string, { flag, path, ...file }: NodeFile): PassedOver {
  const { name } = mapAt(file.value, 'contentFrom', 'secret');
  const how =
    flag === 'oidc-ca-file'
      ? 'this is the CA of the issuer: save it in a file, and run adopt with `--kanidm-ca FILE`'
      : isText(name)
        ? `run adopt with the Secret ${name} too`
        : 'run adopt with the content of this file too';
  const instead = `the API server reads ${path}, and adopt did not: ${how}`;
  return { source, what: partName(file), why: 'not understood', instead, flag };
}
