import type { Construct } from 'constructs';
import {
  backupFile,
  dnsLabel,
  dnsName,
  duration,
  patternWords,
  plainVersion,
  rbacName,
} from '../config/schema/field-patterns';
import { hostOfOrigin } from '../identity/issuer';

/** What is wrong with one prop; `undefined` if nothing is. */
export type PropProblem = string | undefined;

/**
 * Adds the problems of a construct's props to the construct as cdk8s validation errors, so that `app.synth()` and
 * `chart.toJson()` fail. A construct without problems gets no validation, since a fleet can have 100,000 constructs.
 */
export function reportProblems(construct: Construct, problems: readonly PropProblem[]): void {
  const errors = problems.filter((problem) => problem !== undefined);
  if (errors.length > 0) construct.node.addValidation({ validate: () => errors });
}

const matcher = (pattern: string) => {
  const regex = new RegExp(pattern);
  return (prop: string, value: string | undefined): PropProblem =>
    value === undefined || regex.test(value) ? undefined : expected(prop, patternWords[pattern] ?? pattern, value);
};

export const expected = (prop: string, words: string, value: string): string =>
  `${prop}: expected ${words}, found \`${value}\``;

/** Checks a prop that must be an RFC 1123 label, such as a namespace. */
export const checkLabel = matcher(dnsLabel);

const subdomain = matcher(dnsName);

/** Checks a prop that must be an RFC 1123 subdomain, 253 characters at most, such as `metadata.name`. */
export const checkName = (prop: string, value: string | undefined): PropProblem =>
  value !== undefined && value.length > 253
    ? expected(prop, '253 characters at most', `${value.slice(0, 40)}…`)
    : subdomain(prop, value);

export const checkRbacName = matcher(rbacName);

export const checkKanidmVersion = matcher(plainVersion);

export const checkBackupFile = matcher(backupFile);

export const checkDuration = matcher(duration);

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
