import { type Beneath, beneath, type Layer, ofFields } from './beneath';
import { jsonLine, jsonText } from './json-layers';
import { type EntryText, fieldsFrom, quotedAt, textOf } from './log-fields';
import { prefix, search } from './log-prefixes';
import { speakerOfFile } from './programs';

/** journald and syslog: `Oct 28 21:10:09 host name[1]: `. The time can also be in the other forms of `journalctl -o`. */
const journal: Layer = (text) => {
  const found =
    /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)|[A-Z][a-z]{2} \d{4}-\d\d-\d\d [\d:.]{8,15} [\w+-]{1,6}|\[ {0,8}\d{1,10}\.\d{6}\]|\d{10}\.\d{6}) [\w.-]+ ([\w@./-]{1,64})(?:\[\d+\])?: /.exec(
      text,
    );
  if (found) return beneath(text.slice(found[0].length), found[1]?.replace(/^.*\//, ''));
  // RFC 5424: `<34>1 2026-10-28T21:10:09Z host name 1 - - `.
  const rfc =
    /^<\d{1,3}>1 \d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) \S{1,255} (\S{1,48}) \S{1,128} \S{1,32} (?:-|(?:\[(?:[^\]\\]|\\.){1,1000}\])+) /.exec(
      text,
    );
  return rfc ? beneath(text.slice(rfc[0].length), rfc[1]) : undefined;
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
  return { ...(structured(rest) ?? { text: rest }), ...(speaker ? { speaker } : {}) };
};

/**
 * Returns the text of a quoted message with fields, as klog writes them since Kubernetes 1.19; `undefined` for any
 * other text. Copied lines often lack the klog prefix.
 */
function structured(text: string): EntryText | undefined {
  if (!text.startsWith('"')) return undefined;
  const close = /^"((?:[^"\\]|\\.)*)"(?= [\w./-]+=|$)/.exec(text);
  if (!close) return undefined;
  const fields = fieldsFrom(text, close[0].length);
  return fields && textOf({ ...fields, msg: quotedAt(close[0], 0).value });
}

const bareStructured: Layer = structured;

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
  const plain =
    /^(?:\d{4}-\d\d-\d\dT[\d:.]+Z\s+)?(?:TRACE|DEBUG|INFO|WARN|ERROR) (?:(?:[\w:-]{1,60}\{[^}]{0,500}\}:){1,8} )?([a-z][\w]*(?:::\w+)*): /.exec(
      text,
    );
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

/**
 * Characters around a copied line: Markdown (a quotation, an item of a list, bold text, code), the frame of k9s, or the
 * mark of an error in a workflow of GitHub.
 */
const copied: Layer = (text) => {
  const found = /^(?:> ?|│ |##\[(?:error|warning)\]|[-*] (?=[`*])|\*\*(?=\S)|`{1,3}(?=\S))/.exec(text);
  if (!found) return undefined;
  const mark = found[0].trim();
  const rest = text.slice(found[0].length);
  return { text: mark !== '' && !/^[>#]/.test(mark) && rest.endsWith(mark) ? rest.slice(0, -mark.length) : rest };
};

/** A line that starts with a time and matches no other format. */
const time: Layer = (text) => {
  const found =
    /^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]?:?\s+(?=\S)/.exec(text);
  return found ? { text: text.slice(found[0].length) } : undefined;
};

/**
 * Argo CD checks a token once for each of its clients, and logs all errors in one line. If one check failed for another
 * reason than the audience, this reason is the cause, and the errors about the audience say nothing about it.
 */
const argoCd: Layer = (text) => {
  const [before, list] = text.split(/token verification failed for all audiences: (?=error for aud )/, 2);
  if (list === undefined) return undefined;
  const errors = list.split(/(?:^|, )error for aud [^ ]{1,200}: /).slice(1);
  const error = errors.find((one) => !one.startsWith('oidc: expected audience ')) ?? errors[0] ?? '';
  return beneath(`${before}${error}`, 'argocd');
};

/** All log formats, in the order in which they are tried. */
export const layers: readonly Layer[] = [
  copied,
  oauth2Proxy,
  gitea,
  zerolog,
  search,
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
  argoCd,
];
