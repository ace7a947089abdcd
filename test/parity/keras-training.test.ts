/** Losses, optimizers and schedules against Keras 3's own numbers, in float64 (fixtures/make-keras-training-fixtures.py). */
import { describe, expect, it } from 'vitest';
import { plain64Kernels } from '../../src/kernels/plain64/index.ts';
import type { LossRun } from '../../src/losses/loss.ts';
import { getLoss, losses } from '../../src/losses/registry.ts';
import type { OptimizerConfig } from '../../src/optimizers/optimizer.ts';
import { getOptimizer, optimizers } from '../../src/optimizers/registry.ts';
import { scheduleFromConfig } from '../../src/optimizers/schedules/registry.ts';
import type { ScheduleConfig } from '../../src/optimizers/schedules/schedule.ts';
import { expectClose } from '../matchers.ts';
import { readFixture } from './fixture.ts';

interface Fixture {
  readonly version: number;
  readonly losses: readonly {
    readonly name: string;
    readonly config: object;
    readonly C: number;
    readonly targets: readonly number[];
    readonly outputs: readonly number[];
    readonly losses: readonly number[];
    readonly gradient: readonly number[];
  }[];
  readonly start: readonly (readonly number[])[];
  readonly gradients: readonly (readonly (readonly number[])[])[];
  readonly optimizers: readonly {
    readonly name: string;
    readonly config: Omit<OptimizerConfig, 'name'>;
    readonly weights: readonly (readonly (readonly number[])[])[];
  }[];
  readonly schedules: readonly { readonly config: ScheduleConfig; readonly rates: readonly number[] }[];
}

const COMMAND = 'python fixtures/make-keras-training-fixtures.py';
const fixture = readFixture<Fixture>('keras-training.json', 2, COMMAND);

/** Keras keeps hyperparameters and schedules in float32, whatever the dtype of weights. */
const FLOAT32 = 3e-6;

const title = ({ name, config }: { name: string; config: object }): string =>
  `${name} ${JSON.stringify(config)}`;

describe('losses are Keras’, one a sample, and so is the gradient of their mean', () => {
  it.each(fixture.losses.map((each) => [title(each), each] as const))('%s', (_, each) => {
    const { name, config, C, targets } = each;
    const N = targets.length / C;
    const [x, t] = [each.outputs, targets].map((numbers) => Float64Array.from(numbers));
    const [perSample, dx, probabilities] = [N, N * C, N * C].map((size) => new Float64Array(size));
    const run: LossRun = {
      ...{ C, x, folded: false, probabilities, y: x, targets: t },
      losses: perSample,
      dx,
    };
    getLoss({ name, ...config }).compute(run, N, N);
    expectClose(perSample, each.losses, { relative: 1e-12 });
    // TensorFlow's gradient takes rows of targets for distributions, whatever they sum to; ours is that of the loss.
    const areDistributions = C === 1 || !targets.some((_t, i) => i % C === 0 && rowSum(targets, i, C) !== 1);
    if (name !== 'categoricalCrossentropy' || areDistributions) {
      expectClose(dx, each.gradient, { absolute: 1e-13 });
    }
  });

  it('for every loss but the sparse one, which is the categorical one of other targets', () => {
    const others = readFixture<{ version: number; cases: { name: string }[] }>(
      'keras-losses.json', // test/parity/keras-losses.test.ts
      1,
      'python fixtures/make-keras-losses-fixtures.py',
    );
    const covered = new Set([
      ...[...fixture.losses, ...others.cases].map(({ name }) => name),
      'sparseCategoricalCrossentropy',
    ]);
    expect([...losses.names].filter((name) => !covered.has(name))).toEqual([]);
  });
});

function rowSum(values: readonly number[], from: number, count: number): number {
  return values.slice(from, from + count).reduce((sum, value) => sum + value, 0);
}

describe('optimizers take Keras’ steps', () => {
  // What bounds the gradients is the step's to do, not the optimizer's: test/training/clipping.test.ts.
  const free = fixture.optimizers.filter(
    ({ config }) => !Object.keys(config).some((key) => /clip/i.test(key)),
  );

  it.each(free.map((each) => [title(each), each] as const))('%s', (_, { name, config, weights }) => {
    const optimizer = getOptimizer({ name, ...config });
    const values = fixture.start.map((start) => Float64Array.from(start));
    const slots = values.map(({ length }) => optimizer.slots.map(() => new Float64Array(length)));
    for (const [step, gradients] of fixture.gradients.entries()) {
      const rate = optimizer.schedule?.at(step) ?? optimizer.learningRate;
      for (const [v, w] of values.entries()) {
        const g = Float64Array.from(gradients[v]);
        optimizer.update(plain64Kernels, 0, w.length, w, g, slots[v], rate, step + 1);
        expectClose(w, weights[step][v], { absolute: FLOAT32 });
      }
    }
  });

  it('for every optimizer', () => {
    const covered = new Set(free.map(({ name }) => name));
    expect([...optimizers.names].filter((name) => !covered.has(name))).toEqual([]);
  });
});

describe('schedules give Keras’ learning rates', () => {
  it.each(fixture.schedules.map((each) => [JSON.stringify(each.config), each] as const))(
    '%s',
    (_, { config, rates }) => {
      const schedule = scheduleFromConfig('adam', config);
      expectClose(
        rates.map((_rate, step) => schedule.at(step)),
        rates,
        { absolute: 1e-7 },
      );
      expect(scheduleFromConfig('adam', schedule.getConfig()).getConfig()).toEqual(schedule.getConfig());
    },
  );
});
