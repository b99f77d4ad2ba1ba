import { isMap, isText, type Json, mapAt, own, scalarText } from '../guards';
import { beneath, type Layer, ofFields } from './beneath';
import { parsed } from './json-in-text';
import { type Fields, messages, nameFields, quotedAt } from './log-fields';

/** Fields in which Elasticsearch, Cloud Logging, Splunk and Datadog have the entry of a log. */
const wrappers = ['_source', 'jsonPayload', 'result', 'attributes'];

const hasMessage = (value: unknown): value is Json => isMap(value) && messages.some((name) => name in value);

/** Returns the container that Fluent Bit, Filebeat or Cloud Logging add to an entry, or an empty string. */
const containerOf = (value: Json): string =>
  scalarText(mapAt(value, 'kubernetes').container_name) ||
  scalarText(mapAt(value, 'kubernetes', 'container').name) ||
  scalarText(mapAt(value, 'resource', 'labels').container_name);

const textsOf = (value: Json): Fields =>
  Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) =>
      typeof one === 'string' || typeof one === 'number' ? [[name, String(one).trimEnd()]] : [],
    ),
  );

/** JSON from klog, controller-runtime, log files and log stores, or a Status object of the API server. */
export const jsonText: Layer = (text) => {
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  const value = parsed(text);
  if (!isMap(value)) return undefined;
  const container = containerOf(value);
  const fields = textsOf(container === '' ? value : { container, ...value });
  // A line that logcli or Grafana exported from Loki: the labels name the program.
  if (fields.line !== undefined && isMap(value.labels)) {
    const named = Object.entries(value.labels).find(([name, one]) => nameFields.includes(name) && isText(one));
    return beneath(fields.line, named === undefined ? undefined : String(named[1]));
  }
  // Nextcloud logs the error as an object.
  const error = scalarText(mapAt(value, 'exception').Message);
  if (hasMessage(fields)) return ofFields(error === '' ? fields : { error, ...fields });
  // Rust's tracing library: the message and its fields are in an object, and `target` names the module.
  const inner = mapAt(value, 'fields');
  if (hasMessage(inner)) return ofFields({ ...textsOf(inner), target: scalarText(value.target) });
  const entry = wrappers.map((name) => own(value, name)).find(hasMessage);
  return entry && beneath(JSON.stringify(entry), container);
};

/** A single line of multi-line JSON: `"message": "nodes is forbidden: …",`. */
export const jsonLine: Layer = (text) => {
  const found = /^"(?:message|error|err|msg|error_description|detail)": ?(?=")/.exec(text);
  return found ? { text: quotedAt(text.replace(/,$/, ''), found[0].length).value } : undefined;
};
