/** Layers, losses, metrics, optimizers and their like have an example in their doc comments, which gives what it says. */
import { describe, expect, it } from 'vitest';
import * as library from '../../src/index.ts';
import { penaltyOf } from '../../src/layers/regularizer.ts';
import type { LearningRateSchedule } from '../../src/optimizers/schedules/schedule.ts';
import { exported } from './exported.ts';

/** By name, since two entry points have them. */
const declared = [...new Map(exported.map((each) => [each.name, each])).values()];

/** They take several inputs: their comments show how they are applied. */
const SEVERAL = ['add', 'average', 'concatenate', 'maximum', 'minimum', 'multiply', 'subtract'];

/** Exported functions that make something, of files below a folder; of each the comment. */
const makersOf = (folder: string, names = /./): (readonly [string, string])[] =>
  declared
    .filter(({ path, name, node }) => {
      const isMaker = /= (unary|elementLoss|choiceOf|counter)\(/.test(node.getText());
      return path.startsWith(folder) && names.test(name) && isMaker;
    })
    .map(({ name, node }) => [name, node.getFullText()]);

/** The lines `call // what comes of it` in a comment, of this function. */
function examplesOf(name: string, comment: string): { call: string; says: string }[] {
  const lines = comment.matchAll(/^ \* {5}(?<call>\w+\(.*\)) \/\/ (?<says>.*→.*)$/gm);
  const examples = Array.from(lines, ({ groups }) => groups as { call: string; says: string });
  expect(examples.length, `examples in the comment of ${name}`).toBeGreaterThan(0);
  for (const { call } of examples) expect(call).toMatch(new RegExp(`^${name}\\(`));
  return examples;
}

/** The value of an expression that names what the library exports. */
const run = (call: string): unknown =>
  new Function('library', `with (library) return ${call}`)({ ...library });

/** Whether a figure is the one in the text, to the digits that stand there. */
function expectFigure(figure: number, text: string): void {
  const digits = text.split('.')[1]?.length ?? 0;
  expect(Math.abs(figure - Number(text)), `${figure} is ${text}`).toBeLessThan(0.51 * 10 ** -digits);
}

describe('layers', () => {
  const layers = makersOf('src/layers/').filter(
    ([name]) => !SEVERAL.includes(name) && !/^l1|^l2|^input$/.test(name),
  );

  it('are found', () => expect(layers.length).toBeGreaterThan(35));

  it.each(layers)('%s has an example, which gives the shape that it says', (name, comment) => {
    for (const { call, says } of examplesOf(name, comment)) {
      const [input, output] = says.split(' → ').map((shape) => JSON.parse(shape) as number[]);
      const made = run(call) as library.Layer;
      made.build(input);
      expect(made.outputShape).toEqual(output);
    }
  });
});

/** A model that gives out what it gets. */
async function measured(says: string, options: (targets: unknown[]) => object): Promise<number[]> {
  const { outputs, targets } = /^outputs (?<outputs>.*), targets (?<targets>.*) →/.exec(says)?.groups ?? {};
  const [x, y] = [JSON.parse(outputs) as number[][], JSON.parse(targets) as number[]];
  const same = library.activation({ activation: 'linear', inputShape: [x[0].length] });
  const model = library.sequential([same]);
  model.compile({ optimizer: 'sgd', threads: 0, ...options(y) } as never);
  return Object.values(await model.evaluate(x, y));
}

const resultOf = (says: string): string => says.split(' → ')[1];

describe('losses', () => {
  const losses = makersOf('src/losses/');

  it('are found', () => expect(losses.length).toBeGreaterThan(18));

  it.each(losses)('%s has an example, which gives the loss that it says', async (name, comment) => {
    for (const { call, says } of examplesOf(name, comment)) {
      const [loss] = await measured(says, () => ({ loss: run(call) }));
      expectFigure(loss, resultOf(says));
    }
  });
});

describe('metrics', () => {
  const metrics = makersOf('src/metrics/');

  it('are found', () => expect(metrics.length).toBeGreaterThan(15));

  it.each(metrics)('%s has an example, which gives the figure that it says', async (name, comment) => {
    for (const { call, says } of examplesOf(name, comment)) {
      const [, figure] = await measured(says, ([target]) => {
        const ofClasses = library.sparseCategoricalCrossentropy({ fromLogits: true });
        return { loss: typeof target === 'number' ? ofClasses : 'meanSquaredError', metrics: [run(call)] };
      });
      expectFigure(figure, resultOf(says));
    }
  });
});

describe('optimizers', () => {
  const optimizers = makersOf('src/optimizers/').filter(([name]) => !/Decay/.test(name));

  it('are found', () => expect(optimizers.length).toBeGreaterThan(8));

  it.each(optimizers)('%s has an example, whose first step is as it says', async (name, comment) => {
    for (const { call, says } of examplesOf(name, comment)) {
      expect(says).toMatch(/^weight 1, gradient 2 → /);
      // (w·1 − 0)² has the slope 2 where w is 1.
      const layer = library.dense({ units: 1, useBias: false, kernelInitializer: 'ones', inputShape: [1] });
      const model = library.sequential([layer]);
      model.compile({ optimizer: run(call) as never, loss: 'meanSquaredError', threads: 0 });
      await model.trainOnBatch([[1]], [[0]]);
      expectFigure(layer.getWeights()[0].data[0], resultOf(says));
    }
  });
});

describe('schedules', () => {
  const schedules = makersOf('src/optimizers/schedules/');

  it('are found', () => expect(schedules.length).toBeGreaterThan(5));

  it.each(schedules)('%s has an example, with the rates that it says', (name, comment) => {
    for (const { call, says } of examplesOf(name, comment)) {
      const schedule = run(call) as LearningRateSchedule;
      for (const [, step, rate] of says.matchAll(/at\((\d+)\) → ([\d.]+)/g)) {
        expectFigure(schedule.at(Number(step)), rate);
      }
    }
  });
});

it.each(makersOf('src/layers/', /^l1|^l2/))(
  'the regularizer %s has an example, with the penalty that it says',
  (name, comment) => {
    for (const { call, says } of examplesOf(name, comment)) {
      const weights = JSON.parse(says.replace(/^weights (.*) →.*$/, '$1')) as number[];
      expectFigure(penaltyOf(run(call) as object, Float32Array.from(weights)), resultOf(says));
    }
  },
);

describe('callbacks', () => {
  const callbacks = declared.filter(
    ({ path, name }) => path.startsWith('src/training/callbacks/') && /^[a-z]/.test(name),
  );

  it('are found', () => expect(callbacks.length).toBeGreaterThan(4));

  it.each(callbacks.map(({ name, node }) => [name, node.getFullText()] as const))(
    '%s has an example, which makes a callback',
    (name, comment) => {
      const [, call] = new RegExp(`^ \\* .*callbacks: \\[(${name}\\(.*\\))\\]`, 'm').exec(comment) ?? [];
      expect(call, `an example in the comment of ${name}`).toBeDefined();
      const made = run(call) as object;
      expect(['onEpochBegin', 'onEpochEnd', 'onBatchEnd'].some((method) => method in made)).toBe(true);
    },
  );
});

it('initializers that are in an example are there', () => {
  const comment = declared.find(({ name }) => name === 'initializers')?.node.getFullText() ?? '';
  const [, call] = /`(initializers\.\w+\(.*?\))`/.exec(comment) ?? [];
  expect(library.dense({ units: 1, kernelInitializer: run(call) as never }).kernelInitializer).toEqual({
    name: 'constant',
    value: 0.1,
  });
});
