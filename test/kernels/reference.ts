/**
 * Every kernel once more, as nested loops written for reading: what docs/order-of-sums.md says, index by index,
 * with no regard for speed. `round` is Math.fround for float32 and the identity for float64. Each function returns
 * new plain arrays.
 */
import { convolutions } from './reference/convolutions.ts';
import { elementwise } from './reference/elementwise.ts';
import type { Round } from './reference/loops.ts';
import { normalization } from './reference/normalization.ts';
import { optimizers } from './reference/optimizers.ts';
import { pooling } from './reference/pooling.ts';
import { products } from './reference/products.ts';
import { random } from './reference/random.ts';
import { winograd } from './reference/winograd.ts';

export { type Numbers, type Round, roundingOf } from './reference/loops.ts';

export function referenceKernels(round: Round) {
  return {
    ...products(round),
    ...convolutions(round),
    ...winograd(round),
    ...pooling(round),
    ...elementwise(round),
    ...normalization(round),
    ...random(round),
    ...optimizers(round),
  };
}
