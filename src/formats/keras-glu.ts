/** The gated linear unit (Dauphin et al. 2017, arXiv:1612.08083), in layers: the first half of a dimension by the sigmoid of the second. */
import type { JsonObject } from './json.ts';
import {
  activation,
  axisOf,
  type Read,
  type Replacement,
  type Tensor,
  withShape,
} from './keras-operation-parts.ts';
import { sliced } from './keras-slices.ts';
import { sliceSteps } from './slices.ts';

/** null: along the batch, or in two parts of different sizes. */
export function gated(x: Tensor, { axis = -1 }: JsonObject): Replacement | null {
  return withShape(x, (sizes) => {
    const at = axisOf(axis, sizes.length + 1);
    if (at === null || sizes[at - 1] % 2 !== 0) return null;
    const [values, gates] = [0, 1].map((half): Read => {
      const size = sizes[at - 1] / 2;
      const ranges = sizes.map((end, d) =>
        d === at - 1
          ? { begin: half * size, end: (half + 1) * size, step: 1, isIndex: false }
          : { begin: 0, end, step: 1, isIndex: false },
      );
      return sliced(x.layer, sliceSteps(sizes, ranges)) as Exclude<Read, string>; // of a part, it has a step
    });
    return { className: 'Multiply', reads: [values, { ...activation('sigmoid'), reads: [gates] }] };
  });
}
