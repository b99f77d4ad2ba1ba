import {
  type Static,
  type TArray,
  type TObject,
  type TOptional,
  type TOptionalWithFlag,
  type TProperties,
  type TSchema,
  type TUnsafe,
  Type,
} from '@sinclair/typebox';

/** Additional information about a field, for the documentation. */
export interface FieldDoc {
  readonly description: string;
  readonly examples?: unknown[];
  /** The Kanidm attribute that the field becomes. */
  readonly 'x-kanidm'?: string;
  /** The first version of the upstream program that supports the field, for example `Kanidm 1.8`. */
  readonly 'x-since'?: string;
}

/** Keywords of Kaniflux that a JSON Schema validator must accept and ignore. */
export const annotations = ['x-kanidm', 'x-since'] as const;

/** Keywords of JSON Schema for fields that depend on another field. */
export interface Conditions {
  readonly minProperties?: number;
  readonly if?: object;
  readonly then?: object;
  readonly else?: object;
}

/** An object whose unknown keys are errors. */
export const closed = <T extends TProperties>(properties: T, doc: FieldDoc & Conditions): TObject<T> =>
  Type.Object(properties, { ...doc, additionalProperties: false });

/** Refuses the keys `others` if the key `one` is set, because `one` replaces them. */
export const either = (one: string, others: readonly string[]): Conditions => ({
  if: { properties: { [one]: {} }, required: [one] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: {
    properties: Object.fromEntries(
      others.map((other) => [other, { not: {}, description: `It is replaced by \`${one}\`.`, examples: [one] }]),
    ),
  },
});

export type TMap<T extends TSchema> = TUnsafe<Record<string, Static<T>>> & { readonly additionalProperties: T };

/** A map whose keys match `pattern`, and whose values match the schema `value`. */
export const mapOf = <T extends TSchema>(value: T, doc: FieldDoc & { pattern: string }): TMap<T> => {
  const { pattern, ...rest } = doc;
  const map = Type.Unsafe<Record<string, Static<T>>>({ type: 'object', ...rest, propertyNames: { pattern } });
  return { ...map, additionalProperties: value };
};

export type TDefaulted<T extends TSchema> = TOptionalWithFlag<T, true> & { readonly default: Static<T> };

/**
 * A field with a default, which validation fills in if the field is not set. `{}` is for a section whose fields have
 * their own defaults. The value of a default must not be written anywhere else.
 */
export const withDefault = <T extends TSchema>(value: Static<T>, schema: T): TDefaulted<T> => ({
  ...Type.Optional(schema),
  default: value,
});

export const withoutDefaults = (schema: TSchema): TSchema =>
  JSON.parse(JSON.stringify(schema, (key, value) => (key === 'default' ? undefined : value)));

/** The type of a value of the schema, after its defaults are filled in. */
export type Filled<T extends TSchema> =
  T extends TObject<infer P>
    ? FilledFields<P>
    : T extends TMap<infer V>
      ? Record<string, Filled<V>>
      : T extends TArray<infer I>
        ? Filled<I>[]
        : Static<T>;

type FilledFields<P extends TProperties> = {
  [K in keyof P as IsLeftOut<P[K]> extends true ? never : K]: Filled<P[K]>;
} & { [K in keyof P as IsLeftOut<P[K]> extends true ? K : never]?: Filled<P[K]> };

/** Whether a field can be missing after the defaults are filled in. */
type IsLeftOut<T extends TSchema> = T extends { readonly default: unknown }
  ? false
  : T extends TOptional<TSchema>
    ? true
    : false;

export const text = (doc: FieldDoc & { pattern?: string; format?: string; maxLength?: number }) =>
  Type.String({ minLength: 1, ...doc });

/** A field that can be `null`, which clears the value in Kanidm. */
export const nullable = <T extends TSchema>(schema: T) =>
  Type.Unsafe<Static<T> | null>({
    ...schema,
    type: [schema.type, 'null'],
    ...(schema.enum ? { enum: [...schema.enum, null] } : {}),
  });

export const flag = (doc: FieldDoc) => Type.Boolean(doc);

export const oneOf = <const T extends readonly string[]>(values: T, doc: FieldDoc) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...doc });

export const listOf = <T extends TSchema>(item: T, doc: FieldDoc & { minItems?: number; uniqueItems?: boolean }) =>
  Type.Array(item, { uniqueItems: true, ...doc });
