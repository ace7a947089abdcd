/** Batches of a stream have their memory in turn. */
import { describe, expect, it } from 'vitest';
import { getLoss } from '../../src/losses/registry.ts';
import { BatchRoom, LentRoom } from '../../src/training/batch-room.ts';
import { toDataSet } from '../../src/training/data-set.ts';

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

  it('is another one where threads must see it, or need not', () => {
    const room = new BatchRoom();
    expect(room.take(3, true).buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(room.take(3, false).buffer).toBeInstanceOf(ArrayBuffer);
  });

  it('is lent to one call at a time, the next has it again, and none is kept that is large', async () => {
    const lent = new LentRoom();
    const take = (length: number) => lent.lend(async (room) => room.take(length, false).buffer);
    const [first, meanwhile] = await Promise.all([take(2), take(2)]);
    expect(meanwhile).not.toBe(first);
    const next = await take(2);
    expect([first, meanwhile]).toContain(next);
    await expect(lent.lend(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await take(1)).toBe(next);
    const large = await take(2 ** 22 + 1);
    expect(await take(2)).not.toBe(large);
  });
});
