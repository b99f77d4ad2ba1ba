import { isMap, isText, type Json, mapAt } from '../guards';
import type { Arguments } from './api-server-arguments';
import { decoded } from './decoded';
import type { Placed } from './document-paths';
import type { KanidmServer, PassedOver } from './facts';

/** A file on a control-plane node, inside a document whose arguments name the file. */
interface NodeFile extends Placed {
  readonly flag: 'oidc-ca-file' | 'authentication-config';
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
  if (isMap(value) && value.path === path) return [{ place, value }];
  const children = isMap(value) || Array.isArray(value) ? Object.entries(value) : [];
  return children.flatMap(([key, inner]) => filesAt(inner, path, place === '' ? key : `${place}.${key}`));
}

/** Returns the CA of the issuer, if one of the files contains it. */
export function caInside(source: string, files: readonly NodeFile[]): (KanidmServer & { readonly place: string })[] {
  return files.flatMap(({ flag, place, value: { content } }) => {
    const pem = isText(content) ? [content, decoded(content)].find((text) => text.includes('-----BEGIN')) : undefined;
    return flag === 'oidc-ca-file' && pem !== undefined ? [{ source, ca: pem, place }] : [];
  });
}

/** Returns why a part of a document was not read, if it has one of the files. */
export function whyFileUnread(
  part: string,
  files: readonly NodeFile[],
): Pick<PassedOver, 'why' | 'instead'> | undefined {
  const file = files.find(({ place }) => place === part || place.startsWith(`${part}.`));
  if (!file) return undefined;
  const { name } = mapAt(file.value, 'contentFrom', 'secret');
  const how =
    file.flag === 'oidc-ca-file'
      ? 'this is the CA of the issuer: save it in a file, and run adopt with `--kanidm-ca FILE`'
      : isText(name)
        ? `run adopt with the Secret ${name} too`
        : 'run adopt with the content of this file too';
  return { why: 'not understood', instead: `the API server reads ${file.path}, and adopt did not: ${how}` };
}
