import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteImages, splitDataset, type Tensor, tensor } from '../../src/index.ts';

/** 0, 1, … n − 1 in an array, so that each sample says where it came from. */
const numbered = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
/** The samples' numbers of a tensor [n, 2] whose rows are [i, −i]. */
const rowNumbers = ({ data }: Tensor): number[] => Array.from(data).filter((_, e) => e % 2 === 0);

describe('splitDataset', () => {
  it('splits x and y at the same place, in their order, into arrays of their kinds', () => {
    const x = tensor([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    const [[x1, y1, n1], [x2, y2, n2]] = splitDataset([x, Int32Array.of(7, 8, 9), ['a', 'b', 'c']], {
      leftSize: 2,
    });
    expect([x1.toNested(), y1, n1]).toEqual([[[0, 1], [2, 3]], Int32Array.of(7, 8), ['a', 'b']]); // biome-ignore format: one row a part
    expect([x2.toNested(), y2, n2]).toEqual([[[4, 5]], Int32Array.of(9), ['c']]);
  });

  it('splits images that stay bytes, and float64', () => {
    const images = new ByteImages(Uint8Array.of(1, 2, 3, 4, 5, 6), [3, 2, 1, 1]);
    const [[left, wide], [right]] = splitDataset([images, tensor([1, 2, 3], [3], { dtype: 'float64' })], {
      rightSize: 1,
    });
    expect([left.shape, left.data, right.data]).toEqual([
      [2, 2, 1, 1],
      Uint8Array.of(1, 2, 3, 4),
      Uint8Array.of(5, 6),
    ]);
    expect([wide.dtype, wide.toNested()]).toEqual(['float64', [1, 2]]);
  });

  // What keras.utils.split_dataset of Keras 3.15.1 gives for so many samples and this left_size.
  it.each([
    [5, 0.5, 2],
    [7, 0.5, 4],
    [3, 0.5, 2],
    [5, 0.25, 1],
    [7, 0.25, 2],
    [7, 0.9, 6],
    [10, 0.3, 3],
  ])('rounds a share as Keras: of %i samples %d are %i', (samples, leftSize, left) => {
    const [[l], [r]] = splitDataset([numbered(samples)], { leftSize });
    expect([l.length, r.length]).toEqual([left, samples - left]);
  });

  it('leaves out the middle where both sizes leave something over, as Keras does', () => {
    expect(splitDataset([numbered(5)], { leftSize: 2, rightSize: 1 })).toEqual([[[0, 1]], [[4]]]);
  });

  it('shuffled, has every sample once, in one of the parts and beside its own target; the seed decides in which', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.nat({ max: 1000 }), (n, seed) => {
        const x = tensor(
          numbered(n).flatMap((i) => [i, -i]),
          [n, 2],
        );
        const options = { leftSize: 0.5, shuffle: true, seed };
        const [[x1, y1], [x2, y2]] = splitDataset([x, numbered(n)], options);
        expect([...rowNumbers(x1), ...rowNumbers(x2)]).toEqual([...y1, ...y2]);
        expect([...y1, ...y2].sort((a, b) => a - b)).toEqual(numbered(n));
        expect(splitDataset([numbered(n)], options)).toEqual([[y1], [y2]]);
      }),
      { numRuns: 30 },
    );
    const mixed = (seed: number) => splitDataset([numbered(30)], { leftSize: 29, shuffle: true, seed });
    expect(mixed(0)).not.toEqual(mixed(1));
    expect(mixed(0)[0][0]).not.toEqual(numbered(29));
  });

  it('gives copies: a change to a part leaves what was split alone', () => {
    const x = tensor([1, 2]);
    splitDataset([x], { leftSize: 1 })[0][0].data[0] = 9;
    expect(x.toNested()).toEqual([1, 2]);
  });

  it.each<[string, unknown, unknown, string]>([
    [
      'a tensor alone',
      tensor([1, 2]),
      { leftSize: 1 },
      'expected an array of arrays of samples, got a tensor',
    ],
    ['nothing', [], { leftSize: 1 }, 'expected at least one array, got none'],
    [
      'numbers',
      [1, 2],
      { leftSize: 1 },
      'array 0 must be a tensor with rows, a typed array or an array, got 1',
    ],
    [
      'lengths that differ',
      [[1, 2], [1]],
      { leftSize: 1 },
      'the arrays must have the same number of samples, got 2 and 1',
    ],
    ['no size', [[1, 2]], {}, 'leftSize or rightSize is missing'],
    ['no options', [[1, 2]], undefined, 'leftSize or rightSize is missing'],
    ['a size of all', [[1, 2]], { leftSize: 2 }, 'a number of samples below 2, got 2'],
    ['a size of 1.5', [[1, 2, 3]], { leftSize: 1.5 }, 'a number of samples below 3, got 1.5'],
    ['a negative size', [[1, 2]], { rightSize: -1 }, 'rightSize must be a share between 0 and 1'],
    ['a text', [[1, 2]], { leftSize: '0.5' }, "leftSize must be a number, got '0.5'"],
    [
      'parts that overlap',
      [[1, 2, 3]],
      { leftSize: 2, rightSize: 0.5 },
      'must not overlap: leftSize and rightSize make 2 and 2 of 3',
    ],
    [
      'an empty part',
      [[1, 2]],
      { leftSize: 0.1 },
      'both parts must have samples: of 2, 0 would be left and 2 right',
    ],
    ['a seed below 0', [[1, 2]], { leftSize: 1, seed: -1 }, 'seed must be an integer from 0'],
    ['names of others', [[1, 2]], { testSize: 0.5 }, 'unknown option testSize (did you mean rightSize?)'],
    ['names of others', [[1, 2]], { train_size: 0.5 }, 'unknown option train_size (did you mean leftSize?)'],
    ['names of others', [[1, 2]], { random_state: 1 }, 'unknown option random_state (did you mean seed?)'],
  ])('refuses %s', (_, arrays, options, message) => {
    expect(() => splitDataset(arrays as [], options as never)).toThrow(message);
  });
});
