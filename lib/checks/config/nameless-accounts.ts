import { expressionFacts } from '../../cel/expression';
import type { Cluster, Config } from '../../config/config';
import type { Finding, Path } from '../../findings/finding';
import { matches } from '../../findings/ignore';
import type { Authenticator } from '../../identity/authenticator';
import { personSubjects } from '../../identity/subject';
import { isKnown } from '../../identity/token-mapping';
import { uuidOf } from '../../identity/uuid';
import { subjectAt } from '../subject-at';
import { configFinding } from './config-codes';

/** An account that is in a grant, but that no binding can name, because the config lacks the value of a claim. */
interface Nameless {
  readonly code: 'person-uuid-unknown' | 'person-without-mail';
  readonly name: string;
  readonly path: Path;
  readonly fix: string;
}

interface Account {
  readonly config: Config;
  readonly cluster: Cluster;
  readonly trusted: readonly Authenticator[];
  readonly kind: 'person' | 'service account';
  readonly name: string;
  readonly path: Path;
}

/**
 * If no binding on a cluster can name an account because the config lacks the UUID or mail address of the account,
 * returns which value is missing. Otherwise returns `undefined`.
 */
export function missingClaim({ config, cluster, trusted, kind, name, path }: Account): Nameless | undefined {
  if (personSubjects(config, cluster, name).length > 0) return undefined;
  const person = config.people.get(name);
  const account = person ?? config.serviceAccounts.get(name);
  for (const { username } of trusted) {
    const { expression, claim: own } = username;
    if (expression !== undefined && expressionFacts(expression).error !== undefined) continue;
    if (!isKnown(username)) return undefined;
    const reads = (claim: string) =>
      expression === undefined ? own === claim : expressionFacts(expression).claims?.has(claim) === true;
    if (reads('sub') && account && !uuidOf(config, kind, account)) {
      const field = `${kind === 'person' ? 'people' : 'serviceAccounts'}.${name}.id`;
      const fix = `run \`kaniflux synth\` and \`sh dist/kanidm/runbook.sh\`, and set \`${field}\` to the UUID that the runbook prints`;
      return { code: 'person-uuid-unknown', name, path, fix };
    }
    if (reads('email') && !person?.mails?.length) {
      const fix =
        kind === 'person'
          ? `write \`people.${name}.mail\``
          : 'write `authentication.claim: sub`, or grant the role to a group of the service account';
      return { code: 'person-without-mail', name, path, fix };
    }
  }
  return undefined;
}

/**
 * The accounts that are in grants, but that no rendered binding can name. Each account is reported once, at its first
 * grant, with all clusters on which it has no name. If an entry of `checks.ignore` matches only some of these clusters,
 * the matching clusters get a separate finding, and the entry hides only that finding.
 */
export class NamelessAccounts {
  private readonly byFact = new Map<string, { readonly one: Nameless; readonly clusters: Set<string> }>();

  constructor(private readonly config: Config) {}

  /** Adds an account that has no name on a cluster. Returns `false` if `one` is `undefined`. */
  add(cluster: string, one: Nameless | undefined): boolean {
    if (!one) return false;
    const { code, path } = one;
    const matched = { code, path, ...subjectAt(this.config, path), cluster };
    const accepted = this.config.checks.ignore.findIndex((entry) => matches(entry, matched));
    const key = `${code} ${one.fix} ${one.name} ${accepted}`;
    const fact = this.byFact.get(key) ?? { one, clusters: new Set() };
    this.byFact.set(key, fact);
    fact.clusters.add(cluster);
    return true;
  }

  findings(): Finding[] {
    return [...this.byFact.values()].map(({ one: { code, name, path, fix }, clusters }) => {
      const names = [...clusters];
      const who = names.length > 3 ? `${names.length} clusters` : names.join(', ').replace(/, ([^,]*)$/, ' and $1');
      const identifies = `${who} ${names.length > 1 ? 'identify' : 'identifies'}`;
      const message =
        code === 'person-uuid-unknown'
          ? `${identifies} accounts by UUID, but the UUID of ${name} is not in the config: no binding can name ${name} yet`
          : `${identifies} accounts by mail address, but the mail address of ${name} is not in the config: no binding can name ${name}`;
      const [cluster, ...others] = names;
      const about = others.length > 0 ? { clusters: names } : cluster === undefined ? {} : { cluster };
      return { ...configFinding(code, path, message, fix), ...about };
    });
  }
}
