/** Shards are exact: cut and added up they are the whole, wherever a sum's order can't matter. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { SHARD } from '../../src/model/step-memory.ts';
import { check } from '../kernels/contract/bench.ts';
import { convCases } from '../kernels/contract/shapes.ts';
import { integers, subjects } from './subjects.ts';

describe.each(subjects)('shards, %s kernels', (_, subject) => {
  it('of a convolution’s gradient add up to that of the whole batch, exactly on whole numbers', () => {
    const batches = fc
      .tuple(convCases, fc.integer({ min: 1, max: 3 * SHARD + 1 }))
      .map(([{ g, seed }, N]) => ({ g, seed, N }));
    check(subject, batches, ({ g, N }, bench) => {
      const [inputs, outputs, weights] = [g.H * g.W * g.C, g.P * g.OC, g.K * g.OC];
      const x = integers(bench, N * inputs);
      const w = integers(bench, weights);
      const dy = integers(bench, N * outputs);
      const scratch = bench.scratch(bench.kernels.conv2dScratch(g, null));
      const whole = bench.scratch(weights);
      bench.kernels.conv2dBackward(g, N, x, w, dy, 'dense', whole, null, null, scratch);

      const shards = Math.ceil(N / SHARD);
      const partial = bench.scratch(shards * weights);
      for (let shard = 0; shard < shards; shard++) {
        const first = shard * SHARD;
        bench.kernels.conv2dBackward(
          g,
          Math.min(SHARD, N - first),
          x.subarray(first * inputs),
          w,
          dy.subarray(first * outputs),
          'sparse',
          partial.subarray(shard * weights),
          null,
          null,
          scratch,
        );
      }
      const sum = bench.output(weights);
      bench.kernels.sumShards(shards, weights, partial, 0, weights, sum);
      bench.expectWritten(sum, whole);
    });
  });
});
