/** Returns a config as a fragment of an address. A browser does not send the fragment to a server. */
export function toFragment(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return `#config=${btoa(bytes.join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

/**
 * Returns the config in the fragment of an address; `undefined` if there is none.
 * @throws Error for a fragment that was cut off or changed
 */
export function fromFragment(fragment: string): string | undefined {
  const [, coded] = /^#config=(.*)$/.exec(fragment) ?? [];
  if (coded === undefined) return undefined;
  const bytes = atob(coded.replaceAll('-', '+').replaceAll('_', '/'));
  return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
}
