/** Parts of samples by layers that copy. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Range, sliceSteps } from '../../src/formats/slices.ts';
import { sequential, tensor } from '../../src/index.ts';
import type { LayerConfig } from '../../src/layers/layer.ts';
import { layerFromConfig } from '../../src/layers/registry.ts';

/** The same by loops: the numbers at every place that all ranges have, in row-major order. */
function taken(x: readonly number[], shape: readonly number[], ranges: readonly Range[]): number[] {
  if (shape.length === 0) return [...x];
  const [{ begin, end, step }, ...others] = ranges;
  const row = x.length / shape[0];
  const found: number[] = [];
  for (let i = begin; i < end; i += step) {
    found.push(...taken(x.slice(i * row, (i + 1) * row), shape.slice(1), others));
  }
  return found;
}

const range = (size: number): fc.Arbitrary<Range> =>
  fc
    .tuple(fc.nat(size - 1), fc.nat(size - 1), fc.integer({ min: 1, max: 3 }), fc.boolean())
    .map(([a, b, step, one]) => {
      const begin = Math.min(a, b);
      const isIndex = one && a === b;
      return { begin, end: Math.max(a, b) + 1, step, isIndex };
    });
const slice = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })
  .chain((shape) => fc.tuple(fc.constant(shape), fc.tuple(...shape.map(range))))
  .filter(([, ranges]) => !ranges.every(({ isIndex }) => isIndex));

it('of samples of any rank are the numbers that loops find, in their order', async () => {
  await fc.assert(
    fc.asyncProperty(slice, async ([shape, ranges]) => {
      const steps = sliceSteps(shape, ranges);
      const x = Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => i - 3);
      const expected = taken(x, shape, ranges);
      if (steps.length === 0) {
        expect(expected).toEqual(x);
        return;
      }
      const layers = steps.map(({ className, config }, i) => {
        const own: LayerConfig = {
          name: `step_${i}`,
          trainable: true,
          ...(i === 0 && { inputShape: shape }),
        };
        return layerFromConfig(className, { ...config, ...own });
      });
      const y = await sequential(layers).predict(tensor(Float32Array.from(x), [1, ...shape]));
      expect(Array.from(y.data)).toEqual(expected);
      expect(y.shape.length - 1).toBe(ranges.filter(({ isIndex }) => !isIndex).length);
    }),
    { numRuns: 40 },
  );
});

it('of nothing, of a number alone, and of more than three dimensions are refused', () => {
  const all = (size: number): Range => ({ begin: 0, end: size, step: 1, isIndex: false });
  const [none, one] = [
    { ...all(2), end: 0 },
    { ...all(1), isIndex: true },
  ];
  const message = 'a slice must be of a sample of one to three dimensions, and leave something of each';
  expect(() => sliceSteps([2, 2], [none, all(2)])).toThrow(message);
  expect(() => sliceSteps([3], [one])).toThrow(message);
  expect(() => sliceSteps([2, 2, 2, 2], [all(1), all(2), all(2), all(2)])).toThrow(message);
  expect(sliceSteps([2, 2, 2, 2], [all(2), all(2), all(2), all(2)])).toEqual([]);
});
