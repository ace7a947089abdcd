/** A small network of the experiment's kind, and data that it can learn, for tests of training. */
import type * as api from '../../src/index.ts';
import { deriveKey, Purpose, uniform } from '../../src/tensor/random.ts';
import { Tensor } from '../../src/tensor/tensor.ts';

/** `degelo` from src or dist, which tests of worker threads need. */
export type Api = Pick<
  typeof api,
  'sequential' | 'conv2d' | 'activation' | 'maxPooling2d' | 'dropout' | 'flatten' | 'dense' | 'adadelta'
>;

export function tinyModel(degelo: Api, seed = 1): api.Sequential {
  const { sequential, conv2d, activation, maxPooling2d, dropout, flatten, dense } = degelo;
  return sequential({
    seed,
    layers: [
      conv2d({ filters: 8, kernelSize: 3, inputShape: [10, 10, 1] }),
      activation('relu'),
      conv2d({ filters: 8, kernelSize: 3 }),
      activation('relu'),
      maxPooling2d(),
      dropout({ rate: 0.25 }),
      flatten(),
      dense({ units: 16 }),
      activation('relu'),
      dropout({ rate: 0.5 }),
      dense({ units: 3 }),
      activation('softmax'),
    ],
  });
}

/** Images with one bright third each; its number is the class. Tensors are of the library under test. */
export function tinyData(
  samples: number,
  seed = 1,
  TensorClass = Tensor,
): { x: Tensor; y: Tensor; classes: Int32Array } {
  const x = new Float32Array(samples * 100);
  uniform(deriveKey(seed, Purpose.gradcheck, 0, 0), 0, 0.5, x);
  const y = new Float32Array(samples * 3);
  const classes = new Int32Array(samples);
  for (let n = 0; n < samples; n++) {
    const k = n % 3;
    classes[n] = k;
    y[n * 3 + k] = 1;
    for (let i = k * 33; i < (k + 1) * 33; i++) x[n * 100 + i] += 0.5;
  }
  return { x: new TensorClass(x, [samples, 10, 10, 1]), y: new TensorClass(y, [samples, 3]), classes };
}
