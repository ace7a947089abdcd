/** What a rescaling by 0 is for: numbers that a file compares with, as many as a tensor has. */
import { describe, expect, it } from 'vitest';
import {
  elementwise,
  gradients,
  input,
  maximum,
  minimum,
  model,
  rescaling,
  tensor,
} from '../../src/index.ts';

describe('rescaling by 0', () => {
  // Keras' ops.minimum(1 / x, 5) and ops.maximum(ops.log(x), -4), as loadModel reads them.
  it.each([
    ['minimum', minimum, 'reciprocal', 5, [5, 1, 5, 0.5]],
    ['maximum', maximum, 'log', -4, [-4, 0, -4, Math.fround(Math.log(2))]],
  ] as const)(
    'is the offset of infinite numbers too: %s',
    async (_, extreme, operation, offset, expected) => {
      const x = input({ shape: [4] });
      const infinite = elementwise(operation).apply(x);
      const bound = rescaling({ scale: 0, offset }).apply(infinite);
      const bounded = model({ inputs: x, outputs: extreme().apply([infinite, bound]) });
      expect([...(await bounded.predict(tensor([[0, 1, 0, 2]]))).data]).toEqual(expected);
    },
  );

  it('has an offset for each channel, and its gradient is 0', async () => {
    const x = input({ shape: [2, 2] });
    const scaled = model({ inputs: x, outputs: rescaling({ scale: [0, 0], offset: [3, 4] }).apply(x) });
    expect([
      ...(
        await scaled.predict(
          tensor([
            [
              [1, 2],
              [5, 6],
            ],
          ]),
        )
      ).data,
    ]).toEqual([3, 4, 3, 4]);
    scaled.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
    const { input: dx } = await gradients(
      scaled,
      tensor([
        [
          [1, 2],
          [5, 6],
        ],
      ]),
      [
        [
          [0, 0],
          [0, 0],
        ],
      ],
    );
    expect([...dx.data]).toEqual([0, 0, 0, 0]);
  });
});
