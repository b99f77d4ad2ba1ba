import { ApiObject, type Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { readCertificates } from '../config/certificates';
import { memoryReader } from '../config/reader';
import {
  backupFile,
  chartRepository,
  dnsLabel,
  dnsName,
  domainName,
  duration,
  imageName,
  patternWords,
  pinnedImage,
  plainVersion,
  rbacName,
  secretKey,
  sourcePath,
  valuePath,
} from '../config/schema/field-patterns';
import { parseVersion } from '../config/version';
import type { Finding } from '../findings/finding';
import { isOneOf, isText } from '../guards';
import { hostOfOrigin } from '../identity/issuer';
import { isKubernetesNamespace } from '../upstream/builtin-names';
import { type Feature, has, releases, since, stable } from '../upstream/kanidm-versions';
import { reservedFor } from '../upstream/reserved-rbac';

/** What is wrong with one prop; `undefined` if nothing is. */
export type PropProblem = string | undefined;

/**
 * Adds the problems of a construct's props to the construct as cdk8s validation errors, so that `app.synth()` and
 * `chart.toJson()` fail. A construct without problems gets no validation, since a fleet can have 100,000 constructs.
 * Call this function after the objects of the construct are created, because it also reports objects that another
 * construct has already created.
 */
export function reportProblems(construct: Construct, problems: readonly PropProblem[]): void {
  const objects = construct instanceof ApiObject ? [construct] : construct.node.findAll().filter(ApiObject.isApiObject);
  const errors = problems.filter((problem) => problem !== undefined);
  const equal = objects.filter(isAlreadyThere);
  if (errors.length + equal.length === 0) return;
  construct.node.addValidation({ validate: () => [...errors, ...equal.flatMap((object) => twice(object))] });
}

const objects = Symbol('objects');

/**
 * A chart with the objects of our constructs, by kind, namespace and name. If a WeakMap contained the objects, V8 would
 * free them late.
 */
type KnownChart = Chart & { [objects]?: Map<string, ApiObject> };

const identityOf = ({ kind, name, metadata: { namespace } }: ApiObject): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;

function isAlreadyThere(object: ApiObject): boolean {
  const chart: KnownChart = object.chart;
  chart[objects] ??= new Map();
  const words = identityOf(object);
  const other = chart[objects].get(words) ?? object;
  chart[objects].set(words, object);
  return other !== object;
}

/**
 * In a namespace, Kubernetes has one object of each kind and name. Flux refuses a folder that contains two of them. An
 * object that was removed from the chart does not count.
 */
function twice(object: ApiObject): string[] {
  const words = identityOf(object);
  const all = object.chart.node.findAll().filter((one) => ApiObject.isApiObject(one) && identityOf(one) === words);
  const other = all.find((one) => one !== object);
  return other && all.includes(object)
    ? [`the chart has two objects ${words}; the other one is ${other.node.path}`]
    : [];
}

const rbacKinds = ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'] as const;

/**
 * Checks that the name of a role or binding does not belong to Kubernetes or kubeadm. The names of Flux's objects
 * depend on its namespace, which a construct does not know.
 */
export function checkNotReserved({ kind, name, metadata: { namespace } }: ApiObject): PropProblem {
  if (!isOneOf(rbacKinds, kind) || !isText(name)) return undefined;
  const isNamespaced = !kind.startsWith('Cluster');
  if (isNamespaced && namespace === undefined) return undefined;
  const owner = reservedFor(kind, name, namespace !== undefined && isNamespaced ? [namespace] : [], 'flux-system');
  return owner === undefined || owner === 'Flux'
    ? undefined
    : `name: \`${name}\` belongs to ${owner}, and the object would replace the one of ${owner}; choose another name`;
}

/** Checks that an object has a namespace. Without one, the object gets the namespace of whoever applies it. */
export const checkHasNamespace = ({ metadata }: ApiObject): PropProblem =>
  metadata.namespace === undefined ? 'namespace: expected a namespace, here or in the chart, found neither' : undefined;

type Check = (prop: string, value: string | undefined) => PropProblem;

const matcher = (pattern: string): Check => {
  const regex = new RegExp(pattern);
  return (prop, value) =>
    value === undefined || regex.test(value) ? undefined : expected(prop, patternWords[pattern] ?? pattern, value);
};

/** Makes a check for a required prop, which can be missing in JavaScript. */
const required =
  (check: Check): Check =>
  (prop, value) =>
    value === undefined ? `${prop}: expected a value, found nothing` : check(prop, value);

export const expected = (prop: string, words: string, value: string): string =>
  `${prop}: expected ${words}, found \`${value}\``;

/** Checks a prop that must be an RFC 1123 label, such as a namespace. */
export const checkLabel = matcher(dnsLabel);

/**
 * Checks the namespace of Kanidm.
 * @param isRestricted whether the namespace gets a Pod Security label. With this label, the API server would refuse
 * pods of Kubernetes itself
 */
export const checkKanidmNamespace = (namespace: string | undefined, isRestricted: boolean): PropProblem =>
  isRestricted && namespace !== undefined && isKubernetesNamespace(namespace)
    ? expected('namespace', 'a namespace that does not belong to Kubernetes', namespace)
    : undefined;

const subdomain = matcher(dnsName);

/** Checks a prop that must be an RFC 1123 subdomain, 253 characters at most, such as `metadata.name`. */
export const checkName = (prop: string, value: string | undefined): PropProblem =>
  value !== undefined && value.length > 253
    ? expected(prop, '253 characters at most', `${value.slice(0, 40)}…`)
    : subdomain(prop, value);

export const checkRbacName = required(matcher(rbacName));

/** Checks `metadata.name`, and other names that cannot be left out. */
export const checkRequiredName = required(checkName);

export const checkSourcePath = required(matcher(sourcePath));

export const checkImageName = matcher(imageName);

export const checkPinnedImage = matcher(pinnedImage);

/** Checks Kanidm's domain. If the domain is an IP address, Kanidm does not start. */
export const checkDomain = required(matcher(domainName));

/** What the rendered `server.toml` needs. */
export const manifestsNeed: Readonly<Record<string, Feature>> = { 'the manifests': 'server.toml version 2' };

/**
 * What migrations need. A server that lacks this feature ignores the migrations, or refuses the entries of people and
 * clients.
 */
export const migrationsNeed: Readonly<Record<string, Feature>> = { migrations: 'migrations of people and clients' };

const isKanidmVersion = matcher(plainVersion);

/**
 * Checks the version of a Kanidm server.
 * @param needs what the rendered objects need from the server, with the words for a message
 */
export function checkKanidmVersion(
  prop: string,
  value: string | undefined,
  needs: Readonly<Record<string, Feature>> = {},
): PropProblem {
  const problem = isKanidmVersion(prop, value);
  if (problem !== undefined || value === undefined) return problem;
  const version = parseVersion(value);
  const oldest = releases[0]?.minor ?? 0;
  if (version.major !== 1 || version.minor < oldest) {
    return expected(prop, `a version from 1.${oldest} to ${stable.text}`, value);
  }
  const lacking = Object.entries(needs).find(([, feature]) => !has(version, feature));
  return lacking && expected(prop, `${since(lacking[1])} or later, which ${lacking[0]} need`, value);
}

export const checkChartRepository = required(matcher(chartRepository));

export const checkBackupFile = required(matcher(backupFile));

/** Checks a prop that must be a key of a ConfigMap or Secret. */
export const checkSecretKey = matcher(secretKey);

/** Checks a path in chart values, at which Flux puts a value. */
export const checkValuePath = matcher(valuePath);

export const checkDuration = matcher(duration);

/** Checks a prop that must be certificates in PEM, without a private key. */
export const checkCertificates = (prop: string, pem: string | undefined): PropProblem => readPem(prop, pem).problem;

/** Returns the certificates of a prop without other text. Go does not find a certificate in indented lines. */
export const certificatesOf = (pem: string): string => readPem('', pem).certificates ?? pem;

function readPem(prop: string, pem: string | undefined): { certificates?: string; problem?: string } {
  if (pem === undefined) return {};
  const problems: Finding[] = [];
  const certificates = readCertificates({ pem }, [], { reader: memoryReader({}), problems });
  return problems[0] ? { problem: `${prop}: ${problems[0].message}` } : { certificates };
}

/** Checks a prop that must be the origin of a website, `https://` and a host. */
export const checkOrigin = (prop: string, value: string | undefined): PropProblem =>
  value === undefined || hostOfOrigin(value) !== undefined ? undefined : notAnOrigin(prop, value);

export const notAnOrigin = (prop: string, value: string): string =>
  expected(prop, 'an address such as `https://idm.example.com`', value);

/**
 * Checks a prop that must be a Kubernetes quantity above zero, such as `2Gi`.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export const checkQuantity = (prop: string, value: string | undefined): PropProblem =>
  value === undefined || /^(?=.*[1-9])\d+(\.\d+)?([KMGTPE]i|[kMGTPE])?$/.test(value)
    ? undefined
    : expected(prop, 'a quantity such as `2Gi`', value);
