import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf, homeLab } from '../config';

const side = (kanidm: object) => rendered(configOf(homeLab({ kanidm })));
const text = (before: object, after: object) => asText(reviewDiff({ before: side(before), after: side(after) }));

const manifests = { helm: undefined, provision: 'migrations', manifests: { tlsSecretName: 'kanidm-tls' } };
const deployed = (version: string) => ({ ...manifests, version });

test('before another minor version of Kanidm, there is a backup', () => {
  const said = text(deployed('1.11.1'), deployed('1.12.0'));
  expect(said).toContain(
    'Before merging: ask Kanidm whether it can be upgraded from 1.11.1 to 1.12.0, and take a backup',
  );
  // Flux does everything else.
  expect(said).toContain('\nBefore merging\n  1. Before merging: ask');
  expect(said).not.toContain('Everything else changes');
  expect(said).toMatch(/exec kanidm-0 --container=kanidm -- \/sbin\/kanidmd domain upgrade-check\n/);
  expect(said).toMatch(/\/sbin\/kanidmd scripting backup > kanidm-backup\.json\.gz\n/);
});

test.each([
  ['a patch', '1.11.1', '1.11.2'],
  ['an older version, for a restore', '1.12.0', '1.11.1'],
])('%s needs none', (_, from, to) => {
  expect(text(deployed(from), deployed(to))).not.toContain('take a backup');
});
