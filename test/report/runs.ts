/** Results as a run could have given them, to be reported. */
import type { PhaseDetails, RunDetails } from '../../src/experiment/details.ts';
import type { PhaseResult, TransferResult } from '../../src/experiment/result.ts';
import type { NamedRun } from '../../src/report/html/page.ts';

function phase(digits: number[], accuracies: number[], seconds: number[], frozen: boolean): PhaseResult {
  const figures = accuracies.map((a) => 1 - a);
  return {
    digits,
    samples: { train: 3898, test: 971 },
    params: {
      total: 600165,
      trainable: frozen ? 590597 : 600165,
      non_trainable: frozen ? 9568 : 0,
    },
    history: {
      loss: figures,
      accuracy: accuracies,
      val_loss: figures,
      val_accuracy: accuracies,
      seconds,
    },
    test: { loss: 0.0312, accuracy: accuracies[accuracies.length - 1] },
    seconds: seconds.reduce((sum, s) => sum + s, 0),
  };
}

/** A result with these test accuracies, one per epoch. */
export function run(
  source: number[],
  target: number[],
  seconds = { source: [3, 2, 2], target: [1, 0.5, 0.5] },
) {
  const result: TransferResult = {
    version: '0.1.0',
    engine: 'node 20.20.2 linux x64',
    data: { source: 'a [ \n test', sha256: 'ab' },
    reverse: false,
    feature_cache_mb: 1024,
    seed: 0,
    threads: 2,
    kernel: 'simd',
    convolution: 'auto',
    learning_rate: 1,
    batch_size: 128,
    epochs: source.length,
    source: phase([5, 6, 7, 8, 9], source, seconds.source.slice(0, source.length), false),
    target: phase([0, 1, 2, 3, 4], target, seconds.target.slice(0, target.length), true),
    weights_sha256: 'cd',
  };
  return result;
}

const LAYERS = [
  { name: 'conv2d', class_name: 'Conv2D', output_shape: [26, 26, 32], params: 9568 },
  { name: 'flatten', class_name: 'Flatten', output_shape: [21632], params: 0 },
  { name: 'dense', class_name: 'Dense', output_shape: [5], params: 590597 },
] as const;

/** 28×28 of them: a bright square on black. */
const PIXELS = Buffer.from(
  Array.from({ length: 784 }, (_, i) => (i % 28 > 9 && i % 28 < 18 && i > 250 && i < 530 ? 255 : 0)),
).toString('base64');

function phaseDetails(frozen: number): PhaseDetails {
  return {
    layers: LAYERS.map((layer, i) => ({ ...layer, trainable: i >= frozen })),
    confusion: [0, 1, 2, 3, 4].map((label) =>
      [0, 1, 2, 3, 4].map((k) => (k === label ? 190 : k === (label + 1) % 5 ? 3 : 0)),
    ),
    mistakes: [0, 1, 2].map((label) => ({
      index: 10 + label,
      label,
      predicted: label + 1,
      probabilities: [0, 1, 2, 3, 4].map((k) => (k === label + 1 ? 0.96 : 0.01)),
      pixels: PIXELS,
    })),
  };
}

/** A saved run with these test accuracies, one per epoch. */
export function savedRun(source = [0.9, 0.95, 0.992], target = [0.991, 0.995, 0.998]): NamedRun {
  const weights = (scale: number) => Array.from({ length: 288 }, (_, i) => ((i % 17) - 8) * scale);
  const details: RunDetails = {
    format: 'degelo-details',
    formatVersion: 1,
    degelo: '0.1.0',
    finished: '2025-01-31T12:00:00.000Z',
    arguments: ['transfer', '--data', '/data/my images', '--epochs', `${source.length}`],
    machine: { cpu: 'A Processor', cores: 2, system: 'Linux 6.1', v8: '11.3' },
    image: { height: 28, width: 28 },
    filters: { layer: 'conv2d', shape: [3, 3, 1, 32], before: weights(0.01), after: weights(0.02) },
    source: phaseDetails(0),
    target: phaseDetails(2),
    weights_sha256: 'cd',
  };
  return { name: 'first', result: run(source, target), details };
}
