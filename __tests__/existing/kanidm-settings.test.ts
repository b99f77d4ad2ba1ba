import { kanidmSettings } from '../../lib/existing/kanidm-settings';

const both = (domain: string) => `domain = "${domain}";\norigin = "https://${domain}";\n`;
const idm = { domain: 'idm.example.com', origin: 'https://idm.example.com' };
const own = `services.kanidm = {\n  serverSettings = {\n${both('idm.example.com')}};\n};\n`;

test.each<[string, string]>([
  ['in the whole text', both('idm.example.com')],
  ['in the braces of Kanidm', own],
  ['after a variable with the same name', `let\n  domain = "example.com";\nin\n{\n${own}}\n`],
  ['after another program', `services.vault.config = {\n  domain = "vault.example.com";\n};\n${own}`],
  ['after another program with both', `services.forge = {\n${both('forge.example.com')}};\n${own}`],
  ['below a line with the name', `services.kanidm.server.settings =\n{\n${both('idm.example.com')}};\n`],
  ['in the braces of a function', `deploy() {\ncat <<END\n${both('idm.example.com')}END\n}\n`],
  ['after a comment', `# domain = "old.example.com"\n${both('idm.example.com')}`],
  ['before sections with an origin', `${both('idm.example.com')}[replication]\norigin = "repl://a.example.com:8444"\n`],
])('domain and origin %s', (_, text) => {
  expect(kanidmSettings(text)).toEqual(idm);
});

test.each<[string, string]>([
  [
    'a domain that is not in the same braces',
    `domain = "example.com";\nservices.kanidm = {\norigin = "https://a";\n};\n`,
  ],
  [
    'a domain that another part inherits',
    'services.kanidm.server.settings = {\n inherit domain;\n origin = "https://a";\n};',
  ],
  ['those of another program', `services.forge = {\n${both('forge.example.com')}};\nservices.kanidm.enable = true;\n`],
  ['no origin', 'domain = "a"'],
  ['no domain', 'origin = "https://a"'],
])('%s: nothing is known', (_, text) => {
  expect(kanidmSettings(text)).toBeUndefined();
});

test('a variable is kept, so that it can be named', () => {
  const text = `let domain = "a";\nin {\nservices.kanidm.serverSettings = {\n${both(`auth.\${domain}`)}};\n}`;
  expect(kanidmSettings(text)?.domain).toBe(`auth.\${domain}`);
});
