import { isText, type Json, listOf, mapAt, scalarText } from '../guards';
import { authenticationConfiguration, structuredIssuers } from './api-server-issuers';
import { leftOver } from './document-paths';
import { type ApiServer, type Facts, nothing } from './facts';

/** Reads an AuthenticationConfiguration. */
export function structured(source: string, document: Json): Facts | undefined {
  const configuration = authenticationConfiguration(document);
  if (!configuration) return undefined;
  const isTalos = document.kind === 'KubeAuthenticationConfig';
  const { enabled, conditions } = mapAt(configuration, 'anonymous');
  const paths = listOf(conditions).map((condition) => scalarText(mapAt(condition).path));
  const apiServer: ApiServer = {
    source,
    carrier: isTalos ? 'Talos' : 'AuthenticationConfiguration',
    method: 'structured',
    issuers: structuredIssuers(configuration, source),
    ...(isTalos ? { controlPlane: 'talos', controlPlaneVersion: '1.14', isOldest: true } : {}),
    ...(typeof enabled === 'boolean' ? { anonymous: { enabled, ...(paths.length > 0 ? { paths } : {}) } } : {}),
  };
  const version = isText(document.apiVersion) ? [] : ['apiVersion is missing: the API server rejects the file'];
  const read = ['kind', 'apiVersion', 'jwt', 'anonymous.enabled', 'anonymous.conditions'];
  const rest = leftOver(configuration, read).filter((what) => !read.includes(what));
  return {
    ...nothing,
    apiServers: [apiServer],
    passedOver: rest.map((what) => ({ source, what, why: 'not understood' })),
    notes: version.map((text) => ({ source, text })),
  };
}
