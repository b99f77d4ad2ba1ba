import { layers } from './log-layers';
import type { Program, Speaker } from './programs';
import { redacted } from './redact';

/** A line of a log, taken apart: who wrote it, as far as it says, and what. */
export interface LogLine {
  /** As it was given, without tokens and secrets. */
  readonly shown: string;
  /** The message with its error and fields in one form, whatever form the log has. */
  readonly text: string;
  /** Who may have written it; `undefined` where the line does not say. */
  readonly programs?: readonly Program[];
  /** The name of the application that wrote it. */
  readonly application?: string;
}

/** No line that is explained is longer. Every pattern looks at a line once, so that this bounds the time for it. */
const longest = 8192;

/** More layers than any real line has: k0s in journald hands on logfmt that holds klog. */
const deepest = 8;

/** Takes a line apart. */
export function logLine(raw: string): LogLine {
  const shown = redacted(raw.slice(0, longest)).trim();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is taken out
  let text = shown.replace(/\u001b\[[\d;]{0,16}m/g, '').trim();
  let speaker: Speaker | undefined;
  for (let depth = 0; depth < deepest; depth++) {
    const next = layers.map((layer) => layer(text)).find((one) => one !== undefined);
    if (!next) break;
    speaker = narrowed(speaker, next.speaker);
    text = next.text.trim();
  }
  return {
    shown,
    text: text.replace(/\s*\n\s*/g, ' ').replaceAll('\\"', '"'),
    ...(speaker ? { programs: speaker.programs } : {}),
    ...(speaker?.application === undefined ? {} : { application: speaker.application }),
  };
}

/** What an inner layer says of the speaker counts, unless it says less than the outer one. */
function narrowed(outer: Speaker | undefined, inner: Speaker | undefined): Speaker | undefined {
  if (!outer || !inner) return inner ?? outer;
  const both = inner.programs.filter((one) => outer.programs.includes(one));
  return both.length > 0 ? { ...inner, programs: both } : inner;
}

/** The lines of a log. What klog and the container runtime spread over several lines is put together. */
export function linesOf(log: string): string[] {
  const lines: string[] = [];
  let open = false;
  let part = '';
  for (const raw of log.split('\n')) {
    const line = raw.replace(/\r$/, '');
    if (line.trim() === '') continue;
    const partial = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d) (?:stdout|stderr)) ([FP]) /.exec(line);
    if (partial && part !== '') {
      part += line.slice(partial[0].length);
      if (partial[2] === 'F') {
        lines.push(part);
        part = '';
      }
    } else if (partial?.[2] === 'P') {
      part = line.replace(' P ', ' F ');
    } else if (open && lines.length > 0) {
      lines[lines.length - 1] += `\n${line}`;
    } else lines.push(line);
    const last = part === '' ? line.trimEnd() : '';
    if (/=<$/.test(last)) open = true;
    else if (open && (/^\s*>$/.test(last) || (lines.at(-1) ?? '').length > longest)) open = false;
  }
  if (part !== '') lines.push(part);
  return lines;
}
