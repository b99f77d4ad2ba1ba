import { type Beneath, beneath, type Layer, ofFields } from './beneath';
import { jsonLine, jsonText } from './json-layers';
import { fieldsFrom, quotedAt, textOf } from './log-fields';
import { speakerNamed, speakerOfFile } from './programs';

/** Names the program by its container, or by its pod if the name of the container does not identify a program. */
const inPod = (text: string, container: string, pod: string): Beneath =>
  beneath(text, speakerNamed(container) === undefined ? pod : container);

/**
 * The prefixes of `kubectl logs --prefix`, of grep over the log files of pods, of stern, k9s and docker compose, and the
 * prefix `name[1]: ` of syslog if no time precedes it.
 */
const prefix: Layer = (text) => {
  const pod = /^\[pod\/([\w.-]+)\/([\w.-]+)\] /.exec(text);
  if (pod) return inPod(text.slice(pod[0].length), pod[2] ?? '', pod[1] ?? '');
  const file =
    /^\/var\/log\/pods\/[\w.-]{1,63}_([\w.-]{1,253})_[\w-]{1,64}\/([\w.-]{1,63})\/\d{1,6}\.log[\w.-]{0,40}:(?:\d{1,9}:)?/.exec(
      text,
    );
  if (file) return inPod(text.slice(file[0].length), file[2] ?? '', file[1] ?? '');
  // stern: the pod and the container before a line whose own format is recognisable.
  const stern =
    /^([a-z0-9][a-z0-9.]{0,120}-[a-z0-9.-]{1,130}) ([a-z0-9][a-z0-9-]{0,62}) (?=[IWEF]\d{4} \d\d:|\{"|time="|level=|\d{4}[-/]\d\d[-/]\d\d)/.exec(
      text,
    );
  if (stern) return inPod(text.slice(stern[0].length), stern[2] ?? '', stern[1] ?? '');
  // k9s: the container before a line of JSON or klog. Only a known name counts, because any word can be at the start of
  // a line.
  const container = /^([a-z0-9][a-z0-9-]{0,62}) (?=\{"|[IWEF]\d{4} \d\d:)/.exec(text);
  const known = container ? speakerNamed(container[1] ?? '') : undefined;
  if (container && known && !known.isUnknown) return { text: text.slice(container[0].length), speaker: known };
  const process = /^([A-Za-z][\w@./-]{0,63})\[\d{1,10}\]: /.exec(text);
  if (process) return beneath(text.slice(process[0].length), process[1]);
  const compose = /^([\w.-]{1,80}) +\| /.exec(text);
  return compose ? beneath(text.slice(compose[0].length), compose[1]) : undefined;
};

/** journald and syslog: `Oct 28 21:10:09 host name[1]: `. The time can also be in the other forms of `journalctl -o`. */
const journal: Layer = (text) => {
  const found =
    /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)|[A-Z][a-z]{2} \d{4}-\d\d-\d\d [\d:.]{8,15} [\w+-]{1,6}|\[ {0,8}\d{1,10}\.\d{6}\]|\d{10}\.\d{6}) [\w.-]+ ([\w@./-]{1,64})(?:\[\d+\])?: /.exec(
      text,
    );
  return found ? beneath(text.slice(found[0].length), found[1]?.replace(/^.*\//, '')) : undefined;
};

/** The prefix of the container runtime: `2025-03-17T15:17:20.000000000Z stderr F `. */
const cri: Layer = (text) => {
  const found = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d) (?:stdout|stderr) [FP](?: |$)/.exec(text);
  return found ? { text: text.slice(found[0].length) } : undefined;
};

/** klog: `E1124 23:38:14.162985   28328 run.go:72] `, followed by text or by a quoted message and fields. */
const klog: Layer = (text) => {
  const found = /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ ([\w.-]+\.go):\d+\] /.exec(text);
  if (!found) return undefined;
  const speaker = speakerOfFile(found[1] ?? '');
  const rest = text.slice(found[0].length);
  return { text: structured(rest) ?? rest, ...(speaker ? { speaker } : {}) };
};

/**
 * Returns the text of a quoted message with fields, as klog writes them since Kubernetes 1.19; `undefined` for any
 * other text. Copied lines often lack the klog prefix.
 */
function structured(text: string): string | undefined {
  if (!text.startsWith('"')) return undefined;
  const close = /^"((?:[^"\\]|\\.)*)"(?= [\w./-]+=|$)/.exec(text);
  if (!close) return undefined;
  const fields = fieldsFrom(text, close[0].length);
  return fields && textOf({ ...fields, msg: quotedAt(close[0], 0).value });
}

const bareStructured: Layer = (text) => {
  const found = structured(text);
  return found === undefined ? undefined : { text: found };
};

/** `time="…" level=error msg="…"`, as logrus and Go's slog write. */
const logfmt: Layer = (text) => {
  if (!/^[\w./-]+=/.test(text)) return undefined;
  const fields = fieldsFrom(text, 0);
  if (!fields || !('msg' in fields || 'message' in fields || ('error' in fields && 'level' in fields)))
    return undefined;
  return ofFields(fields);
};

/** The console format of zap: columns with time, level, source, message and JSON. */
const console_: Layer = (text) => {
  const found =
    /^(?:\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?)\s+(?:DEBUG|INFO|WARN|ERROR|FATAL|debug|info|warn|error|fatal)\s+(?:([\w./-]+\.go):\d+\s+)?(?=\S)/.exec(
      text,
    );
  if (!found) return undefined;
  const rest = text.slice(found[0].length);
  const at = rest.indexOf('{"');
  if (at === -1) return found[1] === undefined ? undefined : { text: rest };
  try {
    const value: unknown = JSON.parse(rest.slice(at));
    if (typeof value !== 'object' || value === null) return undefined;
    const texts = Object.entries(value).flatMap(([name, one]: [string, unknown]) =>
      typeof one === 'string' ? [[name, one]] : [],
    );
    return ofFields({ ...Object.fromEntries(texts), msg: rest.slice(0, at).trim() });
  } catch {
    return undefined;
  }
};

/** The formats of Rust's tracing library: `2024-04-18T12:33:30Z ERROR kanidm_cli: `, and the tree that kanidmd writes. */
const tracing: Layer = (text) => {
  const tree =
    /^(?:[0-9a-f-]{8,36}\s+)?(?:TRACE|DEBUG|INFO|WARN|ERROR)\s+[│┝┕━┌└├─ ]+(?:[^\s\w]+ )?(?:ｉ )?(?:\[(?:trace|debug|info|warn|error)\]: )?/u.exec(
      text,
    );
  if (tree && /[│┝┕]/.test(tree[0])) return { text: text.slice(tree[0].length), speaker: { programs: ['Kanidm'] } };
  const forest =
    /^(?:[0-9a-f-]{8,36}\s+)?(?:TRACE|DEBUG|INFO|WARN|ERROR)\s+[^\s\w]{1,4}\s+\[(?:trace|debug|info|warn|error)\]: /u.exec(
      text,
    );
  if (forest) return { text: text.slice(forest[0].length), speaker: { programs: ['Kanidm'] } };
  const plain = /^(?:\d{4}-\d\d-\d\dT[\d:.]+Z\s+)?(?:TRACE|DEBUG|INFO|WARN|ERROR) ([a-z][\w]*(?:::\w+)*): /.exec(text);
  return plain ? beneath(text.slice(plain[0].length), plain[1]) : undefined;
};

const reasons: Readonly<Record<string, string>> = {
  FailedMount: 'kubelet',
  FailedAttachVolume: 'kube-controller-manager',
  Failed: 'kubelet',
  BackOff: 'kubelet',
  Unhealthy: 'kubelet',
  FailedScheduling: 'kube-scheduler',
  ProvisioningFailed: 'kube-controller-manager',
  FailedCreate: 'kube-controller-manager',
};

/** Events, as `kubectl describe` and `kubectl get events` print them. */
const event: Layer = (text) => {
  const described = /^(?:Warning|Normal)\s{2,}(\w+)\s{2,}[\w() ]{2,40}\s{2,}([\w.-]+)[\w., -]{0,80}\s{2,}(?=\S)/.exec(
    text,
  );
  if (described) return beneath(text.slice(described[0].length), reasons[described[1] ?? ''] ?? described[2]);
  const listed = /^(?:[\w-]+\s{2,})?\w{2,10}\s+(?:Warning|Normal)\s{2,}(\w+)\s{2,}[\w./-]+\s{2,}(?=\S)/.exec(text);
  return listed ? beneath(text.slice(listed[0].length), reasons[listed[1] ?? '']) : undefined;
};

/** The log of Talos, as `talosctl dmesg` prints it. */
const talos: Layer = (text) => {
  const found = /^(?:[\w.:-]+: )?(?:user|kern|daemon): +\w+: \[[^\]]{1,40}\]: \[talos\] /.exec(text);
  return found ? { text: text.slice(found[0].length), speaker: { programs: ['Talos'] } } : undefined;
};

/** The prefixes of oauth2-proxy's standard log (`[2026/10/18 20:42:45] [oauthproxy.go:901] `) and authentication log. */
const oauth2Proxy: Layer = (text) => {
  const found =
    /^(?:[\w.:[\], -]{1,200} - [\w-]{1,64} - \S{1,254} )?\[\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\] (?:\[\w{1,40}\.go:\d{1,5}\] |(?=\[Auth))/.exec(
      text,
    );
  return found ? beneath(text.slice(found[0].length), 'oauth2-proxy') : undefined;
};

/** The console of zerolog, as Traefik writes it: `2026-10-04T10:00:00Z ERR message error="…"`. Copied lines often lack the time. */
const zerolog: Layer = (text) => {
  const found =
    /^(?:\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d) )?(?:TRC|DBG|INF|WRN|ERR|FTL|PNC) (?:\S{1,120}\.go:\d{1,5} > )?/.exec(
      text,
    );
  if (!found) return undefined;
  const rest = text.slice(found[0].length);
  const at = rest.search(/ \w{1,40}=/);
  const fields = at === -1 ? undefined : fieldsFrom(rest, at);
  const plain: Beneath = fields ? ofFields({ ...fields, msg: rest.slice(0, at) }) : { text: rest };
  return { speaker: { programs: ['the ingress controller', 'an application', 'other'] }, ...plain };
};

/** The form of Gitea and Forgejo: `2026/03/04 10:00:00 ...rs/web/auth/oauth.go:923:SignInOAuthCallback() [E] `. */
const gitea: Layer = (text) => {
  const found =
    /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \.{0,3}[\w./-]{1,80}\.go:\d{1,5}:[\w.*()]{1,80}\(\) \[[A-Z]\] (?:\[[\w-]{1,20}\] )?/.exec(
      text,
    );
  return found ? beneath(text.slice(found[0].length), 'gitea') : undefined;
};

/** Characters around a copied line: Markdown (a quotation, an item of a list, bold text, code), or the frame of k9s. */
const copied: Layer = (text) => {
  const found = /^(?:> ?|│ |[-*] (?=[`*])|\*\*(?=\S)|`{1,3}(?=\S))/.exec(text);
  if (!found) return undefined;
  const mark = found[0].trim();
  const rest = text.slice(found[0].length);
  return { text: mark !== '' && mark !== '>' && rest.endsWith(mark) ? rest.slice(0, -mark.length) : rest };
};

/** A line that starts with a time and matches no other format. */
const time: Layer = (text) => {
  const found =
    /^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]?:?\s+(?=\S)/.exec(text);
  return found ? { text: text.slice(found[0].length) } : undefined;
};

/** All log formats, in the order in which they are tried. */
export const layers: readonly Layer[] = [
  copied,
  oauth2Proxy,
  gitea,
  zerolog,
  prefix,
  cri,
  talos,
  journal,
  jsonText,
  jsonLine,
  klog,
  bareStructured,
  logfmt,
  console_,
  tracing,
  event,
  time,
];
