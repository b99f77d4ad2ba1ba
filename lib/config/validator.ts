import type { TSchema } from '@sinclair/typebox';
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import { IssuersSchema } from './schema/cluster-schema';
import { ClusterFileSchema, ConfigSchema } from './schema/config-schema';
import { annotations } from './schema/field-types';
import { BackupSchema } from './schema/kanidm-schema';
import { TokenGroupsSchema } from './schema/mapping-schema';

export type { ErrorObject };

/** Creates ajv with the options that are used here and for the validators that the build compiles. */
export function newAjv(options: Record<string, unknown> = {}): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    useDefaults: true,
    // Without the optimization, compiling takes half the time, and validating configs of a usual size takes the same
    // time.
    code: { optimize: false },
    ...options,
  });
  for (const keyword of annotations) ajv.addKeyword({ keyword });
  return ajv;
}

const named = {
  config: ConfigSchema,
  clusterFile: ClusterFileSchema,
  tokenGroups: TokenGroupsSchema,
  backup: BackupSchema,
  issuers: IssuersSchema,
};

export const schemas: Readonly<Record<keyof typeof named, TSchema>> = named;

const compiled: Partial<Record<keyof typeof schemas, ValidateFunction>> = {};

/** Validates `value` against a schema, and fills in its defaults. */
export function validate(name: keyof typeof schemas, value: unknown): ErrorObject[] {
  compiled[name] ??= newAjv().compile(schemas[name]);
  const check = compiled[name];
  return check(value) ? [] : (check.errors ?? []);
}
