/** Finding a number that is none. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstNotFinite } from '../../src/tensor/finite.ts';

it('is the place of the first number that is not finite, or −1, wherever it stands and however large the others are', () => {
  const any = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double());
  fc.assert(
    fc.property(fc.array(any), (values) => {
      const expected = values.findIndex((value) => !Number.isFinite(value));
      expect(firstNotFinite(values)).toBe(expected);
      const singles = Float32Array.from(values);
      expect(firstNotFinite(singles)).toBe(singles.findIndex((value) => !Number.isFinite(value)));
    }),
  );
});
