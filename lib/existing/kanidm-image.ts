import type { Json } from '../guards';
import { scalarText } from '../guards';
import { type Facts, nothing, together } from './facts';
import { kanidmFacts } from './kanidm-workload';
import { wholeDocument } from './passed-over';
import { linesOf } from './read-elsewhere';

/** Matches a field with the image of Kanidm, and the version if the tag is in the same field or in the next one. */
const image =
  /"?\b(?:repository|image)"?: *"?[\w.:/-]*\bkanidm\/server(?:"?,?\s*"?tag"?: *"?|:|(?=["@\s]|$))v?(\d+\.\d+(?:\.\d+)?)?/;

/**
 * Returns the value of an environment variable: in a map, in a list of names and values, in an assignment, or in an
 * element of XML.
 */
const variable = (text: string, name: string): string | undefined =>
  new RegExp(
    `\\b${name}(?:=|"?: *(?:\\{\\s*"?value"?: *)?"?|"?,?\\s*"?value"?: *"?|"(?:\\s+[\\w:-]+="[^"<>]*")*\\s*>)((?:\\$\\{[^}]*\\}|\\{\\{[^}]*\\}\\}|[^"'\`\\s,{}<])+)`,
  ).exec(text)?.[1];

/**
 * Match the settings of a `server.toml` in the values. The section about replication has an `origin` too, but as
 * `repl://…`.
 */
const toml = {
  domain: /(?<![\w.-])domain\s*=\s*["']([^"'\n]+)["']/,
  origin: /(?<![\w.-])origin\s*=\s*["'](https:[^"'\n]+)["']/,
};

/** Reads the domain, origin and version of Kanidm in values of a chart, or in a compose file, that name its image. */
export function kanidmImage(source: string, what: string, values: unknown): Facts | undefined {
  const text = linesOf(values);
  const found = image.exec(text);
  if (!found) return undefined;
  const domain = variable(text, 'KANIDM_DOMAIN') ?? toml.domain.exec(text)?.[1];
  const origin = variable(text, 'KANIDM_ORIGIN') ?? toml.origin.exec(text)?.[1];
  return kanidmFacts(source, { what, domain, origin, version: found[1] });
}

/**
 * Reads the domain and origin of Kanidm in a text that sets its environment variables, such as a unit of systemd or a
 * command. A text with the variables of several servers is not read. Comments, documentation and examples contain
 * values that no server has.
 */
export function kanidmVariables(source: string, whole: string): Facts | undefined {
  if (/\.(md|markdown|rst|adoc|txt)$|[._-](example|sample|dist|template)$/i.test(source)) return undefined;
  const text = whole.replaceAll(/^\s*(#|;|\/\/).*$/gm, '');
  const names = ['KANIDM_DOMAIN', 'KANIDM_ORIGIN'];
  if (names.some((name) => text.split(new RegExp(`\\b${name}\\b`)).length !== 2)) return undefined;
  const [domain, origin] = names.map((name) => variable(text, name));
  const [, version] = /\bkanidm\/server:v?(\d+\.\d+(?:\.\d+)?)/.exec(text) ?? [];
  return domain === undefined || origin === undefined
    ? undefined
    : kanidmFacts(source, { what: 'the environment of Kanidm', domain, origin, version });
}

/**
 * The kinds of documents that contain values of a chart. A file of values has no kind; the others are kinds of Argo CD
 * and K3s.
 */
const holdsValues = /^(|Application|ApplicationSet|HelmChart)$/;

/** Reads a document with values of a chart, or a compose file, that runs Kanidm. */
export function kanidmInValues(source: string, document: Json): Facts | undefined {
  if (!holdsValues.test(scalarText(document.kind))) return undefined;
  const whole = wholeDocument(source, document);
  const facts = kanidmImage(source, whole.what, document);
  return facts && together([facts, { ...nothing, passedOver: whole.instead === undefined ? [] : [whole] }]);
}
