import type { ClientInput } from '../config/schema/config-schema';
import type { Issuer, NameMapping, Setting } from '../existing/api-server-issuers';
import { hasVariableInAddress } from '../existing/variables';
import { kanidmClaims } from '../upstream/kanidm-claims';
import { personal } from './issuer-input';
import type { AdoptedIssuer, KanidmIssuer } from './kanidm-issuer';
import type { Treatments } from './treatments';

/** Records that an issuer becomes an entry under `issuers`, and how the rendered entry differs. */
export function takeOther(treatments: Treatments, { issuer, items: [first, ...items] }: AdoptedIssuer): void {
  if (first !== undefined) {
    treatments.taken(first);
    for (const text of [...rulesAdded(issuer), ...policyAdded(issuer), ...prefixAdded(issuer)])
      treatments.different(first, text);
  }
  for (const [k, { name, place }] of issuer.settings.entries()) {
    const id = items[k];
    if (id === undefined) continue;
    treatments.taken(id);
    if (name === 'audience' && place.endsWith('MatchPolicy') && issuer.audiences.length === 1)
      treatments.different(
        id,
        'Kaniflux renders the policy only for several audiences, since a single audience needs no policy',
      );
    if ((name === 'username' || name === 'groups') && isBesideExpression(place, issuer[name]))
      treatments.different(id, onlyExpression);
    if (name === 'own rule')
      treatments.different(id, 'Kaniflux renders this rule, and replaces its `message` by its own');
  }
}

/** Records that an entry of the AuthenticationConfiguration is rendered unchanged. */
export function takeLiteral(treatments: Treatments, { items }: AdoptedIssuer): void {
  for (const id of items) treatments.taken(id);
}

/** Records that an issuer becomes a trusted client, and how the rendered settings differ. */
export function takeClient(treatments: Treatments, one: KanidmIssuer, { isOwn, entry }: Taken): void {
  const { issuer, items } = one;
  const [first, ...settings] = items;
  if (first !== undefined) {
    treatments.taken(first);
    for (const text of addedTo(issuer, entry)) treatments.different(first, text);
  }
  for (const [k, setting] of issuer.settings.entries()) {
    const id = settings[k];
    if (id !== undefined) decide(treatments, { id, setting }, { one, isOwn, entry });
  }
}

interface Taken {
  readonly isOwn: boolean;
  /** The entry of the client in Kanidm, if it was read. */
  readonly entry: ClientInput | undefined;
}

const policyAdded = ({ audiences, settings }: Issuer): string[] =>
  audiences.length > 1 && !settings.some(({ place }) => place.endsWith('.audienceMatchPolicy'))
    ? [
        'several audiences need `audienceMatchPolicy: MatchAny`, without which an API server rejects the file; Kaniflux renders this policy',
      ]
    : [];

const rulesAdded = ({ settings }: Issuer): string[] =>
  settings.filter(({ name }) => name === 'own rule').length < 2
    ? ['Kaniflux also renders rules that reject names beginning with `system:`']
    : [];

/** Returns the parts of a rendered issuer that the existing one lacks. */
function addedTo(issuer: Issuer, client: ClientInput | undefined): string[] {
  const { entry, audiences } = issuer;
  const noAudience =
    audiences.join('') === '' ? ['the client id is missing, and an API server does not start without one'] : [];
  return [...noAudience, ...(entry ? addedToEntry(issuer) : addedToFlags(issuer, client))];
}

const addedToEntry = (issuer: Issuer): string[] => [...rulesAdded(issuer), ...prefixAdded(issuer)];

function prefixAdded({ username, groups, settings }: Issuer): string[] {
  const prefixes = settings.filter(({ place }) => place.endsWith('.prefix'));
  const wanted = [username, groups].filter((mapping) => mapping !== undefined && !mapping.expression);
  return prefixes.length < wanted.length
    ? ['a claim has no `prefix`, so an API server rejects the file; Kaniflux renders a prefix']
    : [];
}

/** Whether the flags do not set the algorithm. kube-apiserver then accepts only RS256. */
export const isRs256ByDefault = ({ algorithms, settings, entry }: Issuer): boolean =>
  !entry && algorithms?.join() === 'RS256' && !settings.some(({ name }) => name === 'algorithms');

/**
 * Returns a text if nobody can sign in now because the API server accepts only RS256, which the client does not use. A
 * client that was not read may use RS256, so there is no text about it.
 */
const addedToFlags = (issuer: Issuer, client: ClientInput | undefined): string[] =>
  isRs256ByDefault(issuer) && client && !client.legacyCrypto
    ? [
        'without --oidc-signing-algs the API server accepts only RS256, which this client does not use, so nobody can sign in today; Kaniflux renders the algorithm of the client',
      ]
    : [];

interface SettingItem {
  readonly id: string;
  readonly setting: Setting;
}

function decide(
  treatments: Treatments,
  { id, setting }: SettingItem,
  { one: { issuer, client }, isOwn, entry }: Taken & { one: KanidmIssuer },
): void {
  const { name, value, without } = setting;
  if (name === 'other' || name === 'connection')
    treatments.not(
      id,
      `for a client of Kanidm, a config has no field for this setting (\`${value}\`), so the rendered file lacks the setting, and ${without}`,
    );
  else if (name === 'username' || name === 'groups')
    decideName(treatments, { id, setting }, issuer[name], name === 'username' ? 'user' : 'group');
  else {
    const text = difference(setting, { url: issuer.url, client, isOwn, entry });
    if (text === undefined) treatments.taken(id);
    else treatments.different(id, text);
  }
}

/** Returns how the rendered setting of a client differs from the existing one; `undefined` if it does not differ. */
function difference(
  { name, value, place }: Setting,
  { url, client, isOwn, entry }: Taken & { url: string; client: string },
): string | undefined {
  switch (name) {
    case 'issuer':
      return url.endsWith('/')
        ? 'the URL ends in a slash, but the issuer of Kanidm does not, so nobody can sign in today; Kaniflux renders it without the slash'
        : undefined;
    case 'audience':
      if (place.endsWith('MatchPolicy')) return 'Kaniflux renders a single audience, which needs no policy';
      return value === client
        ? undefined
        : `${value === '' ? 'an empty audience' : `the audience ${value}`} is not the client id in the issuer URL, so no token of this issuer has this audience; Kaniflux renders ${client}`;
    case 'algorithms':
      return algorithmsDiffer(value, entry);
    case 'own rule':
      return `Kaniflux renders the rule ${value}, and replaces its \`message\` by its own`;
    case 'ca':
      return isOwn
        ? undefined
        : "Kaniflux renders the same CA for all clients of Kanidm on a cluster: the CA of the cluster's own client";
    default:
      return undefined;
  }
}

/** Compares the allowed algorithms with the one of the client: RS256 with `legacyCrypto`, otherwise ES256. */
function algorithmsDiffer(value: string, entry: ClientInput | undefined): string | undefined {
  const own = entry?.legacyCrypto ? 'RS256' : 'ES256';
  if (value === own) return undefined;
  if (hasVariableInAddress(value))
    return `the value ${value} contains a variable, so adopt does not know which algorithms are allowed; Kaniflux renders ${own}`;
  const hasOwn = value.split(',').includes(own);
  if (entry)
    return `the setting allows ${value}${hasOwn ? '' : `, but the client uses ${own}, so nobody can sign in today`}; Kaniflux renders ${own}`;
  const isRs256 = value.split(',').includes('RS256');
  const unless = hasOwn
    ? ''
    : isRs256
      ? ', but not ES256, so people can sign in today only if the client has `legacyCrypto`'
      : ', but neither ES256 nor RS256, so nobody can sign in today';
  return `the setting allows ${value}${unless}; adopt did not read the client, so it does not know the algorithm of the tokens: Kaniflux renders ES256, or RS256 if the client has \`legacyCrypto\` in the config`;
}

/** Whether a setting is the claim or prefix of a name that already has an expression. */
const isBesideExpression = (place: string, mapping: NameMapping | undefined): boolean =>
  mapping?.expression !== undefined && !place.endsWith('.expression');

const onlyExpression =
  'an API server rejects a file that has `claim` or `prefix` beside `expression`; the config has only the expression';

function decideName(
  treatments: Treatments,
  { id, setting: { place } }: SettingItem,
  mapping: NameMapping | undefined,
  what: 'user' | 'group',
): void {
  if (!mapping && place.startsWith('--')) treatments.not(id, 'without --oidc-groups-claim this flag has no effect');
  else if (!mapping && what === 'group')
    treatments.not(
      id,
      'without `claim` or `expression`, the API server reads no groups, so this setting has no effect',
    );
  else if (!mapping) treatments.not(id, '`claim` and `expression` are both missing: an API server rejects the file');
  else if (isBesideExpression(place, mapping)) treatments.different(id, onlyExpression);
  else if (
    mapping.claim !== undefined &&
    mapping.expression === undefined &&
    what === 'user' &&
    !personal.includes(mapping.claim)
  ) {
    const why =
      mapping.claim === 'name'
        ? '`name` is the display name: two people can have the same one, and people can change theirs'
        : kanidmClaims.has(mapping.claim)
          ? `\`${mapping.claim}\` does not identify a person`
          : `the value of the claim \`${mapping.claim}\` depends on the groups of a person, so the claim does not identify a person`;
    treatments.different(id, `${why}; \`claim: sub\` is rendered, so that users are named by their UUID`);
  } else treatments.taken(id);
}
