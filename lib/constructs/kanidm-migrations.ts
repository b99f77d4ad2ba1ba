import { KubeConfigMap } from 'cdk8s-plus-30/lib/imports/k8s';
import { Construct } from 'constructs';
import { noSubstitution } from './flux-annotations';
import type { MigrationMaps } from './migration-maps';
import { checkLabel, reportProblems } from './props-check';
import { checkProps, type Shape } from './props-shape';

/** Props of {@link KanidmMigrations}. */
export interface KanidmMigrationsProps {
  /** The namespace of the server. @default 'kanidm' */
  readonly namespace?: string;
  /** Content of the ConfigMaps (`migrationMaps`). */
  readonly migrations: MigrationMaps;
}

const shape = { namespace: 'text', migrations: 'migrations' } as const satisfies Shape<KanidmMigrationsProps>;

/**
 * The ConfigMaps of migrations that the server's pod mounts. An annotation keeps Flux from substituting variables in
 * them, since texts may contain `${…}`.
 * @throws Error if `migrations` is missing, which is possible in JavaScript
 */
export class KanidmMigrations extends Construct {
  /** In the order in which Kanidm applies their content. */
  readonly configMaps: readonly KubeConfigMap[];

  constructor(scope: Construct, id: string, props: KanidmMigrationsProps) {
    super(scope, id);
    checkProps(`KanidmMigrations ${id}`, props, shape);
    const { namespace = 'kanidm', migrations } = props;
    if (migrations === undefined)
      throw new Error(`KanidmMigrations ${id}: migrations: expected a value, found nothing`);
    this.configMaps = migrations.maps.map(
      ({ name, data }) =>
        new KubeConfigMap(this, name, { metadata: { name, namespace, annotations: noSubstitution }, data }),
    );
    reportProblems(this, [checkLabel('namespace', namespace)]);
  }
}
