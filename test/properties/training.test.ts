/**
 * What must not change a bit of training, on random networks: who computes, with which kernels, what is done in one go,
 * and what is left out because nobody needs it.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adadelta } from '../../src/optimizers/adadelta.ts';
import { sizeOf, Tensor } from '../../src/tensor/tensor.ts';
import { sequential } from '../../src/training/sequential.ts';
import { drive, layersOf, networks, samplesOf, winogradNetworks } from './networks.ts';

/** Networks that each property is tried on; the seed of a failure brings its own back. */
const RUNS = { numRuns: 20 };

/** Where four of five workers' shares of a batch end. */
const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 });
/** Who takes the next tile of the weights. */
const takers = fc.array(fc.nat(4), { maxLength: 8 });

describe('two steps of training random networks', () => {
  it('give the same bits for 1 to 5 workers, however unequally samples and weights are dealt out', () => {
    fc.assert(
      fc.property(
        networks,
        fc.constantFrom('plain', 'simd'),
        shares,
        takers,
        (network, kernel, cuts, takers) => {
          const expected = drive(network, { kernel });
          expect(expected.losses.every(Number.isFinite)).toBe(true);
          // Equal shares, of any number of workers: test/properties/library.test.ts.
          for (const workers of [2, 3, 4, 5]) {
            const ends = [...cuts.slice(0, workers - 1).sort((a, b) => a - b), 1];
            expect(drive(network, { kernel, workers, dealing: { ends, takers } })).toEqual(expected);
          }
        },
      ),
      RUNS,
    );
  });

  it('give the same bits with SIMD as with plain kernels', () => {
    fc.assert(
      fc.property(networks, (network) => {
        expect(drive(network, { kernel: 'simd' })).toEqual(drive(network, { kernel: 'plain' }));
      }),
      RUNS,
    );
  });

  it('give the same bits whether ReLU and pooling are folded into the layer before them or done one by one', () => {
    fc.assert(
      fc.property(networks, fc.constantFrom('plain', 'simd'), (network, kernel) => {
        const outcome = (fold: boolean) => drive(network, { kernel, fold, convolution: 'direct' });
        expect(outcome(true)).toEqual(outcome(false));
      }),
      RUNS,
    );
  });

  it('give the same bits so with Winograd too, but for gradients below max-pooling, which are direct ones if it is folded', () => {
    fc.assert(
      fc.property(winogradNetworks, fc.constantFrom('plain', 'simd'), (network, kernel) => {
        const outcome = (fold: boolean) => drive(network, { kernel, fold });
        const [one, other] = [outcome(true), outcome(false)];
        if (network.convolutions.some(({ pool }) => pool)) expect(one.losses[0]).toBe(other.losses[0]);
        else expect(one).toEqual(other);
      }),
      RUNS,
    );
  });

  it('give the same bits whether gradients of dead zeros are left out or computed', () => {
    fc.assert(
      fc.property(networks, fc.constantFrom('plain', 'simd'), (network, kernel) => {
        expect(drive(network, { kernel })).toEqual(drive(network, { kernel, skipDead: false }));
      }),
      RUNS,
    );
  });

  it('give a trainable layer the same gradient whatever else is frozen, and leave frozen weights alone', () => {
    fc.assert(
      fc.property(networks, fc.nat({ max: 31 }), (network, pattern) => {
        const frozen = (index: number): boolean => ((pattern >> index) & 1) === 1;
        // One step: the next one starts from other weights.
        const all = drive(network, { steps: 1 });
        const some = drive(network, { steps: 1, frozen });
        const initial = drive(network, { steps: 0 });
        expect(some.losses).toEqual(all.losses);
        for (const [i, layer] of some.layers.entries()) {
          const { weights } = (frozen(i) ? initial : all).layers[i];
          const gradients = frozen(i) ? weights.map(() => null) : all.layers[i].gradients;
          expect(layer).toEqual({ weights, gradients });
        }
      }),
      RUNS,
    );
  });
});

describe('fit on random networks', () => {
  it('gives the same bits however many of the frozen features are kept', async () => {
    await fc.assert(
      fc.asyncProperty(networks, fc.double({ min: 0, max: 1, noNaN: true }), async (network, part) => {
        const outcome = async (featureCacheMB: number) => {
          const model = sequential({ layers: layersOf(network), seed: network.seed });
          model.build([...network.image]);
          // Everything but the classifier.
          for (const layer of model.layers.slice(0, -2)) layer.trainable = false;
          const optimizer = adadelta({ learningRate: 1 });
          model.compile({ optimizer, loss: 'categoricalCrossentropy', threads: 0 });
          const { x, y } = samplesOf(network);
          const { history } = await model.fit(
            new Tensor(x, [network.batch, ...network.image]),
            new Tensor(y, [network.batch, network.classes]),
            { batchSize: 9, epochs: 3, featureCacheMB },
          );
          return { history, weights: model.getWeights() };
        };
        const expected = await outcome(0);
        expect(await outcome(1024)).toEqual(expected);
        // Features have as many numbers as some layer's output; room for part of the samples, roughly.
        const bytes = 4 * network.batch * sizeOf(network.image);
        expect(await outcome((part * bytes) / 2 ** 20)).toEqual(expected);
      }),
      RUNS,
    );
  });

  it('gives the same weights with and without validation, evaluation and predictions in between', async () => {
    await fc.assert(
      fc.asyncProperty(networks, fc.integer({ min: 1, max: 30 }), async (network, batchSize) => {
        const outcome = async (look: boolean) => {
          const model = sequential({ layers: layersOf(network), seed: network.seed });
          model.build([...network.image]);
          const optimizer = adadelta({ learningRate: 1 });
          model.compile({ optimizer, loss: 'categoricalCrossentropy', threads: 0 });
          const samples = samplesOf(network);
          const x = new Tensor(samples.x, [network.batch, ...network.image]);
          const y = new Tensor(samples.y, [network.batch, network.classes]);
          await model.fit(x, y, { batchSize: 9, ...(look && { validationData: [x, y] as const }) });
          if (look) {
            await model.evaluate(x, y, { batchSize });
            await model.predict(x, { batchSize });
          }
          await model.fit(x, y, { batchSize: 9 });
          return model.getWeights();
        };
        expect(await outcome(true)).toEqual(await outcome(false));
      }),
      RUNS,
    );
  });
});
