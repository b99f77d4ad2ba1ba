/** An option of `kubelogin get-token` that Kaniflux renders. */
interface Option {
  /** The values it takes, where they are a list. */
  readonly choices?: readonly string[];
}

/**
 * The options of kubelogin, as `kubelogin get-token --help` of {@link kubeloginVersion} prints them; a test holds the
 * table against that text.
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

/** The version that the rendered kubeconfigs were tried with. */
export const kubeloginVersion = '1.36.3';

/** Where it listens unless told, on 127.0.0.1, in this order. */
export const kubeloginPorts: readonly number[] = [8000, 18000];

/** Whether kubelogin has an option of this name. */
export const isKubeloginOption = (name: string): boolean => Object.hasOwn(options, name);

/** The options that are known here. */
export const kubeloginOptions: readonly string[] = Object.keys(options);

/** What it takes; `undefined` where that is not a list. */
export const kubeloginChoices = (name: string): readonly string[] | undefined => options[name]?.choices;
