/** A finished run's result.json and details.json, each with its fields edited. */
import fc from 'fast-check';
import { edited, mostly, mostlyShallow, utf8 } from '../arbitraries.ts';

const history = {
  ...{ loss: [0.5, 0.25], accuracy: [0.75, 0.875], val_loss: [0.5, 0.25], val_accuracy: [0.5, 1] },
  seconds: [2, 1],
};
const phase = {
  digits: [3, 7],
  samples: { train: 8, test: 4 },
  params: { total: 26, trainable: 20, non_trainable: 6 },
  history,
  test: { loss: 0.25, accuracy: 0.75 },
  seconds: 3,
};
const result = {
  ...{ version: '0.1.0', engine: 'node 20.20.2 linux x64', data: { source: 'tiny', sha256: 'ab' } },
  ...{ reverse: false, feature_cache_mb: 16, seed: 0, threads: 2, kernel: 'simd', convolution: 'auto' },
  ...{ learning_rate: 1, batch_size: 4, epochs: 2, source: phase, target: phase, weights_sha256: 'cd' },
};
const details = {
  ...{ format: 'degelo-details', formatVersion: 1, degelo: '0.1.0', finished: '2025-01-31T12:00:00.000Z' },
  arguments: ['transfer', '--epochs', '2'],
  machine: { cpu: 'A Processor', cores: 2, system: 'Linux 6.1', v8: '11.3' },
  image: { height: 2, width: 2 },
  filters: { layer: 'conv2d', shape: [2, 1, 1, 2], before: [0, 1, -1, 0.5], after: [0.5, 1, -2, 0] },
  ...Object.fromEntries(
    ['source', 'target'].map((name) => [
      name,
      {
        layers: [
          { name: 'conv2d', class_name: 'Conv2D', output_shape: [1, 2, 2], params: 6, trainable: false },
        ],
        confusion: [
          [2, 0],
          [1, 1],
        ],
        mistakes: [{ index: 2, label: 1, predicted: 0, probabilities: [0.75, 0.25], pixels: 'AP8A/w==' }],
      },
    ]),
  ),
  weights_sha256: 'cd',
};

/** One of the two is whole more often than not, so that the other is read. */
export const savedRun: fc.Arbitrary<[result: Uint8Array, details: Uint8Array]> = fc
  .tuple(
    mostly(JSON.stringify(result), mostlyShallow(edited(JSON.stringify(result))), 1),
    mostlyShallow(edited(JSON.stringify(details))),
  )
  .map(([first, second]) => [utf8(first), utf8(second)]);
