import { readCertificates } from '../config/certificates';
import type { Issuer } from '../config/config';
import { memoryReader } from '../config/reader';
import { resolveIssuer } from '../config/resolve-issuer';
import type { IssuersSchema } from '../config/schema/cluster-schema';
import type { Filled } from '../config/schema/field-types';
import { schemaProblems } from '../config/schema-problems';
import { validate } from '../config/validator';
import type { Finding, Path } from '../findings/finding';
import { isMap } from '../guards';

/** An expression in CEL that must be true. */
export interface ValidationRule {
  /** The expression. */
  readonly expression: string;
  /** What the log of the API server shows if the expression is not true. @default - the expression */
  readonly message?: string;
}

/**
 * An issuer other than Kanidm, such as a CI system, and how the API server reads users from its tokens.
 * The fields are those of `clusters.*.issuers.*` in `kaniflux.yaml`.
 */
export interface IssuerProps {
  /** The issuer URL: the value of `iss` in its tokens. It must be https. */
  readonly url: string;
  /** Where the API server reads the discovery document. @default - `<url>/.well-known/openid-configuration` */
  readonly discoveryUrl?: string;
  /** The audiences that are accepted. A token must have one of them in `aud`. */
  readonly audiences: readonly [string, ...string[]];
  /** The egress selector through which the API server connects to the issuer, from Kubernetes 1.34. @default - none */
  readonly egressSelectorType?: 'controlplane' | 'cluster';
  /** The CA of the issuer's certificate, in PEM. @default - the CAs that the nodes trust */
  readonly ca?: { readonly pem: string };
  /** The claim that becomes the user name. @default 'sub' */
  readonly claim?: string;
  /** Prefix of user names; `''` for none. @default - the key of the issuer and a colon, such as `ci:` */
  readonly prefix?: string;
  /** A CEL expression that gives the user name, instead of `claim` and `prefix`. @default - `claim` and `prefix` */
  readonly username?: { readonly expression: string };
  /**
   * How groups are read from the token: from `claim` with `prefix`, or by a CEL expression. The default of `claim`
   * is `groups`, and the default of `prefix` is the key of the issuer and a colon. @default - no groups are read
   */
  readonly groups?: { readonly claim?: string; readonly prefix?: string } | { readonly expression: string };
  /** Claims that a token must have, with the required values. @default - none */
  readonly requiredClaims?: Readonly<Record<string, string>>;
  /** The UID of the user, by a claim or a CEL expression. @default - none */
  readonly uid?: { readonly claim: string } | { readonly expression: string };
  /** Additional attributes of the user. @default - none */
  readonly extra?: readonly { readonly key: string; readonly valueExpression: string }[];
  /** CEL expressions over `claims` that must be true of a token. @default - none */
  readonly claimValidationRules?: readonly ValidationRule[];
  /**
   * CEL expressions over `user` that must be true of the user. Names that begin with `system:` are always refused.
   * @default - none
   */
  readonly userValidationRules?: readonly ValidationRule[];
}

/** Converts the props to resolved issuers, sorted by key, and reports the problems of the props. */
export function resolveIssuers(props: Readonly<Record<string, IssuerProps>>): {
  issuers: Issuer[];
  problems: Finding[];
} {
  const filled: unknown = structuredClone(props);
  if (!isFilled(filled)) {
    const text = { has: ([, ...path]: Path) => isSet(props, path), written: () => undefined };
    return { issuers: [], problems: schemaProblems(validate('issuers', filled), ['issuers'], text) };
  }
  const problems: Finding[] = [];
  const reader = memoryReader({});
  const issuers = Object.keys(filled)
    .sort()
    .flatMap((name) => {
      const issuer = filled[name];
      if (!issuer) return [];
      const path = ['issuers', name];
      const ca = issuer.ca && readCertificates(issuer.ca, [...path, 'ca'], { reader, problems });
      return [resolveIssuer(name, issuer, { path, ...(ca === undefined ? {} : { ca }) })];
    });
  return { issuers, problems };
}

/** Whether the app has set the value at a path. Defaults that validation filled in do not count. */
const isSet = (value: unknown, path: Path): boolean =>
  path.reduce<unknown>(
    (part, key) => (isMap(part) || Array.isArray(part) ? Reflect.get(part, key) : undefined),
    value,
  ) !== undefined;

/** Whether issuers conform to the schema. Adds the defaults of the schema to them. */
const isFilled = (issuers: unknown): issuers is Filled<typeof IssuersSchema> =>
  validate('issuers', issuers).length === 0;
