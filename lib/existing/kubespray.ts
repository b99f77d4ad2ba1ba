import { type Json, scalarText } from '../guards';
import type { ApiServer, Facts } from './facts';

/** An AuthenticationConfiguration in the variables of Kubespray. */
export interface KubesprayConfiguration {
  readonly configuration: Json;
  /** The document without the variables that were read. */
  readonly rest: Json;
  readonly notes: readonly string[];
}

/** The fields of each API server whose settings are in variables of Kubespray. */
const server: Pick<ApiServer, 'carrier' | 'controlPlane' | 'advice'> = {
  carrier: 'kubespray',
  controlPlane: 'flags',
  advice:
    'Kaniflux renders the settings, but not this file: put `jwt` and `anonymous` of the rendered AuthenticationConfiguration into kube_apiserver_authentication_config_jwt and kube_apiserver_authentication_config_anonymous',
};

/** Returns the facts of an AuthenticationConfiguration that was in variables of Kubespray. */
export const asKubespray = (source: string, facts: Facts, notes: readonly string[]): Facts => ({
  ...facts,
  apiServers: facts.apiServers.map((one) => ({ ...one, ...server })),
  notes: [...facts.notes, ...notes.map((text) => ({ source, text }))],
});

const prefix = 'kube_apiserver_authentication_config_';
const use = 'kube_apiserver_use_authentication_config_file';

/**
 * Returns the AuthenticationConfiguration in variables of Kubespray; `undefined` if the document has none, or switches
 * it off. Another file can contain the variable that switches it on.
 * @see https://github.com/kubernetes-sigs/kubespray/blob/v2.29.0/roles/kubernetes/control-plane/tasks/main.yml
 */
export function kubesprayConfiguration(document: Json): KubesprayConfiguration | undefined {
  const {
    [`${prefix}jwt`]: jwt,
    [`${prefix}anonymous`]: anonymous,
    [`${prefix}api_version`]: _version,
    [use]: isUsed,
    ...rest
  } = document;
  const isOff = isUsed !== undefined && !/^(true|yes|on|1)$/i.test(scalarText(isUsed));
  if (!Array.isArray(jwt) || jwt.length === 0 || isOff) return undefined;
  return {
    configuration: {
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AuthenticationConfiguration',
      jwt,
      ...(anonymous === undefined ? {} : { anonymous }),
    },
    rest,
    notes:
      isUsed === undefined
        ? [`${use} is not in this file, and Kubespray ignores ${prefix}jwt without it: adopt assumes that it is true`]
        : [],
  };
}
