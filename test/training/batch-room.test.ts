/** Batches of a stream have their memory in turn. */
import { describe, expect, it } from 'vitest';
import { getLoss } from '../../src/losses/registry.ts';
import { BatchRoom, toDataSet } from '../../src/training/inputs.ts';

describe('the room for batches', () => {
  it('holds one after the other in the same memory, and gets more only for a larger one', () => {
    const rooms = { x: new BatchRoom(), y: new BatchRoom() };
    const shapes = { input: [2], output: [1] };
    const loss = getLoss({ name: 'meanSquaredError' });
    const placed = (x: number[][]) =>
      toDataSet(
        'fit',
        x,
        x.map(([first]) => [first]),
        shapes,
        loss,
        true,
        rooms,
      );
    const [large, small, larger] = [
      [
        [1, 2],
        [3, 4],
      ],
      [[5, 6]],
      [
        [7, 8],
        [9, 10],
        [11, 12],
      ],
    ].map(placed);
    expect(small.x.buffer).toBe(large.x.buffer);
    expect(small.targets?.buffer).toBe(large.targets?.buffer);
    expect([...small.x]).toEqual([5, 6]);
    expect(small.samples).toBe(1);
    expect(larger.x.buffer).not.toBe(large.x.buffer);
    expect([[...larger.x], [...(larger.targets ?? [])]]).toEqual([
      [7, 8, 9, 10, 11, 12],
      [7, 9, 11],
    ]);
    expect(larger.x.buffer).toBeInstanceOf(SharedArrayBuffer);
    // Arrays that aren't batches have memory of their own.
    const own = toDataSet('fit', [[1, 2]], [[1]], shapes, loss, true);
    expect(own.x.buffer).not.toBe(larger.x.buffer);
  });
});
