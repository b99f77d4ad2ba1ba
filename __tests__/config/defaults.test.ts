import type { ClusterInput, ConfigInput } from '../../lib/config/schema/config-schema';
import { schemas } from '../../lib/config/validator';
import { render } from '../../lib/render';
import { load } from '../config';

/*
 * Changes each default of the schema, one at a time. The change must be visible in what is rendered. If code contained
 * the value of a default, it would still use the old value, and the test would fail.
 */

interface Part {
  default?: unknown;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Part>>;
  readonly items?: Part;
  readonly additionalProperties?: Part | boolean;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Fills in the defaults of the current schema, because the compiled validators have the old defaults. */
function mockFill(part: Part, value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) mockFill(part.items ?? {}, item);
  } else if (isRecord(value)) {
    for (const [key, { default: inner }] of Object.entries(part.properties ?? {})) {
      if (value[key] === undefined && inner !== undefined) value[key] = structuredClone(inner);
    }
    for (const [key, inner] of Object.entries(value)) {
      const { additionalProperties: others } = part;
      const field = part.properties?.[key] ?? (typeof others === 'object' ? others : undefined);
      if (field) mockFill(field, inner);
    }
  }
}

jest.mock('../../lib/config/validator', () => {
  const actual = jest.requireActual<typeof import('../../lib/config/validator')>('../../lib/config/validator');
  const compiled = require('../../node_modules/.cache/kaniflux/validators-thorough.js');
  const validate: typeof actual.validate = (name, value) => {
    mockFill(actual.schemas[name], value);
    return compiled[name](value) ? [] : compiled[name].errors;
  };
  return { ...actual, validate };
});

/**
 * Yields all fields that have a default, with their paths. Sections and lists with an empty default are left out, since
 * there is nothing to change.
 */
function* defaultsIn(part: Part, path: string): Generator<{ path: string; field: Part }> {
  const { default: value } = part;
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  if (value !== undefined && !isEmpty) yield { path, field: part };
  for (const [key, inner] of Object.entries(part.properties ?? {})) yield* defaultsIn(inner, `${path}.${key}`);
  if (part.items) yield* defaultsIn(part.items, `${path}[]`);
  if (typeof part.additionalProperties === 'object') yield* defaultsIn(part.additionalProperties, `${path}.*`);
}

const defaults = [...defaultsIn(schemas.config, 'config')];

/** Values of fields for which the values in `otherValue` below are not valid. */
const others: Readonly<Record<string, unknown>> = {
  'config.roles.*.clusters': ['main'],
  'config.expect[].clusters': ['main'],
  'config.clusters.*.authentication.claim': 'email',
  'config.clusters.*.authentication.groups.claim': 'teams',
  'config.clusters.*.authentication.clients.*.claim': 'email',
  'config.clusters.*.authentication.clients.*.groups.claim': 'teams',
  'config.clusters.*.issuers.*.claim': 'email',
  'config.clusters.*.issuers.*.groups.claim': 'teams',
};

function otherValue({ path, field }: { path: string; field: Part }): unknown {
  if (path in others) return others[path];
  const { default: value } = field;
  if (field.enum) return field.enum.find((choice) => choice !== value);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (Array.isArray(value)) return ['other'];
  const pattern = new RegExp(field.pattern ?? '', 'u');
  return ['7m', '7Gi', './other', 'other', 'other:1', '7 7 * * *'].find((candidate) => pattern.test(candidate));
}

const common: Omit<ConfigInput, 'kanidm' | 'clusters'> = {
  people: { jane: { displayName: 'Jane', mail: 'jane@example.com', id: '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16' } },
  serviceAccounts: { robot: { displayName: 'Robot' } },
  groups: { team: { members: ['jane'] } },
  clients: {
    web: { landingUrl: 'https://web.example.com' },
    k8s: {
      type: 'public',
      landingUrl: 'http://localhost:8000',
      scopes: { team: ['openid', 'email', 'profile', 'groups_name'] },
      claims: { teams: { values: { team: ['team'] } } },
    },
  },
  roles: { own: { rules: [{ resources: ['pods'], verbs: ['get'] }] } },
  expect: [{ never: 'delete nodes' }],
};
const cluster: ClusterInput = {
  server: 'https://192.0.2.9:6443',
  kubernetes: '1.34',
  client: 'k8s',
  controlPlane: 'kubeadm',
};
const ca = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';

const configs: ConfigInput[] = [
  {
    ...common,
    kanidm: {
      domain: 'idm.example.com',
      cluster: 'main',
      version: '1.11.1',
      manifests: { certificate: { issuer: 'letsencrypt' }, gateway: { name: 'public' } },
    },
    clusters: {
      main: {
        ...cluster,
        authentication: { groups: {} },
        kubeconfig: { certificateAuthority: { file: 'ca.crt' } },
        grants: [{ name: 'own', clusterRole: 'view', people: ['jane'] }],
      },
      other: { ...cluster, grants: [{ name: 'team', clusterRole: 'view', groups: ['team'] }] },
    },
  },
  {
    ...common,
    kanidm: {
      domain: 'idm.example.com',
      version: '1.11.1',
      helm: { repository: 'https://datosh.github.io/kanidm/', chart: 'kanidm', version: '0.1.2' },
    },
    clusters: {
      main: {
        ...cluster,
        authentication: { method: 'structured' },
        apps: { headlamp: { url: 'https://headlamp.example.com', groups: ['team'] } },
        issuers: { ci: { url: 'https://ci.example.com', audiences: ['kubernetes'], groups: {} } },
      },
    },
  },
];

/** Returns everything that results from the configs: files, settings of the checks, and errors. */
const outcome = () =>
  configs.map((config) => {
    const loaded = load(config, { 'ca.crt': ca });
    return {
      errors: loaded.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code),
      checks: loaded.config?.checks,
      expect: loaded.config?.expect,
      files: loaded.config ? [...render(loaded.config)] : [],
    };
  });

describe('a default', () => {
  const before = outcome();

  test('of each kind is in the configs that are tried', () => {
    expect(before.map(({ errors }) => errors)).toEqual([[], []]);
    expect(defaults.length).toBeGreaterThan(30);
  });

  test.each(defaults)('is known to the schema alone: $path', (found) => {
    const { field, path } = found;
    const value = field.default;
    field.default = otherValue(found);
    try {
      expect(field.default).toBeDefined();
      expect(field.default).not.toEqual(value);
      const after = outcome();
      // References to an absent entry are not valid.
      const codes = path.endsWith('.absent') ? ['absent-reference'] : [];
      expect([...new Set(after.flatMap(({ errors }) => errors))]).toEqual(codes);
      if (codes.length === 0) expect(JSON.stringify(after)).not.toBe(JSON.stringify(before));
    } finally {
      field.default = value;
    }
  });
});
