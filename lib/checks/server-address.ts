/**
 * Returns the address of an API server for a comparison, with its path, since one host can serve several clusters at
 * different paths.
 */
export function addressOf(server: string): string {
  if (!URL.canParse(server)) return server;
  const { host, pathname } = new URL(server);
  return `${host}${pathname.replace(/\/+$/, '')}`;
}
