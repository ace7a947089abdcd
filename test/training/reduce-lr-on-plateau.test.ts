/** reduceLROnPlateau, on figures that the test makes up: Keras 3's rules. */
import { describe, expect, it, vi } from 'vitest';
import { sgd } from '../../src/optimizers/sgd.ts';
import type { TrainingModel } from '../../src/training/callbacks/callback.ts';
import {
  type ReduceLROnPlateauOptions,
  reduceLROnPlateau,
} from '../../src/training/callbacks/reduce-lr-on-plateau.ts';

/** The learning rate after each epoch of these losses, from 1 on; `past`: those of the training that continues. */
async function ratesOf(
  options: ReduceLROnPlateauOptions,
  losses: readonly number[],
  past: readonly number[] = [],
) {
  const optimizer = sgd({ learningRate: 1 });
  const history = { epoch: [...past.keys()], history: { val_loss: past } };
  // The callback reads no more of a model.
  const model = { compiled: { optimizer }, fitPosition: { history } } as unknown as TrainingModel;
  const callback = reduceLROnPlateau({ factor: 0.5, minDelta: 0, ...options });
  callback.setModel?.(model);
  await callback.onTrainBegin?.();
  const rates: number[] = [];
  for (const [epoch, loss] of losses.entries()) {
    await callback.onEpochEnd?.(epoch, { val_loss: loss } as never);
    rates.push(optimizer.learningRate);
  }
  return rates;
}

describe('reduceLROnPlateau', () => {
  it('lowers the rate after so many epochs in a row without a better figure', async () => {
    expect(await ratesOf({ patience: 2 }, [3, 3, 3, 3, 3, 2, 2, 2])).toEqual([
      1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125,
    ]);
  });

  it('wants more than minDelta, in the direction of mode', async () => {
    expect(await ratesOf({ patience: 1, minDelta: 0.5 }, [3, 2.6, 2.4])).toEqual([1, 0.5, 0.5]);
    expect(await ratesOf({ patience: 1, mode: 'max' }, [3, 2, 4])).toEqual([1, 0.5, 0.5]);
    expect(await ratesOf({ patience: 1, mode: 'max', minDelta: 0.5 }, [2.4, 2.9, 3])).toEqual([1, 0.5, 0.5]);
  });

  it('takes a little worse as better where minDelta is below 0, as Keras does', async () => {
    expect(await ratesOf({ patience: 1, minDelta: -0.5 }, [1, 1.25, 1.5, 2])).toEqual([1, 1, 1, 0.5]);
  });

  it('rests for cooldown epochs after a reduction', async () => {
    expect(await ratesOf({ patience: 1, cooldown: 2 }, [1, 1, 1, 1, 1, 1])).toEqual([
      1, 0.5, 0.5, 0.25, 0.25, 0.125,
    ]);
  });

  it('waits from the last epoch of cooldown on', async () => {
    expect(await ratesOf({ patience: 2, cooldown: 1 }, [1, 1, 1, 1, 1, 1])).toEqual([
      1, 1, 0.5, 0.5, 0.25, 0.25,
    ]);
  });

  it('stops at minLearningRate, and leaves a lower rate alone', async () => {
    expect(await ratesOf({ patience: 1, minLearningRate: 0.4 }, [1, 1, 1, 1])).toEqual([1, 0.5, 0.4, 0.4]);
    expect(await ratesOf({ patience: 1, minLearningRate: 2 }, [1, 1])).toEqual([1, 1]);
  });

  it('goes on where the training before left off', async () => {
    expect(await ratesOf({ patience: 3 }, [1, 1], [1, 1])).toEqual([1, 0.5]);
  });

  it('warns where the figure isn’t there, and changes nothing', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    expect(await ratesOf({ patience: 1, monitor: 'val_accuracy' }, [1, 1])).toEqual([1, 1]);
    expect(warn.mock.calls[0][0]).toMatch(
      /needs val_accuracy, which doesn't exist: expected one of val_loss/,
    );
    warn.mockRestore();
  });

  it.each([
    [{ factor: 1 }, /factor must be above 0 and below 1, got 1/],
    [{ patience: -1 }, /patience must be an integer ≥ 0, got -1/],
    [{ minLr: 0.1 }, /unknown option minLr/],
  ])('refuses %o', (options, message) => {
    expect(() => reduceLROnPlateau(options as ReduceLROnPlateauOptions)).toThrow(message);
  });
});
