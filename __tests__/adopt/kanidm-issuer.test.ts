import { isWithVariable, kanidmUrl } from '../../lib/adopt/kanidm-issuer';
import type { SettingName } from '../../lib/existing/api-server-issuers';
import { issuer } from './worlds';

describe('the issuer URL of a client of Kanidm', () => {
  test.each([
    ['https://idm.example.org/oauth2/openid/k8s', 'https://idm.example.org', 'k8s'],
    ['https://idm.example.org/oauth2/openid/k8s/', 'https://idm.example.org', 'k8s'],
    ['https://IDM-1.example.org:8443/oauth2/openid/my%20k8s', 'https://IDM-1.example.org:8443', 'my%20k8s'],
  ])('%s', (url, origin, client) => {
    expect(kanidmUrl(url)).toEqual({ origin, client });
  });

  test.each([
    'http://idm.example.org/oauth2/openid/k8s',
    'xhttps://idm.example.org/oauth2/openid/k8s',
    'https:///oauth2/openid/k8s',
    'https://idm.example.org:/oauth2/openid/k8s',
    'https://idm.example.org:99999/oauth2/openid/k8s',
    'https://idm.example.org:port/oauth2/openid/k8s',
    'https://idm_1.example.org/oauth2/openid/k8s',
    'https://idm.example.org/oauth2/openid/',
    'https://idm.example.org/oauth2/openid/k8s/more',
    'https://idm.example.org/oauth2/openid/k8s//',
    'https://idm.example.org/idm/oauth2/openid/k8s',
    `https://\${HOST}/oauth2/openid/k8s`,
    `https://idm.example.org/oauth2/openid/\${CLIENT}`,
    '',
  ])('is not %s', (url) => {
    expect(kanidmUrl(url)).toBeUndefined();
  });
});

describe('an issuer contains a variable', () => {
  const withSetting = (name: SettingName, value: string, entry?: object) => ({
    ...issuer(),
    settings: [
      { name: 'issuer' as const, place: 'p', value: 'https://idm.example.org' },
      { name, place: 'p', value },
    ],
    ...(entry ? { entry: {} } : {}),
  });

  test('in its URL', () => {
    expect(isWithVariable({ ...issuer(), url: `https://\${HOST}/x` })).toBe(true);
    expect(isWithVariable({ ...issuer(), url: 'https://$HOST/x' })).toBe(true);
    expect(isWithVariable(issuer())).toBe(false);
  });

  test.each<SettingName>(['audience', 'username', 'groups', 'required'])('in the setting %s', (name) => {
    expect(isWithVariable(withSetting(name, `\${NAME}`))).toBe(true);
    expect(isWithVariable(withSetting(name, `\${NAME}`, {}))).toBe(true);
    expect(isWithVariable(withSetting(name, 'name'))).toBe(false);
    expect(isWithVariable(withSetting(name, '$NAME'))).toBe(true);
  });

  test.each<SettingName>(['algorithms', 'ca', 'own rule', 'mapping', 'connection', 'other', 'issuer'])(
    'not in the setting %s, which names nobody',
    (name) => {
      expect(isWithVariable(withSetting(name, `\${NAME}`))).toBe(false);
    },
  );

  test('not if an expression in a file has a dollar sign', () => {
    for (const name of ['username', 'groups', 'required'] as const)
      expect(isWithVariable(withSetting(name, '$NAME', {}))).toBe(false);
    expect(isWithVariable(withSetting('audience', '$NAME', {}))).toBe(true);
  });
});
