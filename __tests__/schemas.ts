import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { loadAll } from 'js-yaml';
import type { KubernetesObject } from '../lib/output/kubernetes-object';

type Validate = (object: unknown) => string[];

const crds = readCrds(join(__dirname, '..', 'crds'));

/**
 * Returns what is wrong with an object according to the schema of its kind: that of Kubernetes, from an npm package, or
 * that of Flux's CRDs, with unknown fields refused. `undefined` if there is no schema.
 */
export function schemaFaults(object: KubernetesObject): string[] | undefined {
  return (crds.get(`${object.apiVersion} ${object.kind}`) ?? builtIn(object))?.(object);
}

function builtIn({ apiVersion, kind }: KubernetesObject): Validate | undefined {
  let models: Record<string, new (object: unknown) => { validate(): void }>;
  try {
    models = require(`kubernetes-models/${apiVersion}/${kind}`);
  } catch {
    return undefined;
  }
  const Model = models[kind];
  return (
    Model &&
    ((object) => {
      try {
        new Model(object).validate();
        return [];
      } catch (thrown) {
        return [String(thrown)];
      }
    })
  );
}

const words = ({ instancePath, message }: { instancePath: string; message?: string }) => `${instancePath} ${message}`;

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { name: string; schema: { openAPIV3Schema: Record<string, unknown> } }[];
  };
}

function readCrds(folder: string): Map<string, Validate> {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  const validators = new Map<string, Validate>();
  for (const file of readdirSync(folder)) {
    for (const { spec } of loadAll(readFileSync(join(folder, file), 'utf8')) as Crd[]) {
      for (const { name, schema } of spec.versions) {
        let validate: ValidateFunction | undefined;
        validators.set(`${spec.group}/${name} ${spec.names.kind}`, (object) => {
          validate ??= ajv.compile(closed(schema.openAPIV3Schema));
          return validate(object) ? [] : (validate.errors ?? []).map(words);
        });
      }
    }
  }
  return validators;
}

/** Returns the schema with unknown fields refused, as the API server does with strict field validation. */
function closed(schema: Record<string, unknown>, top = true): Record<string, unknown> {
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === 'properties') {
        const fields = Object.entries(value as Record<string, Record<string, unknown>>);
        return [key, Object.fromEntries(fields.map(([name, field]) => [name, closed(field, false)]))];
      }
      return [key, key === 'items' ? closed(value as Record<string, unknown>, false) : value];
    }),
  );
  const isMetadata = schema.type === 'object' && Object.keys(schema).length === 1;
  const open = top || isMetadata || schema['x-kubernetes-preserve-unknown-fields'] || schema.additionalProperties;
  return schema.properties && !open ? { ...inner, additionalProperties: false } : inner;
}
