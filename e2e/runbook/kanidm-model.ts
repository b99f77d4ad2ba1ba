import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { v5 } from 'uuid';
import { encoded } from '../../lib/node-files/entry-facts';
import { isBuiltIn } from '../../lib/upstream/kanidm-builtin';
import type { Answer } from './run-script';

type Word = 'person' | 'service-account' | 'group' | 'client';

export interface ModelEntry {
  readonly word: Word;
  /** The values by attribute, as `get` prints them. */
  readonly values: Record<string, string[]>;
}

const ok: Answer = { status: 0, text: 'Success\n' };
const error = (text: string): Answer => ({ status: 1, text: `2026-11-26T06:00:00Z ERROR kanidm_cli: ${text}\n` });
// kanidmd 1.11.1
const unknownManager = error(
  'Internal Server Error in response:  Plugin(ReferentialIntegrity("Uuid referenced not found in database"))',
);
const conflict = error('HTTP Error: 409 Conflict "AttributeUniqueness([Name])"');
const token = 'aaaaa-bbbbb-ccccc-ddddd';
// All clients exit with 0 here.
const noToken: Answer = {
  ...error('Error starting credential reset -> Http(404, Some(NoMatchingEntries), "x")'),
  status: 0,
};
const missing = error('HTTP Error: 404 Not Found "NoMatchingEntries"');

/** Returns a URL as Kanidm prints it. */
const address = (url: string) => new URL(url).href;
const joins: Readonly<Record<string, string>> = { array: ';', csv: ',', ssv: ' ' };

/**
 * The entries of a Kanidm, and the effect on them of each command of its client that the runbook uses, as recorded from
 * a real 1.11.1 (fixtures/kanidm/runbook). It has no sessions, no schema and only one right: to the times between which a
 * service account is valid.
 */
export class KanidmModel {
  readonly entries: ModelEntry[] = [];
  readonly calls: string[][] = [];
  private made = 0;

  /**
   * Creates an empty Kanidm.
   * @param domain its domain
   * @param given UUIDs that new entries get, by name (other entries get a random one), and files by path
   */
  constructor(
    readonly domain: string,
    private readonly given: {
      readonly uuids?: Readonly<Record<string, string>>;
      readonly files?: Readonly<Record<string, string>>;
    } = {},
  ) {
    for (const name of ['idm_admins', 'idm_all_persons']) this.add('group', name, {});
    for (const name of ['admin', 'idm_admin']) this.add('service-account', name, {});
    const admin = this.find('service-account', 'idm_admin')?.values;
    if (admin) Object.assign(admin, { spn: [this.spn('idm_admin')], memberof: [this.spn('idm_admins')] });
    for (const [i, { values }] of this.entries.entries()) values.uuid = [`00000000-0000-0000-0000-00000000000${i}`];
  }

  /** Returns an entry by kind and name, UUID or name@domain. The real Kanidm does not find a client by its UUID. */
  find(word: Word, key: string): ModelEntry | undefined {
    const name = key.replace(new RegExp(`@${this.domain.replaceAll('.', '\\.')}$`), '');
    const isKey = ({ name: names, uuid }: ModelEntry['values']) =>
      names?.[0] === name || (word !== 'client' && uuid?.[0] === key);
    return this.entries.find((entry) => entry.word === word && isKey(entry.values));
  }

  add(word: Word, name: string, values: Readonly<Record<string, string | readonly string[]>>): ModelEntry {
    const uuid = this.given.uuids?.[name] ?? v5(`${word}/${name}/${this.made++}`, v5.DNS);
    const entry: ModelEntry = { word, values: { name: [name], uuid: [uuid] } };
    for (const [attribute, value] of Object.entries(values)) entry.values[attribute] = [value].flat();
    this.entries.push(entry);
    return entry;
  }

  /** Returns the entries that are not built in: attributes in the order of their names, with SPNs instead of UUIDs. */
  content(): Record<string, Record<string, string[]>> {
    const own = this.entries.filter(({ values }) => !/^(idm_|admin$)/.test(values.name?.[0] ?? ''));
    return Object.fromEntries(own.map((entry) => [`${entry.word} ${entry.values.name}`, this.printed(entry)]).sort());
  }

  readonly run = (words: readonly string[]): Answer => {
    this.calls.push([...words]);
    const args = words.filter((word) => word !== '--');
    const [first = '', ...rest] = args;
    if (first === 'login' || first === 'reauth') return { status: 0, text: 'Login Success\n' };
    if (first === 'raw') return this.raw(rest[0] ?? '', rest[1] ?? '');
    if (first === 'system') return this.client(rest.slice(1));
    if (first === 'group') return this.group(rest);
    if (first === 'person' || first === 'service-account') return this.account(first, rest);
    return { status: 2, text: `error: unrecognized subcommand '${first}'\n` };
  };

  /** Runs `kanidm raw create` or `update` with the JSON in a file. */
  private raw(verb: string, json: string): Answer {
    const { id, class: classes, uuid, ...attributes } = JSON.parse(json) as Record<string, unknown>;
    if (verb === 'create') {
      const word = [classes].flat().includes('person') ? 'person' : 'group';
      if (this.taken(String(attributes.name)))
        return { ...error('Error -> Http(409, Some(AttributeUniqueness([Name])))'), status: 0 };
      const entry = this.add(word, String(attributes.name), {});
      entry.values.uuid = [String(uuid)];
      for (const [key, value] of Object.entries(attributes)) entry.values[key] = [String(value)];
      return { status: 0, text: '' };
    }
    const entry = this.entries.find(({ values }) => values.uuid?.[0] === id);
    if (!entry) return { ...error('Error -> Http(404)'), status: 0 };
    for (const [key, value] of Object.entries(attributes)) {
      if (value === null) delete entry.values[key];
      else entry.values[key] = [String(value)];
    }
    return { status: 0, text: '' };
  }

  /** Returns how Kanidm refuses a new name of an entry. */
  private refused(name: string): Answer | undefined {
    if (name.length > 64) return error('HTTP Error: 400 Bad Request "InvalidAttributeSyntax(name)"');
    return this.taken(name) ? conflict : undefined;
  }

  private taken = (name: string): boolean => this.entries.some(({ values }) => values.name?.[0] === name);

  /** Mail addresses and gid numbers are unique, as names are. */
  private takenBy(other: ModelEntry['values'], attribute: 'mail' | 'gidnumber', list: readonly string[]): boolean {
    return this.entries.some(
      ({ values }) => values !== other && values[attribute]?.some((value) => list.includes(value)),
    );
  }

  private spn = (name: string): string => `${name}@${this.domain}`;

  private printed({ values }: ModelEntry): Record<string, string[]> {
    return Object.fromEntries(
      Object.entries(values)
        .filter(([, list]) => list.length > 0)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([attribute, list]) => [attribute, list.map((value) => this.resolved(attribute, value))]),
    );
  }

  /**
   * Converts a name to a UUID, because references are stored as UUIDs and printed as names: a rename changes all of
   * them.
   */
  private resolved(attribute: string, value: string): string {
    if (!/^(member|entry_managed_by|oauth2_rs_(sup_)?scope_map|oauth2_rs_claim_map)$/.test(attribute)) return value;
    return value.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, (uuid) => {
      const entry = this.entries.find((one) => one.values.uuid?.[0] === uuid);
      return entry ? this.spn(entry.values.name?.[0] ?? '') : uuid;
    });
  }

  private reference(key: string): string | undefined {
    const words: Word[] = ['person', 'service-account', 'group'];
    return words.map((word) => this.find(word, key)).find((entry) => entry)?.values.uuid?.[0];
  }

  private get(word: Word, key: string): Answer {
    const entry = this.find(word, key);
    if (!entry) return { status: 0, text: word === 'group' ? `No matching group '${key}'\n` : 'No matching entries\n' };
    return { status: 0, text: this.text(entry) };
  }

  private text(entry: ModelEntry): string {
    const lines = Object.entries(this.printed(entry))
      .filter(([key]) => this.manages(entry) || !/^account_(expire|valid_from)$/.test(key))
      .flatMap(([key, list]) => list.map((value) => `${key}: ${value}\n`));
    return `---\n${lines.join('')}\n`;
  }

  /**
   * Whether idm_admin may read and write the times between which an account is valid: those of people, and of the
   * service accounts that it manages.
   */
  private manages({ word, values }: ModelEntry): boolean {
    return word !== 'service-account' || values.entry_managed_by?.[0] === this.reference('idm_admins');
  }

  private common(word: Word, verb: string, key: string): Answer | ModelEntry {
    if (verb === 'list') {
      const texts = this.entries.filter((entry) => entry.word === word).map((entry) => this.text(entry));
      return { status: 0, text: texts.join('') };
    }
    if (verb === 'get') return this.get(word, key);
    const entry = this.find(word, key);
    if (!entry) return missing;
    if (verb !== 'delete') return entry;
    this.entries.splice(this.entries.indexOf(entry), 1);
    const uuid = entry.values.uuid?.[0] ?? '';
    for (const { values } of this.entries) {
      for (const [attribute, list] of Object.entries(values))
        values[attribute] = list.filter((value) => !value.includes(uuid));
    }
    return ok;
  }

  private account(word: 'person' | 'service-account', [verb = '', ...rest]: readonly string[]): Answer {
    if (verb === 'create') {
      const [name = '', displayname = '', manager] = rest;
      if (this.taken(name)) return conflict;
      if (manager && !this.reference(manager) && !isBuiltIn(manager)) return unknownManager;
      const entry = this.add(word, name, { displayname, class: ['account', word.replace('-', '_')] });
      if (manager) entry.values.entry_managed_by = [this.reference(manager) ?? manager];
      return ok;
    }
    const [sub = '', ...more] = rest;
    const nested = ['ssh', 'posix', 'validity', 'credential'].includes(verb);
    const found = this.common(word, nested ? 'nested' : verb, nested ? (more[0] ?? '') : sub);
    if ('status' in found) return verb === 'credential' ? noToken : found;
    const { values } = found;
    if (verb === 'update') return this.update(found, more);
    if (verb === 'ssh' && sub === 'add-publickey') {
      const label = `${encoded(more[1] ?? '')}: `;
      const [, type, data, text] = /^(\S+)\s+(\S+)\s*(.*)$/.exec(more[2] ?? '') ?? [];
      if (values.ssh_publickey?.some((line) => line.startsWith(label))) return ok;
      return this.push(values, 'ssh_publickey', `${label}${type} ${data} ${text}`);
    }
    if (verb === 'ssh') {
      values.ssh_publickey = (values.ssh_publickey ?? []).filter((line) => !line.startsWith(`${more[1]}: `));
      return ok;
    }
    if (verb === 'posix' && sub === 'reset-gidnumber') return this.resetGid(values);
    if (verb === 'posix') return this.posix(values, 'posixaccount', more.slice(1));
    if (verb === 'validity') {
      if (!this.manages(found)) return error('HTTP Error: 403 Forbidden "AccessDenied"');
      const attribute = sub === 'expire-at' ? 'account_expire' : 'account_valid_from';
      values[attribute] = more[1] === 'clear' ? [] : [more[1] ?? ''];
      return ok;
    }
    return { status: 0, text: `Or run this command: kanidm person credential use-reset-token ${token}\n` };
  }

  private update(entry: ModelEntry, options: readonly string[]): Answer {
    const mails: string[] = [];
    for (const option of options) {
      const [, key = '', value = ''] = /^--([a-z-]+)=(.*)$/s.exec(option) ?? [];
      if (key === 'mail') mails.push(value);
      else if (key === 'newname') {
        const refused = this.refused(value);
        if (refused) return refused;
        entry.values.name = [value];
      } else if (key === 'entry-managed-by') entry.values.entry_managed_by = [this.reference(value) ?? value];
      else entry.values[key] = value === '' ? [] : [value];
    }
    const [primary, ...others] = mails;
    if (this.takenBy(entry.values, 'mail', mails)) return error('HTTP Error: 409 Conflict');
    if (primary !== undefined) entry.values.mail = [primary, ...others.sort()];
    return ok;
  }

  private posix(values: ModelEntry['values'], name: string, options: readonly string[]): Answer {
    const gids = options.flatMap((option) => /^--gidnumber=(.*)$/.exec(option)?.[1] ?? []);
    if (this.takenBy(values, 'gidnumber', gids)) return error('HTTP Error: 409 Conflict');
    this.push(values, 'class', name);
    for (const option of options) {
      const [, key, value = ''] = /^--(gidnumber|shell)=(.*)$/.exec(option) ?? [];
      if (key) values[key === 'shell' ? 'loginshell' : key] = [value];
    }
    return ok;
  }

  /** Replaces the gid number by the one that Kanidm generates from the UUID. */
  private resetGid(values: ModelEntry['values']): Answer {
    values.gidnumber = [`generated from ${values.uuid}`];
    return ok;
  }

  private group([verb = '', ...rest]: readonly string[]): Answer {
    const [key = '', ...more] = rest;
    if (verb === 'create') {
      if (this.taken(key)) return { ...error('Error -> Http(409, Some(AttributeUniqueness([Name])))'), status: 0 };
      this.add('group', key, { class: ['group'] });
      return ok;
    }
    const policy = verb === 'account-policy';
    const nested = policy || verb === 'posix';
    const found = this.common('group', nested ? 'nested' : verb, nested ? (more[0] ?? '') : key);
    if ('status' in found) return found;
    const { values } = found;
    if (verb === 'posix' && key === 'reset-gidnumber') return this.resetGid(values);
    if (verb === 'posix') return this.posix(values, 'posixgroup', more.slice(1));
    if (policy) return this.policy(values, key, more[1]);
    if (verb === 'purge-members') values.member = [];
    const refused = verb === 'rename' ? this.refused(more[0] ?? '') : undefined;
    if (refused) return refused;
    if (verb === 'rename') values.name = [more[0] ?? ''];
    if (verb === 'set-description') values.description = more.length > 0 ? [more[0] ?? ''] : [];
    if (verb === 'set-entry-manager') values.entry_managed_by = [this.reference(more[0] ?? '') ?? ''];
    if (verb.endsWith('-members') && verb !== 'purge-members') {
      const ids = more.map((member) => this.reference(member));
      if (ids.includes(undefined)) return missing;
      const listed = ids.flatMap((id) => id ?? []);
      const held = values.member ?? [];
      if (verb === 'set-members') values.member = listed;
      if (verb === 'add-members') values.member = [...new Set([...held, ...listed])];
      if (verb === 'remove-members') values.member = held.filter((id) => !listed.includes(id));
    }
    return ok;
  }

  private policy(values: ModelEntry['values'], verb: string, value: string | undefined): Answer {
    if (verb === 'enable') return this.push(values, 'class', 'account_policy');
    const attributes: Readonly<Record<string, string>> = {
      'credential-type-minimum': 'credential_type_minimum',
      'auth-expiry': 'authsession_expiry',
      'privilege-expiry': 'privilege_expiry',
      'password-minimum-length': 'auth_password_minimum_length',
    };
    const attribute = attributes[verb.replace(/^reset-/, '')] ?? verb;
    values[attribute] = verb.startsWith('reset-') ? [] : [value ?? ''];
    return ok;
  }

  private client([verb = '', key = '', ...more]: readonly string[]): Answer {
    const [first = '', second = '', ...others] = more;
    if (verb === 'create' || verb === 'create-public') {
      if (this.taken(key)) return conflict;
      this.add('client', key, { displayname: first, oauth2_rs_origin_landing: address(second) });
      return ok;
    }
    const found = this.common('client', verb, key);
    if ('status' in found) return found;
    const { values } = found;
    const map = /^(update|delete)-(scope-map|sup-scope-map|claim-map)$/.exec(verb);
    if (map) return this.map(values, map, more);
    if (verb === 'update-claim-map-join') {
      const claim = values.oauth2_rs_claim_map ?? [];
      const moved = claim.map((line) => line.replace(/:.:("[^"]*")$/, `:${joins[second]}:$1`));
      values.oauth2_rs_claim_map = claim.map((line, i) => (line.startsWith(`${first}:`) ? (moved[i] ?? line) : line));
      return ok;
    }
    const flags: Readonly<Record<string, [string, string[]]>> = {
      'prefer-short-username': ['oauth2_prefer_short_username', ['true']],
      'prefer-spn-username': ['oauth2_prefer_short_username', ['false']],
      'warning-enable-legacy-crypto': ['oauth2_jwt_legacy_crypto_enable', ['true']],
      'disable-legacy-crypto': ['oauth2_jwt_legacy_crypto_enable', ['false']],
      'enable-localhost-redirects': ['oauth2_allow_localhost_redirect', ['true']],
      'disable-localhost-redirects': ['oauth2_allow_localhost_redirect', ['false']],
      'warning-insecure-client-disable-pkce': ['oauth2_allow_insecure_client_disable_pkce', ['true']],
      'enable-pkce': ['oauth2_allow_insecure_client_disable_pkce', []],
      'enable-consent-prompt': ['oauth2_consent_prompt_enable', ['true']],
      'disable-consent-prompt': ['oauth2_consent_prompt_enable', ['false']],
      'set-displayname': ['displayname', [first]],
      'set-name': ['name', [first]],
      'set-image': ['image', [this.imageHash(first, second)]],
      'set-landing-url': ['oauth2_rs_origin_landing', verb === 'set-landing-url' ? [address(first)] : []],
    };
    const flag = flags[verb];
    const refused = verb === 'set-name' ? this.refused(first) : undefined;
    if (refused) return refused;
    if (flag) {
      values[flag[0]] = flag[1];
      return ok;
    }
    if (verb === 'add-redirect-url') return this.push(values, 'oauth2_rs_origin', address(first));
    if (verb === 'remove-redirect-url') {
      values.oauth2_rs_origin = (values.oauth2_rs_origin ?? []).filter((url) => url !== address(first));
      return ok;
    }
    return { status: 2, text: `error: unrecognized subcommand '${[verb, ...others].join(' ')}'\n` };
  }

  /** Returns how Kanidm prints an image. */
  private imageHash(path: string, type: string): string {
    const number = ['png', 'jpg', 'gif', 'svg', 'webp'].indexOf(type);
    const content = this.given.files?.[basename(path)] ?? '';
    return createHash('sha256')
      .update(`${basename(path)}${String.fromCharCode(number)}${content}`)
      .digest('hex');
  }

  private map(values: ModelEntry['values'], [, verb, kind = '']: readonly string[], args: readonly string[]): Answer {
    const attribute = `oauth2_rs_${kind.replaceAll('-', '_')}`;
    const claims = kind === 'claim-map';
    const [claim, group = '', ...list] = claims ? args : ['', ...args];
    const id = this.reference(group);
    if (!id) return missing;
    const start = claims ? `${claim}:${id}:` : `${id}: `;
    const lines = values[attribute] ?? [];
    const sorted = [...new Set(list)].sort();
    const join = lines.find((line) => line.startsWith(`${claim}:`))?.at(start.length) ?? ';';
    const line = claims
      ? `${start}${join}:"${sorted.join(',')}"`
      : `${start}{${sorted.map((scope) => `"${scope}"`).join(', ')}}`;
    values[attribute] = [...lines.filter((one) => !one.startsWith(start)), ...(verb === 'update' ? [line] : [])];
    return ok;
  }

  private push(values: ModelEntry['values'], attribute: string, value: string): Answer {
    values[attribute] = [...new Set([...(values[attribute] ?? []), value])];
    return ok;
  }
}
