import type { Config, Helm, Manifests } from '../../config/config';
import { readingFinding } from '../../config/reading-codes';
import { patternWords, secretKey } from '../../config/schema/field-patterns';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { own } from '../../guards';
import { hostOfOrigin, isWithin } from '../../identity/issuer';
import { builtinNamespaces, isKubernetesNamespace } from '../../upstream/builtin-names';
import { secondCertificate } from '../../upstream/cert-manager';
import { exactChartVersion } from '../../upstream/helm';
import { chartFacts, isKnownChart } from '../../upstream/kanidm-chart';
import { backupScheduleProblem } from '../../upstream/kanidm-schedule';
import { configFinding } from './config-codes';

export const deploymentRules = (config: Config): Finding[] => [...address(config), ...deployment(config)];

function address({ kanidm: { domain, origin } }: Config): Finding[] {
  const path = ['kanidm', 'origin'];
  const problems: Finding[] = [];
  const host = hostOfOrigin(origin);
  if (host === undefined) {
    // The port of an http address can differ from the port of the https address.
    const secure = origin.replace(/^http:\/\/([^/:]*)(?=\/|$)/i, 'https://$1').replace(/^(?!https?:\/\/)/i, 'https://');
    const own = URL.canParse(secure) ? new URL(secure).origin : '';
    const isOwn = hostOfOrigin(own) !== undefined && isWithin(new URL(own).hostname, domain);
    const fix = isOwn
      ? `write \`${own}\``
      : `write scheme, host and port only, such as \`https://${domain}\` or \`https://${domain}:8443\``;
    return [configFinding('origin-form', path, `\`${origin}\` is not an https origin`, fix)];
  }
  if (!isWithin(host, domain)) {
    const message = `the origin's host \`${host}\` is not at or below the domain \`${domain}\`: Kanidm would not start`;
    problems.push(
      configFinding(
        'origin-domain',
        path,
        message,
        `write \`https://${domain}\`, or the https address of a host below \`${domain}\``,
      ),
    );
  }
  const labels = domain.split('.');
  if (labels.length === 1 || labels.at(-1) === 'local') {
    const message =
      labels.length === 1
        ? `\`${domain}\` has no dot, but browsers accept passkeys and cookies only for names with a dot`
        : '`.local` names are resolved by multicast: on another network, any machine can answer for this name';
    problems.push(
      configFinding(
        'unsuitable-domain',
        ['kanidm', 'domain'],
        message,
        'use a DNS name of your own, such as `idm.example.com`',
      ),
    );
  } else if (labels.length === 2) {
    const message = `with \`${domain}\` every host in that domain can read and set the cookies of Kanidm`;
    const fix = `if nobody has a passkey yet, use a name for Kanidm alone, such as \`idm.${domain}\`: a later change of the domain breaks every passkey`;
    problems.push(configFinding('unsuitable-domain', ['kanidm', 'domain'], message, fix));
  }
  return problems;
}

/**
 * Rejects the namespaces of Kubernetes, and names that are reserved for such namespaces. The manifests, and a chart
 * that Kaniflux has data about, label the namespace of Kanidm. Because of this label, the API server enforces the
 * restricted Pod Security Standard there. Pods of Kubernetes, such as those of kube-proxy, do not meet this standard.
 */
function sharedNamespace({ helm, manifests, namespace }: Config['kanidm']): Finding[] {
  const labelled = manifests !== undefined || (helm !== undefined && isKnownChart(helm));
  if (!labelled || !isKubernetesNamespace(namespace)) return [];
  const whose = builtinNamespaces.includes(namespace)
    ? 'is a namespace of Kubernetes'
    : 'is reserved for Kubernetes, as all names that begin with `kube-`';
  const message = `\`${namespace}\` ${whose}: with Kanidm in it, the API server would enforce the restricted Pod Security Standard there, and refuse new pods that do not meet it`;
  const fix = 'choose another namespace for Kanidm, for example `kanidm`';
  return [configFinding('kanidm-namespace', ['kanidm', 'namespace'], message, fix)];
}

function deployment({ kanidm }: Config): Finding[] {
  const { helm, manifests, backup, cluster } = kanidm;
  if (helm && manifests) {
    const message = '`helm` and `manifests` would both deploy Kanidm';
    return [configFinding('two-deployments', keyAt(['kanidm', 'manifests']), message, 'remove `helm` or `manifests`')];
  }
  const problems = [...sharedNamespace(kanidm), ...(helm ? [...repository(helm), ...chart(kanidm, helm)] : [])];
  if (backup && !manifests) {
    const message = helm
      ? '`backup` is only for `manifests`: the Helm chart configures the backups of Kanidm itself'
      : 'Kaniflux does not deploy this Kanidm, so it cannot configure its backups';
    problems.push(
      configFinding(
        'backup-elsewhere',
        keyAt(['kanidm', 'backup']),
        message,
        'remove `backup`, or deploy with `manifests`',
      ),
    );
  }
  const schedule = backup && manifests ? backupScheduleProblem(backup.schedule) : undefined;
  if (schedule !== undefined) {
    problems.push(
      configFinding(
        'backup-schedule',
        ['kanidm', 'backup', 'schedule'],
        `Kanidm does not start with this schedule: ${schedule}`,
        'write a cron expression such as `00 22 * * *`, in UTC',
      ),
    );
  }
  if (manifests) problems.push(...restoring(manifests.backup), ...certificateTwice(manifests));
  if (cluster && !helm && !manifests) {
    const message = '`cluster` names the cluster that runs Kanidm, but neither `helm` nor `manifests` is set';
    problems.push(
      configFinding(
        'kanidm-not-deployed',
        ['kanidm', 'cluster'],
        message,
        'add `helm` or `manifests`, or remove `cluster`',
      ),
    );
  }
  return problems;
}

function restoring({ restore }: Manifests['backup']): Finding[] {
  if (!restore) return [];
  const path: Path = ['kanidm', 'backup', 'restore'];
  const problems = [
    configFinding(
      'kanidm-stopped',
      keyAt(path),
      'while `restore` is set, Kanidm is stopped and nobody can sign in',
      'remove `restore` when the Job has completed',
    ),
  ];
  if (restore.secretName !== undefined && !new RegExp(secretKey).test(restore.file)) {
    const message = `\`${restore.file}\` cannot be the key of a Secret, which consists of ${patternWords[secretKey]}`;
    const fix = 'create the Secret with another key (`--from-file=backup.json.gz=FILE`), and write this key as `file`';
    problems.push(configFinding('backup-key', [...path, 'file'], message, fix));
  }
  return problems;
}

/** Rejects a second Certificate, which cert-manager would create because of an annotation of the Ingress. */
function certificateTwice({ certificate, ingress, tlsSecretName }: Manifests): Finding[] {
  const rendered = { name: 'kanidm', secretName: tlsSecretName };
  const annotation = certificate && secondCertificate(rendered, ingress?.annotations);
  if (annotation === undefined) return [];
  const path = keyAt(['kanidm', 'manifests', 'ingress', 'annotations', annotation]);
  const message = `with the annotation \`${annotation}\`, cert-manager creates a second Certificate for the Secret \`${tlsSecretName}\`, which already belongs to the Certificate of \`certificate\``;
  return [configFinding('certificate-twice', path, message, 'remove the annotation, or remove `certificate`')];
}

function repository({ repository, insecure }: Helm): Finding[] {
  const path: Path = ['kanidm', 'helm'];
  if (insecure && !repository.startsWith('oci://')) {
    const message = 'Flux ignores `insecure` for a repository that is not `oci://`';
    return [configFinding('repository-insecure', [...path, 'insecure'], message, 'remove `insecure`')];
  }
  if (!insecure && !repository.startsWith('http://')) return [];
  const message = 'without TLS, anybody on the network between Flux and the repository can replace the chart';
  const fix =
    'serve the repository with TLS; if a private CA signed its certificate, set `certSecretRef` to the name of the Secret with this CA';
  return [configFinding('repository-plaintext', [...path, insecure ? 'insecure' : 'repository'], message, fix)];
}

function chart({ domain, origin }: Config['kanidm'], helm: Helm): Finding[] {
  const path: Path = ['kanidm', 'helm'];
  const values = [...path, 'values'];
  const { domain: own, ...others } = helm.values ?? {};
  const problems = notRenderable(others, values);
  if (own !== undefined && own !== domain) {
    const message = `the chart's domain \`${String(own)}\` contradicts \`kanidm.domain\`, which is \`${domain}\``;
    problems.push(
      configFinding(
        'values-domain',
        [...values, 'domain'],
        message,
        'remove this value: Kaniflux sets the domain of the chart from `kanidm.domain`',
      ),
    );
  }
  for (const [i, { targetPath }] of (helm.valuesFrom ?? []).entries()) {
    if (targetPath !== 'domain') continue;
    const message =
      'this entry takes the domain of the chart from a ConfigMap or Secret, but everything else uses `kanidm.domain`';
    problems.push(
      configFinding('values-domain', [...path, 'valuesFrom', i, 'targetPath'], message, 'remove this entry'),
    );
  }
  if (!isKnownChart(helm)) {
    if (!exactChartVersion.test(helm.version)) {
      const message = `\`${helm.version}\` is not an exact version: Flux would upgrade Kanidm on its own`;
      problems.push(configFinding('chart-version', [...path, 'version'], message, 'write a version such as `1.2.3`'));
    }
    return problems;
  }
  const facts = chartFacts(helm);
  if (!facts) {
    const message = `\`${helm.version}\` is not a version of the chart that Kaniflux supports (a range is not supported: Flux could install a version with other volumes)`;
    problems.push(
      configFinding('chart-version', [...path, 'version'], message, 'write an exact version, `0.1.2` or `0.2.1`'),
    );
    return problems;
  }
  if (origin !== `https://${domain}`) {
    const message = `this chart serves Kanidm at https://${domain} only`;
    problems.push(
      configFinding('chart-origin', ['kanidm', 'origin'], message, 'remove `origin`, or deploy with `manifests`'),
    );
  }
  return [...problems, ...chartValues(helm, facts.line, facts.values, values)];
}

/**
 * Rejects chart values that cdk8s cannot render: it drops null and a key `__proto__`, and fails on a key `constructor`.
 */
function notRenderable(value: unknown, path: Path): Finding[] {
  if (value === null) {
    const message = 'a null in chart values cannot be rendered';
    return [configFinding('values-null', path, message, 'write another value, or set it with `valuesFrom`')];
  }
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    if (key !== 'constructor' && key !== '__proto__') return notRenderable(inner, at);
    const message = `a chart value with the name \`${key}\` cannot be rendered`;
    return [readingFinding('bad-name', keyAt(at), message, 'set it with `valuesFrom`')];
  });
}

type Values = NonNullable<ReturnType<typeof chartFacts>>['values'];

function chartValues(helm: Helm, line: string, known: Values, path: Path): Finding[] {
  const names = Object.keys(known);
  return leaves(helm.values ?? {}, []).flatMap(({ keys, value }): Finding[] => {
    const name = keys.join('.');
    const type = own(known, name);
    const place = [...path, ...keys];
    if (type === undefined) {
      const message = `version ${helm.version} of the chart has no value \`${name}\``;
      const fix = `remove this value; the chart has the values ${names.map((known) => `\`${known}\``).join(', ')}`;
      return [configFinding('chart-value', keyAt(place), message, fix)];
    }
    if (value === null) return [];
    if (type === 'string') {
      if (typeof value === 'string') return [];
      return [
        configFinding(
          'chart-value',
          place,
          `the value \`${name}\` of the chart must be a string (charts ${line}.x)`,
          'write a string, in quotes',
        ),
      ];
    }
    if (type.oneOf.some((choice) => choice === value)) return [];
    const isQuoted = type.oneOf.some((choice) => String(choice) === value);
    const problem = isQuoted ? 'must be a number, without quotes' : `can't be \`${String(value)}\``;
    const fix = `write ${type.oneOf.map((choice) => `\`${choice}\``).join(' or ')}`;
    return [configFinding('chart-value', place, `the value \`${name}\` of the chart ${problem}`, fix)];
  });
}

function leaves(value: unknown, keys: readonly string[]): { keys: readonly string[]; value: unknown }[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ keys, value }];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...keys, key]));
}
