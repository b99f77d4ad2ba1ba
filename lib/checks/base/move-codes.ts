import { type Codes, error, reporting, warning } from '../../findings/code';

/** The codes that `check --base` can report about two revisions. */
export const moveCodes = {
  'deployment-changed': error('Kanidm would be deployed differently'),
  'domain-changed': error('The domain of Kanidm changes'),
  'entry-left': warning('An entry is removed from the config but stays in Kanidm'),
  'kanidm-moves': error('Kanidm would move to another cluster or namespace, on empty volumes'),
  'made-anew': warning('An entry is deleted and created again'),
  'removal-misses': error('An entry to be removed has the wrong UUID in the config, or none'),
  'return-without-incarnation': error('A deleted entry returns under its old UUID'),
  'storage-changed': error('The size or StorageClass of a volume of Kanidm changes'),
  'takeover-without-id': error('An entry that was created by hand lacks its `id`'),
  'unique-held': error('A unique value still belongs to another entry'),
  'unique-swap': error('A unique value would be reused before it is free'),
  'uuid-changed': error('The UUID of an entry changes'),
  'version-back': error('Kanidm would be downgraded'),
  'version-jump': error('The version of Kanidm skips a minor version'),
} as const satisfies Codes;

export const moveFinding = reporting(moveCodes);
