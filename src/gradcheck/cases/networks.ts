/** The experiment's network, in miniature with every coordinate and at full size by sampling. */
import { activation } from '../../layers/activation.ts';
import { conv2d } from '../../layers/conv2d.ts';
import { dense } from '../../layers/dense.ts';
import { dropout } from '../../layers/dropout.ts';
import { flatten } from '../../layers/flatten.ts';
import { maxPooling2d } from '../../layers/max-pooling2d.ts';
import { categoricalCrossentropy } from '../../losses/categorical-crossentropy.ts';
import { ALL, type SuiteCase } from './case.ts';

export const NETWORK_CASES: readonly SuiteCase[] = [
  {
    name: 'the experiment in miniature',
    layers: () => experiment([9, 8, 1], [3, 5], 7, 5),
    options: { ...ALL, samples: 10, loss: categoricalCrossentropy() },
  },
  {
    name: 'the experiment',
    layers: () => experiment([28, 28, 1], [32, 32], 128, 5),
    options: { coordinates: 16, directions: 2, samples: 1, loss: categoricalCrossentropy() },
  },
];

/** The layers of the experiment (experiment/transfer.ts), of any size. */
function experiment(inputShape: [number, number, number], filters: number[], units: number, classes: number) {
  return [
    conv2d({ filters: filters[0], kernelSize: 3, inputShape }),
    activation('relu'),
    conv2d({ filters: filters[1], kernelSize: 3 }),
    activation('relu'),
    maxPooling2d({ poolSize: 2 }),
    dropout({ rate: 0.25 }),
    flatten(),
    dense({ units }),
    activation('relu'),
    dropout({ rate: 0.5 }),
    dense({ units: classes }),
    activation('softmax'),
  ];
}
