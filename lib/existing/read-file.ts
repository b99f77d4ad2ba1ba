import { parseAllDocuments } from 'yaml';
import { nestsTooDeep } from '../config/yaml-nesting';
import { type Json, yamlFaultOf } from '../guards';
import { type Facts, nothing } from './facts';
import { whyTemplateUnread, whyTextUnread } from './passed-over';
import { factsOf } from './read-documents';

/**
 * Reads a file. A file in no supported form is reported as not understood.
 * @param objects objects of other files to which a HelmRelease can refer
 */
export function factsOfFile(source: string, text: string, objects: readonly Json[] = []): Facts {
  const facts = factsOf(source, text, objects);
  if (facts) return facts;
  const lines = text.split('\n').filter((line) => line.trim() !== '').length;
  if (isBinary(text)) return { ...nothing, passedOver: [{ source, what: 'a binary file', why: 'not understood' }] };
  const why = yamlFault(text);
  const what = lines === 0 ? 'an empty file' : `the whole file, ${why ?? `${lines} line${lines === 1 ? '' : 's'}`}`;
  return {
    ...nothing,
    passedOver: [{ source, what, ...whyTemplateUnread(text), ...whyTextUnread(text) }],
  };
}

/** Whether a text is a binary file, such as a picture, that was read as UTF-8. */
const isBinary = (text: string): boolean => (text.match(/\uFFFD/g) ?? []).length > text.length / 100;

/** Returns the YAML error of a text that looks like YAML. */
function yamlFault(text: string): string | undefined {
  const isYaml = /^[\w-]+:|^---/m.test(text);
  if (isYaml && nestsTooDeep(text)) return 'which is nested too deeply to be read';
  const [error] = isYaml ? parseAllDocuments(text, { logLevel: 'error' }).flatMap((one) => one.errors) : [];
  return error && `which is not valid YAML: ${yamlFaultOf(error)}`;
}
