/** All props of a construct, including nested ones: a new prop that a test does not use does not compile. */
export type Whole<T> = {
  readonly [K in keyof T]-?: NonNullable<T[K]> extends readonly unknown[] | string | number | boolean
    ? NonNullable<T[K]>
    : Whole<NonNullable<T[K]>>;
};
