import type { Config } from '../../config/config';
import { present } from '../../constructs/migration-assertions';
import { mapBytes } from '../../constructs/migration-maps';
import { type Finding, keyAt } from '../../findings/finding';
import { entriesOf } from '../../identity/entries';
import { configFinding } from './config-codes';

/** Several ConfigMaps hold many entries, but one entry has to fit into one. */
export function sizeRules(config: Config): Finding[] {
  const { provision, helm, manifests } = config.kanidm;
  if (provision !== 'migrations' || (!helm && !manifests)) return [];
  return [...entriesOf(config)].flatMap((item) => {
    const { entry } = item;
    if (entry.absent) return [];
    // The file's own words and its name take less than the 1 kB that is left for them.
    const bytes = Buffer.byteLength(JSON.stringify([present(config, item)], null, 2)) + 1000;
    if (bytes <= mapBytes) return [];
    const message = `\`${entry.name}\` takes ${bytes} bytes, and the ConfigMap that carries it to Kanidm holds ${mapBytes}`;
    return [
      configFinding(
        'entry-too-large',
        keyAt(entry.path),
        message,
        'shorten its texts and lists; split a large group into groups inside it',
      ),
    ];
  });
}
