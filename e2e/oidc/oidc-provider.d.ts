/** The types of oidc-provider that provider.ts uses. The package has no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Grant {
    addOIDCScope(scopes: string): void;
    save(): Promise<string>;
  }

  export interface Context {
    body: string;
    readonly oidc: {
      readonly provider: Provider;
      readonly account: { readonly accountId: string };
      readonly client: { readonly clientId: string };
      readonly requestParamScopes: ReadonlySet<string>;
    };
  }

  export const errors: Record<'AccessDenied' | 'InvalidScope', new (description: string, detail: string) => Error>;

  export default class Provider {
    constructor(issuer: string, configuration: object);
    readonly Client: { readonly prototype: { redirectUriAllowed(uri: string): boolean } };
    readonly Grant: new (of: {
      accountId: string;
      clientId: string;
    }) => Grant;
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
    on(event: 'server_error', listener: (context: unknown, error: Error) => void): this;
  }
}
