import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Config, entry } from '../../lib/config/config';
import { authenticators } from '../../lib/identity/authenticator';
import { tokenClaims } from '../../lib/identity/claims';
import { groupNamesFrom, userNameFrom } from '../../lib/identity/subject';
import { kubeconfigArtifacts } from '../../lib/node-files/kubeconfig-files';
import { configOf, merge } from '../config';
import { pem } from './cluster';

/*
 * Transcripts of manual trials of the real kubelogin with rendered kubeconfigs. Some were also made with a real Kanidm.
 * This test compares what is rendered now with the transcripts. e2e/kubelogin runs kubelogin itself. A section has a
 * title, the change of kaniflux.yaml, the rendered exec plugin, and what happened.
 */

const folder = join(__dirname, '..', 'fixtures', 'kubelogin');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const base = parse(read('kaniflux.yaml'));

const sections = readdirSync(folder)
  .filter((name) => name.endsWith('.transcript.txt'))
  .flatMap((name) =>
    read(name)
      .split(/^## /m)
      .slice(1)
      .map((text): [string, string] => [`${name}: ${text.split('\n')[0]}`, text]),
  );

const lineOf = (text: string, name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';

const configIn = (text: string): Config =>
  configOf(stringify(merge(base, JSON.parse(lineOf(text, 'config')))), { 'web.crt': pem });

/** Returns the commands of a section, each with its result and its cluster. */
const commandsIn = (text: string) =>
  text
    .split(/^\$ /m)
    .slice(1)
    .map((command) => ({
      command,
      cluster: /--context=(\w+)|kubeconfigs\/(\w+)/.exec(command)?.slice(1).find(Boolean) ?? '',
    }));

function predicted(config: Config, clusterName: string) {
  const [own] = authenticators(config, entry(config.clusters, clusterName));
  if (!own) throw new Error('no client');
  const claims = tokenClaims(config, entry(config.people, 'datosh'), own.client);
  return { own, username: userNameFrom(own, claims), groups: groupNamesFrom(own, claims) };
}

test('there are transcripts, and people signed in', () => {
  expect(sections.length).toBeGreaterThan(10);
  expect(sections.filter(([, text]) => text.includes('Username')).length).toBeGreaterThan(5);
});

test.each(sections)('%s', (_, text) => {
  const config = configIn(text);
  const cluster = entry(config.clusters, lineOf(text, 'cluster'));
  const { exec } = parse(kubeconfigArtifacts(config, cluster)[0]?.text ?? '').users[0].user;
  const rendered = [exec.command, ...exec.args].join(' ').replace(/(authority-data=)\S+/, '$1…');
  expect(rendered).toBe(lineOf(text, 'exec'));

  for (const { command, cluster: name } of commandsIn(text)) {
    if (!name) continue;
    const { own, username, groups } = predicted(config, name);
    for (const [, issuer, scope = '', redirect] of command.matchAll(sent)) {
      expect([own.issuer, `${config.kanidm.origin}/ui/oauth2`]).toContain(issuer);
      expect(Object.values(own.client.scopes ?? {}).flat()).toEqual(expect.arrayContaining(scope.split(' ')));
      expect([...(own.client.redirectUrls ?? []), own.client.landingUrl]).toContain(redirect);
    }
    const [, user] = /^Username +(.+)$/m.exec(command) ?? [];
    if (user === undefined) continue;
    expect(user).toBe(username);
    const [, list = ''] = /^Groups +\[(.+)\]$/m.exec(command) ?? [];
    expect(list.split(' ')).toEqual(expect.arrayContaining([...groups, 'system:authenticated']));
  }
});

/** Matches the address that kubelogin opened in the browser. */
const sent = /kubelogin sends it to (\S+?)(?:\/auth)?: scope=(.+) redirect_uri=(\S+) code_challenge_method=S256/g;
