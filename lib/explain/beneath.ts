import { type EntryText, type Fields, nameFields, textOf } from './log-fields';
import { type Speaker, speakerNamed, speakerOfFile } from './programs';

/** What remains of a line when the prefix of a log format is removed, and the program that the prefix names. */
export interface Beneath extends EntryText {
  readonly speaker?: Speaker;
}

/** Removes the prefix of one log format; returns `undefined` for a line of another format. */
export type Layer = (text: string) => Beneath | undefined;

export const beneath = (text: string, name?: string): Beneath => {
  const speaker = name === undefined ? undefined : speakerNamed(name);
  return speaker ? { text, speaker } : { text };
};

/**
 * Recognizes Grafana by the name of the logger. Some of these names are common, so the line must then also have the
 * time in the field `t`.
 */
const isGrafana = ({ logger = '', t }: Fields) =>
  /^(?:authn\.service|oauth\.\w{1,60}|user\.sync)$/.test(logger) ||
  (t !== undefined && /^(?:auth|oauth)\b/.test(logger));

/** Returns the text of the fields of an entry, and the program that a field names. */
export function ofFields(fields: Fields): Beneath {
  const speaker = speakerOf(fields);
  return { ...textOf(fields), ...(speaker ? { speaker } : {}) };
}

function speakerOf(fields: Fields): Speaker | undefined {
  const named = nameFields.map((name) => fields[name]).find((value) => value !== undefined && value !== '');
  const flux = /^(kustomization|helmrelease|gitrepository|ocirepository|helmchart|helmrepository|bucket)$/.test(
    fields.controller ?? '',
  );
  if (flux) return { programs: ['Flux'] };
  const of = (source = '') => speakerOfFile(source.replace(/^.*\//, '').replace(/:\d+$/, ''));
  const written = of(fields.source);
  // Other programs have a field `source` with another meaning, so the field only counts if it names a source file of a
  // known application.
  const file = written?.application === undefined ? of(fields.caller) : written;
  if (isGrafana(fields)) return speakerNamed('grafana');
  if (/^http\.(?:log|handlers)\./.test(fields.logger ?? '')) return speakerNamed('caddy');
  if (fields.target !== undefined && /^kani(?:dm|op)/.test(fields.target)) return speakerNamed(fields.target);
  return (named === undefined ? undefined : speakerNamed(named)) ?? file;
}
