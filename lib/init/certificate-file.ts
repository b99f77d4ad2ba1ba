import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { certificatesIn } from '../config/certificates';
import { hasCode } from '../output/output-error';
import type { Answers, Values } from './settings';

/** Describes the expected file if `path` is not a valid certificate file; returns `undefined` if it is valid. */
export function certificateFault(folder: string, path: string): string | undefined {
  try {
    const text = readFileSync(resolve(folder, path), 'utf8');
    if (/PRIVATE KEY/.test(text)) return 'a file without a private key';
    return certificatesIn(text).length > 0 ? undefined : 'a PEM file, which begins with `-----BEGIN CERTIFICATE-----`';
  } catch (thrown) {
    return hasCode(thrown, 'ENOENT') ? 'a file that exists' : 'a file that can be read';
  }
}

/** The texts of the certificate files to write next to the config, by file name. */
export type Copies = Readonly<Record<string, string>>;

/**
 * Makes the paths of certificate files in the answers relative to the folder of the config. A file outside the folder
 * is copied into it.
 */
export function withCopies(answers: Answers, folder: string): { readonly answers: Answers; readonly copies: Copies } {
  const copies: Record<string, string> = {};
  const placed = (values: Values, flag: 'kanidm-ca' | 'server-ca', copy: string): Values => {
    const path = values[flag];
    if (path === undefined) return values;
    const within = relative(folder, resolve(folder, path)).replaceAll('\\', '/');
    if (!/^(\.\.(\/|$)|\/|[A-Za-z]:)/.test(within)) return { ...values, [flag]: within };
    const certificates = certificatesIn(readFileSync(resolve(folder, path), 'utf8'));
    // A cluster can have the name `kanidm`. Its CA must not replace the CA of Kanidm.
    let name = copy;
    while (Object.hasOwn(copies, name)) name = `cluster-${name}`;
    copies[name] = certificates.map((certificate) => `${certificate}\n`).join('');
    return { ...values, [flag]: name };
  };
  return {
    answers: {
      ...answers,
      general: placed(answers.general, 'kanidm-ca', 'kanidm-ca.crt'),
      clusters: answers.clusters.map((values) => placed(values, 'server-ca', `${values.cluster ?? 'cluster'}-ca.crt`)),
    },
    copies,
  };
}
