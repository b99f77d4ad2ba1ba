import type { Facts } from '../existing/facts';
import type { EntryManager } from '../existing/kanidm-entries';
import type { OwnKanidm } from './which-kanidm';

/*
 * What to do about a program that goes on managing the adopted entries. The behavior of both programs is taken from
 * their source code.
 * https://github.com/pando85/kaniop/blob/master/libs/person/src/reconcile.rs (cleanup)
 * https://github.com/oddlama/kanidm-provision/blob/main/src/main.rs (remove_orphaned_entities)
 */
const hints: Readonly<Record<EntryManager, string>> = {
  kaniop:
    'kaniop manages the entries that adopt read from its resources. It reverts changes to them. When a resource is deleted, kaniop deletes the entry in Kanidm. If the entry is a person, all credentials of the person are deleted too. Before you run the runbook or apply a migration, stop Flux from pruning the resources, scale the Deployment of kaniop to 0, and remove the finalizers of the resources. Only then delete the resources',
  'kanidm-provision':
    'kanidm-provision manages the entries that adopt read from its state. Each run reverts changes to them. If an entry of an earlier state is missing from the state, the run deletes the entry in Kanidm. If the entry is a person, all credentials of the person are deleted too. Stop kanidm-provision before you run the runbook or apply a migration. To keep it running for other entries, first turn off the deletion: `--no-auto-remove`, or `services.kanidm.provision.autoRemove = false` in NixOS',
};

/** Returns a next step for each program that manages adopted entries. */
export function otherManagers({ entries }: Facts, { foreign }: OwnKanidm): { readonly hint: string }[] {
  const managers = new Set(
    entries.flatMap(({ manager }, i) => (manager === undefined || foreign.has(i) ? [] : [manager])),
  );
  return [...managers].map((manager) => ({ hint: hints[manager] }));
}
