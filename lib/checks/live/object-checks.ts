import { isOfRbac } from '../../access/objects';
import { listed } from '../../access/rights-in-words';
import type { Cluster, Config } from '../../config/config';
import { type LiveObjects, live, liveBesidesRbac } from '../../diff/live-diff';
import { type ObjectChange, objectChanges } from '../../diff/object-changes';
import type { Kubectl } from '../../existing/live-cluster';
import { identityOf, type KubernetesObject } from '../../output/kubernetes-object';
import { eachCluster } from './kubectl-checks';
import { type CheckResult, failed, judged, type LiveCheck, passed } from './live-check';
import type { LiveCode } from './live-codes';
import type { LiveSystem } from './live-system';
import { Question } from './question';

interface Differences {
  readonly changes: readonly ObjectChange[];
  /** The rendered objects whose kind the cluster does not have, by their identity. */
  readonly ofUnknownKind: ReadonlyMap<string, KubernetesObject>;
}

const differences = new Question<Differences>();

/** Reads the objects that a config renders for a cluster, and their counterparts in the cluster. */
type Read = (config: Config, cluster: string, kubectl: Kubectl) => LiveObjects;

const fates = { added: 'is missing', removed: 'is left over from an earlier config', changed: 'differs' } as const;

function ofObjects(code: LiveCode, read: Read, what: string): LiveCheck {
  const changes = (system: LiveSystem, cluster: Cluster) =>
    differences.ask(system, `${code} ${cluster.name}`, () => {
      const { before, after, ofUnknownKind } = read(system.config, cluster.name, system.tools.kubectl(cluster));
      return {
        changes: objectChanges(cluster.name, before, after, 'written'),
        ofUnknownKind: new Map(ofUnknownKind.map((object) => [identityOf(object), object])),
      };
    });
  return {
    code,
    parts: ['cluster'],
    run: (system) =>
      eachCluster(system, `the ${what}`, (cluster) =>
        judged(`the ${what} of ${cluster.name}`, changes(system, cluster), (read): readonly CheckResult[] => {
          const { changes: found, ofUnknownKind } = read;
          if (found.length === 0) return [passed(`the ${what} in ${cluster.name} match what is rendered`)];
          return found.map(({ change, object, fields }) => {
            const where = fields.length > 0 ? ` in ${listed(fields.map(({ path }) => path))}` : '';
            const name = object.slice(object.lastIndexOf('/') + 1).replace(/^.* /, '');
            const grant = cluster.grants.find((one) => one.name === name);
            const message = `${object} ${fates[change]} in ${cluster.name}${where}`;
            const lacking = ofUnknownKind.get(object);
            if (lacking) {
              const { kind, apiVersion } = lacking;
              const older =
                kind === 'TLSRoute' ? '; or set `kanidm.manifests.gateway.apiVersion` to a version that it has' : '';
              return failed(
                cluster.path,
                `${message}, because the cluster does not know the kind ${kind} in the version ${apiVersion}`,
                `install this version of the CustomResourceDefinition in the cluster${older}`,
                { cluster: cluster.name },
              );
            }
            const fix = `\`kaniflux synth\`, commit and push; \`kaniflux diff --live --cluster ${cluster.name}\` shows who gains and loses which rights`;
            return failed(grant?.path ?? cluster.path, message, fix, { cluster: cluster.name });
          });
        }),
      ),
  };
}

/** Two checks, because many users may read roles and bindings, but not the objects of Kanidm. */
export const objectChecks: readonly LiveCheck[] = [
  ofObjects('access-differs', (...of) => live(...of, isOfRbac).objects, 'roles and bindings'),
  ofObjects('kanidm-objects-differ', liveBesidesRbac, 'objects of Kanidm'),
];
