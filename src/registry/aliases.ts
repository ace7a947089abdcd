/** Names under which Keras knows what we list under one: in snake case, as classes, short. */
import { sameLetters } from '../checks/suggest.ts';

/** Keras' short names, in lower case. */
const SHORT: Readonly<Record<string, string>> = {
  acc: 'accuracy',
  bce: 'binaryCrossentropy',
  mae: 'meanAbsoluteError',
  mse: 'meanSquaredError',
  mape: 'meanAbsolutePercentageError',
  msle: 'meanSquaredLogarithmicError',
  kld: 'klDivergence',
  kullback_leibler_divergence: 'klDivergence',
};

/**
 * The one of `names` that was meant: itself, with other capitals or underscores (`categorical_crossentropy`,
 * `BinaryCrossentropy`), or Keras' short name for it (`mse`). null: none.
 */
export function canonicalName(name: string, names: readonly string[]): string | null {
  if (names.includes(name)) return name;
  const short = name.toLowerCase();
  const long = Object.hasOwn(SHORT, short) ? SHORT[short] : name;
  return sameLetters(long, names);
}

/** A name as Keras writes it too: of a function, `mean_squared_error`, and of a class, `MeanSquaredError`. */
export type KerasName<Name extends string> = Name | Snake<Name> | Capitalize<Name>;

/** snake_case of camelCase. */
export type Snake<S extends string> = S extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${Snake<Tail>}`
  : S;
