/*
 * The regular expressions of the schema. This file does not import TypeBox. The program uses these texts, but it does
 * not load TypeBox, because the build compiles the validators.
 */

/** Kanidm's `iname`: what people, groups, service accounts and clients may be called. */
export const kanidmName = '^[a-z][a-z0-9_.-]{0,63}$';

/** Kanidm's rule for a mail address, which is the rule of HTML. https://html.spec.whatwg.org/#valid-e-mail-address */
export const mailAddress =
  "^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$";

/** Kanidm's rule for a scope. https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/value.rs */
export const scopeWord = '^[0-9a-zA-Z_]+(([:.-]|(://))[0-9a-zA-Z_]+)*$';

/** Kanidm's rule for the name of a claim, and for each of its values. */
export const claimWord = '^[0-9a-zA-Z_]+([:-][0-9a-zA-Z_]+)*$';

/** The name of a claim that a token must have. It has no `=`, because `--oidc-required-claim` takes `name=value`. */
export const requiredClaim = '^[^=\\s]+$';

const number = '(0|[1-9][0-9]*)';

/** A version without prefix or suffix: `1.11`, `1.11.1`. */
export const plainVersion = `^${number}\\.${number}(\\.${number})?$`;

/**
 * A version as programs print it: with or without a `v`, and with or without the suffix of K3s, RKE2 or EKS.
 * Pre-releases do not match.
 */
export const printedVersion = `^v?${number}\\.${number}(\\.${number}(-eks-[0-9a-f]+|\\+[0-9A-Za-z.-]+)?)?$`;

/** RFC 1123 label: at most 63 characters without dots, as for the name of a Namespace. */
export const dnsLabel = '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$';

/** RFC 1123 subdomain. */
export const dnsName = '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$';

/**
 * A DNS name whose last label is not a number. A host whose last label is a number is read as an IPv4 address. Kanidm
 * does not start if its domain is an IP address. https://url.spec.whatwg.org/#ends-in-a-number-checker
 */
export const domainName = `^(?!(.*\\.)?([0-9]+|0x[0-9a-f]*)$)${dnsName.slice(1)}`;

/** The name of a client, which is part of its issuer. */
export const clientName = '^[a-z][-a-z0-9_.]{0,63}$';

/**
 * The name of an annotation. `constructor` is allowed in Kubernetes, but cdk8s fails on an object with such a key.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set
 */
export const annotationName =
  '^(?!constructor$|[^/]{254})([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$';

/** The name of an RBAC object, which can contain more characters than a DNS name (`system:basic-user`). */
export const rbacName = '^(?!\\.{1,2}$)[^/%\\s\\x00-\\x1f]+$';

/**
 * The key of an additional attribute of a user: a domain name and a path. Kubernetes reserves its own domains.
 *
 * https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apiserver/pkg/apis/apiserver/validation/validation.go
 */
export const extraKey =
  "^(?!([a-z0-9.-]+\\.)?(k8s|kubernetes)\\.io/)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*/[a-z0-9/%:@._~!$&'()*+,;=-]+$";

/** RFC 4122 in lower case, as Kanidm prints it. */
export const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';

/** A login shell. Kanidm changes capital letters to lower case, and refuses control characters. */
export const loginShell = '^[^A-Z\\x00-\\x1f\\x7f]+$';

/** A time by RFC 3339. */
export const instant = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$';

/** A date. Whether the day exists is checked by a rule. */
export const day = '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$';

/** A Flux duration above zero, for example `10m` or `1h30m`. */
export const duration = '^(?=.*[1-9])([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$';

/** A folder in a Flux source: relative, and inside the source. Names of folders may contain spaces. */
export const sourcePath = '^(?!/)(?!(.*/)?\\.\\.(/|$))[^\\\\\\s]+( +[^\\\\\\s]+)*$';

const imagePart = '[a-z0-9]+((\\.|__?|-+)[a-z0-9]+)*';

const imagePath = `([^\\s:@/]+(:[0-9]+)?/)?${imagePart}(/${imagePart})*`;

/** A container image without a tag or digest. A colon before the first slash begins the port of a registry. */
export const imageName = `^${imagePath}$`;

/** A container image with a tag, a digest, or both. */
export const pinnedImage = `^${imagePath}(?=[:@])(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$`;

/**
 * The form of a cron expression: five fields, six with seconds, seven with seconds and years, or a name such as
 * `@daily`.
 */
export const cronExpression = '^ *(@[a-z]+|\\S+( +\\S+){4,6}) *$';

/** A size of a volume, above zero. */
export const volumeSize = '^(?=.*[1-9])[0-9]+(\\.[0-9]+)?(Mi|Gi|Ti)$';

/** The name of a backup of Kanidm, as a file in a volume. Not every such name can be the key of a Secret. */
export const backupFile = '^[A-Za-z0-9][A-Za-z0-9._:-]*\\.gz$';

/**
 * The key of a ConfigMap or Secret.
 * https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go
 */
export const secretKey = '^(?!\\.$|\\.\\.)[-._a-zA-Z0-9]{1,253}$';

/**
 * The path of a value of a chart, which the CustomResourceDefinition of HelmRelease limits.
 * https://github.com/fluxcd/helm-controller/blob/main/config/crd/bases/helm.toolkit.fluxcd.io_helmreleases.yaml
 */
export const valuePath = '^(?!.{251})([a-zA-Z0-9_.\\\\/-]|\\[[0-9]{1,5}\\])+$';

/** The name of a chart in a Helm repository. */
export const chartName = '^[^\\s/]+$';

/** The address of a Helm repository, without a user name or password: the credentials are in a Secret. */
export const chartRepository = '^(https?|oci)://[^\\s/@?#]+(/[^\\s]*)?$';

/** An https URL without a user name or password. */
export const plainUrl = '^https://[^\\s/@?#]+([/?#][^\\s]*)?$';

export const findingCode = '^[a-z][a-z0-9]*(-[a-z0-9]+)*$';

/** A description of each pattern, for messages. */
export const patternWords: Readonly<Record<string, string>> = {
  [kanidmName]: 'lower-case letters, digits, `_`, `.` and `-`, beginning with a letter, 64 characters at most',
  [clientName]:
    'lower-case letters, digits, `_`, `.` and `-`, beginning with a letter, 64 characters at most; Kanidm converts capital letters to lower case, and the issuer URL of the config would then not match the tokens',
  [dnsLabel]: 'lower-case letters, digits and `-`, beginning and ending with a letter or digit, 63 characters at most',
  [dnsName]: 'a DNS name in lower case, for example `idm.example.com`',
  [domainName]: 'a DNS name in lower case, for example `idm.example.com`',
  [annotationName]: 'the name of an annotation, for example `haproxy.org/server-ssl`',
  [extraKey]:
    'a domain and a path in lower case, for example `example.com/team`; not below `k8s.io` or `kubernetes.io`',
  [rbacName]: 'a name without spaces, `/` and `%`',
  [uuid]: 'a UUID in lower case, for example `7b89b6ea-1e8b-4aa8-98fb-a70cba498d16`',
  [loginShell]: 'the path of a shell without capital letters, because Kanidm changes them to lower case',
  [mailAddress]: 'a mail address, for example `jane@example.com`',
  [scopeWord]: 'one or more words of letters, digits and `_`, joined by `:`, `.`, `-` or `://`',
  [claimWord]: 'one or more words of letters, digits and `_`, joined by `:` or `-`',
  [requiredClaim]: 'a name without spaces and `=`',
  [plainVersion]: 'a version, for example `1.11.1`',
  [printedVersion]: 'a released version, for example `1.34` or `1.34.4`',
  [backupFile]: 'the name of a file that ends in `.gz`, without a path',
  [secretKey]: 'letters, digits, `.`, `-` and `_`, 253 characters at most',
  [valuePath]:
    'letters, digits, `_`, `-`, `/`, `.` and indexes such as `[0]`, 250 characters at most; write `\\.` for a dot inside a key, for example `annotations.cert-manager\\.io/issuer`',
  [findingCode]: 'words in lower case, joined by `-`, for example `no-break-glass`',
  [instant]: 'a time with its zone, for example `2027-01-01T00:00:00Z`',
  [day]: 'a date, for example `2027-01-31`',
  [duration]: 'a duration above zero, for example `10m`',
  [imageName]: 'the name of an image without a tag or digest, for example `docker.io/kanidm/server`',
  [pinnedImage]: 'an image with a tag, for example `docker.io/library/busybox:1.37.0`',
  [chartName]: 'the name of a chart without its repository, for example `kanidm`',
  [chartRepository]:
    'an address that begins with `https://` or `oci://`, without a user name or password, which belong in the Secret of `secretRef`',
  [plainUrl]: 'an https URL without a user name or password',
  [cronExpression]: 'a cron expression, for example `00 22 * * *`',
  [volumeSize]: 'a size above zero, for example `2Gi`',
  [sourcePath]: 'a folder below the root of the source, for example `./dist`',
};
