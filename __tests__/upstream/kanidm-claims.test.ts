import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kanidmClaims } from '../../lib/upstream/kanidm-claims';

const folder = join(__dirname, '..', 'fixtures', 'kanidm');
const kindOf = (value: unknown) => {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'string' ? 'text' : typeof value;
};

test.each(['id-token.json', 'real/id-token.json'])(
  'the claims of a real ID token (%s) are those, of those kinds',
  (file) => {
    const { claims } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { claims: Record<string, unknown> };
    const { groups, k8s, ...own } = claims; // a scope's, and a claim map's
    const kinds = new Map(Object.entries(own).map(([name, value]) => [name, kindOf(value)]));
    expect(kinds).toEqual(new Map([...kanidmClaims].filter(([name]) => kinds.has(name))));
    expect([...kanidmClaims.keys()].filter((name) => !kinds.has(name))).toEqual([]);
    expect(kindOf(groups)).toBe('list');
  },
);
