import type { Config } from '../../config/config';
import { present } from '../../constructs/migration-assertions';
import { mapBytes } from '../../constructs/migration-maps';
import { type Finding, keyAt } from '../../findings/finding';
import { entriesOf } from '../../identity/entries';
import { utf8 } from '../../output/bytes';
import { configFinding } from './config-codes';

/**
 * Rejects an entry that is too large for a ConfigMap. Kaniflux distributes entries over several ConfigMaps, but cannot
 * split an entry.
 */
export function sizeRules(config: Config): Finding[] {
  const { provision, helm, manifests } = config.kanidm;
  if (provision !== 'migrations' || (!helm && !manifests)) return [];
  return [...entriesOf(config)].flatMap((item) => {
    const { entry } = item;
    if (entry.absent) return [];
    // 1 kB is reserved for the rest of the file and its name.
    const bytes = utf8(JSON.stringify([present(config, item)], null, 2)).length + 1000;
    if (bytes <= mapBytes) return [];
    const message = `\`${entry.name}\` takes ${bytes} bytes, but a ConfigMap can hold only ${mapBytes}`;
    return [
      configFinding(
        'entry-too-large',
        keyAt(entry.path),
        message,
        'shorten its texts and lists; split a large group into several groups that are members of it',
      ),
    ];
  });
}
