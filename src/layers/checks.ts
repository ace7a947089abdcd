/** The checks that layers use, in one import; src/checks/ has them all. */
export { knownOptions, unary } from '../checks/options.ts';
export {
  atLeastZero,
  finite,
  flag,
  integerAtLeastZero,
  type Margins,
  margins,
  numberWithin,
  numeric,
  oneOf,
  positiveInteger,
  sampleSizes,
  sizePair,
} from '../checks/values.ts';
