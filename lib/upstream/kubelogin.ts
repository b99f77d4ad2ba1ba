/** An option of `kubelogin get-token` that Kaniflux renders. */
interface Option {
  /** The values that the option accepts, if there is a fixed list. */
  readonly choices?: readonly string[];
}

/**
 * The options of kubelogin, as printed by `kubelogin get-token --help` in {@link kubeloginVersion}. A test compares the
 * table with that text.
 * @see https://github.com/int128/kubelogin/blob/v1.36.3/docs/usage.md
 */
const options: Readonly<Record<string, Option>> = {
  'oidc-issuer-url': {},
  'oidc-client-id': {},
  'oidc-redirect-url': {},
  'oidc-extra-scope': {},
  'oidc-pkce-method': { choices: ['auto', 'no', 'S256'] },
  'token-cache-storage': { choices: ['disk', 'keyring', 'none'] },
  'certificate-authority-data': {},
  'grant-type': {
    choices: ['auto', 'authcode', 'authcode-keyboard', 'password', 'device-code', 'client-credentials'],
  },
  'listen-address': {},
};

/** The version with which the rendered kubeconfigs were tested. */
export const kubeloginVersion = '1.36.3';

/** The default ports of kubelogin on 127.0.0.1, in the order in which it tries them. */
export const kubeloginPorts: readonly number[] = [8000, 18000];

export const isKubeloginOption = (name: string): boolean => Object.hasOwn(options, name);

/** The names of the options above. */
export const kubeloginOptions: readonly string[] = Object.keys(options);

/** The values that an option accepts; `undefined` if there is no fixed list. */
export const kubeloginChoices = (name: string): readonly string[] | undefined => options[name]?.choices;
