import { type Beneath, beneath, type Layer } from './beneath';
import { nameFields } from './log-fields';
import { speakerNamed } from './programs';

/** The beginning of a line in a format that can be recognised. */
const recognisable = String.raw`(?=[IWEF]\d{4} \d\d:|\{"|time="|level=|ts=|logger=|\[?\d{4}[-/]\d\d[-/]\d\d|[0-9a-f]{8}-[0-9a-f]{4}-|(?:TRACE|DEBUG|INFO|WARN|ERROR) )`;
const named = (pattern: string) => new RegExp(`^${pattern}${recognisable}`);

/** Names the program by its container, or by its pod if the name of the container does not identify a program. */
const inPod = (text: string, container: string, pod: string): Beneath =>
  beneath(text, speakerNamed(container) === undefined ? pod : container);
const isKnown = (name: string) => {
  const speaker = speakerNamed(name);
  return speaker !== undefined && !speaker.isUnknown;
};

/** The prefixes that grep and talosctl write before a line: the path of the file, the line number, or the node. */
export const search: Layer = (text) => {
  const pods =
    /^\/var\/log\/pods\/[\w.-]{1,63}_([\w.-]{1,253})_[\w-]{1,64}\/([\w.-]{1,63})\/\d{1,6}\.log[\w.-]{0,40}:(?:\d{1,9}:)?/.exec(
      text,
    );
  if (pods) return inPod(text.slice(pods[0].length), pods[2] ?? '', pods[1] ?? '');
  const containers =
    /^(?:\/var\/log\/containers\/)?([a-z0-9.-]{1,253})_[a-z0-9-]{1,63}_([a-z0-9-]{1,63})-[0-9a-f]{64}\.log:(?:\d{1,9}:)?/.exec(
      text,
    );
  if (containers) return inPod(text.slice(containers[0].length), containers[2] ?? '', containers[1] ?? '');
  const other = numbered.exec(text) ?? node.exec(text);
  return other ? { text: text.slice(other[0].length) } : undefined;
};
const numbered = named(String.raw`(?:[\w./-]{1,200}\.log:(?:\d{1,9}:)?|\d{1,9}:)`);
const node = /^(?:\d{1,3}\.){3}\d{1,3}: (?=\{"|\d{4}-\d\d-\d\dT[\d:.]{8,18}Z (?:stdout|stderr) [FP] )/;

/** The labels that logcli prints before a line of Loki: `2026-10-28T21:10:09Z {app="a", container="b"} `. */
function ofLabels(text: string): Beneath | undefined {
  const found = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d) \{((?:\w{1,60}="[^"]{0,200}"(?:, ?)?){1,40})\} /.exec(
    text,
  );
  if (!found) return undefined;
  const labels = new Map(
    [...(found[1] ?? '').matchAll(/(\w{1,60})="([^"]{0,200})"/g)].map(([, name, value]) => [name, value]),
  );
  const name = nameFields.find((one) => labels.has(one));
  return inPod(text.slice(found[0].length), (name && labels.get(name)) ?? '', labels.get('pod') ?? '');
}

// stern: the pod and the container, and the namespace if it shows several namespaces.
const stern = named(
  `(?:[a-z0-9][a-z0-9-]{0,62} )?([a-z0-9][a-z0-9.]{0,120}-[a-z0-9.-]{1,130}) (?:› )?([a-z0-9][a-z0-9-]{0,62}) `,
);
// kubetail: the pod, and the container if the pod has several.
const kubetail = /^\[([a-z0-9][a-z0-9.]{0,120}-[a-z0-9.-]{1,130})(?: ([a-z0-9][a-z0-9-]{0,62}))?\] /;

/**
 * The prefixes of `kubectl logs --prefix`, stern, kubetail, logcli, k9s, and of docker compose and docker service, and
 * the prefix `name[1]: ` of syslog if no time precedes it.
 */
export const prefix: Layer = (text) => {
  const pod = /^\[pod\/([\w.-]+)\/([\w.-]+)\] /.exec(text) ?? stern.exec(text);
  if (pod) return inPod(text.slice(pod[0].length), pod[2] ?? '', pod[1] ?? '');
  const tail = kubetail.exec(text);
  // Only a known name counts, because a line can begin with any word in brackets.
  if (tail && [tail[1], tail[2]].some((one) => one !== undefined && isKnown(one)))
    return inPod(text.slice(tail[0].length), tail[2] ?? '', tail[1] ?? '');
  const labelled = ofLabels(text);
  if (labelled) return labelled;
  // k9s: the container before a line of JSON or klog. Only a known name counts, because any word can be at the start of
  // a line.
  const container = /^([a-z0-9][a-z0-9-]{0,62}) (?=\{"|[IWEF]\d{4} \d\d:)/.exec(text);
  if (container && isKnown(container[1] ?? '')) return beneath(text.slice(container[0].length), container[1]);
  const process = /^([A-Za-z][\w@./-]{0,63})\[\d{1,10}\]: /.exec(text);
  if (process) return beneath(text.slice(process[0].length), process[1]);
  const service = /^(?:[\w-]{1,60}_)?([\w.-]{1,60}?)\.\d{1,4}\.[a-z0-9]{20,30}@[\w.-]{1,100} +\| /.exec(text);
  if (service) return beneath(text.slice(service[0].length), service[1]);
  const compose = /^([\w.-]{1,80}) +\| ?/.exec(text);
  return compose ? beneath(text.slice(compose[0].length), compose[1]) : undefined;
};
