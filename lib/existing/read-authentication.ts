import { isMap, type Json, listOf, mapAt } from '../guards';
import type { ApiServer, Note, TrustedIssuer } from './facts';

/** The rule that Kaniflux writes itself, whatever its words. */
const ownRule = /system:/;

/**
 * What an AuthenticationConfiguration says. CEL expressions beside Kaniflux's own have no field in a config.
 * @see https://kubernetes.io/docs/reference/config-api/apiserver-config.v1/
 */
export function fromAuthenticationConfiguration(source: string, document: Json): ApiServer & { notes: Note[] } {
  const notes: Note[] = [];
  const note = (text: string) => notes.push({ source, text });
  const issuers = listOf(document.jwt).flatMap((jwt, i) => trusted(mapAt(jwt), `jwt[${i}]`, note));
  const anonymous = mapAt(document, 'anonymous');
  const paths = listOf(anonymous.conditions).map((condition) => String(mapAt(condition).path));
  return {
    source,
    method: 'structured',
    issuers,
    notes,
    ...(typeof anonymous.enabled === 'boolean'
      ? { anonymous: { enabled: anonymous.enabled, ...(paths.length > 0 ? { paths } : {}) } }
      : {}),
  };
}

function trusted(jwt: Json, place: string, note: (text: string) => void): TrustedIssuer[] {
  const { url, audiences, certificateAuthority, discoveryURL, egressSelectorType } = mapAt(jwt, 'issuer');
  const { username, groups, uid, extra } = mapAt(jwt, 'claimMappings');
  const name = isMap(username) ? username : {};
  if (typeof url !== 'string') return [];
  if (typeof name.claim !== 'string') {
    note(`${place} (${url}) makes the user name by an expression, and a config only names a claim`);
    return [];
  }
  const group = isMap(groups) ? groups : {};
  for (const [what, value] of Object.entries({
    'issuer.discoveryURL': discoveryURL,
    'issuer.egressSelectorType': egressSelectorType,
    'claimMappings.groups.expression': group.expression,
    'claimMappings.uid': uid,
    'claimMappings.extra': extra,
  })) {
    if (value !== undefined) note(`${place}.${what} has no field in a config`);
  }
  const required: Record<string, string> = {};
  for (const rule of listOf(jwt.claimValidationRules).map((one) => mapAt(one))) {
    if (typeof rule.claim === 'string') required[rule.claim] = String(rule.requiredValue ?? '');
    else note(`${place}.claimValidationRules: the expression \`${String(rule.expression)}\` has no field in a config`);
  }
  for (const rule of listOf(jwt.userValidationRules).map((one) => mapAt(one))) {
    if (!ownRule.test(String(rule.expression))) {
      note(`${place}.userValidationRules: the expression \`${String(rule.expression)}\` has no field in a config`);
    }
  }
  return [
    {
      issuer: url,
      audiences: listOf(audiences).map(String),
      claim: name.claim,
      prefix: String(name.prefix ?? ''),
      ...(typeof group.claim === 'string'
        ? { groups: { claim: group.claim, prefix: String(group.prefix ?? '') } }
        : {}),
      requiredClaims: required,
      ...(typeof certificateAuthority === 'string' ? { ca: { pem: certificateAuthority } } : {}),
    },
  ];
}
