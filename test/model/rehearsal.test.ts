/** What users write wrongly is said in one line, before anything is trained. */
import { describe, expect, it } from 'vitest';
import { LAYER_CASES } from '../../src/gradcheck/suite.ts';
import * as degelo from '../../src/index.ts';
import { Layer, type LossRun, type ParameterSpec, type Run, sizeOf } from '../../src/index.ts';
import { dropout } from '../../src/layers/dropout.ts';
import { losses } from '../../src/losses/registry.ts';
import { Network } from '../../src/model/network.ts';
import { rehearseLayer, rehearseLoss, rehearseOptimizer } from '../../src/model/rehearsal.ts';
import { optimizers } from '../../src/optimizers/registry.ts';

/** y = 2x, with a weight that does nothing; what a test replaces goes wrong. */
class Twice extends Layer {
  readonly className = 'Twice';

  protected override describeParameters(): ParameterSpec[] {
    return [{ name: 'idle', shape: [3], initializer: 'ones' }];
  }

  forward({ x, y, stage }: Run, N: number): void {
    for (let i = 0; i < N * sizeOf(stage.inputShape); i++) y[i] = 2 * x[i];
  }

  backward({ dy, dx, stage, gradients }: Run, N: number): void {
    for (let i = 0; dx && i < N * sizeOf(stage.inputShape); i++) dx[i] = 2 * dy[i];
    gradients?.[0].fill(0, 0, 3);
  }
}

function built(wrong: Partial<Pick<Twice, 'forward' | 'backward' | 'computeOutputShape'>> = {}): Layer {
  const layer = Object.assign(new Twice({ name: 'twice' }), wrong);
  layer.build([2, 5]);
  return layer;
}

describe('rehearseLayer', () => {
  it('passes every layer of ours, and one of a user’s that does what it says', () => {
    for (const { layers } of LAYER_CASES) {
      for (const layer of new Network({ layers: layers() }).allLayers()) rehearseLayer(layer);
    }
    rehearseLayer(built());
    const frozen = built();
    frozen.trainable = false;
    rehearseLayer(frozen);
    const none = dropout({ rate: 0 });
    none.build([4]);
    rehearseLayer(none);
  });

  it('refuses one that is frozen and reads the gradients that it then hasn’t', () => {
    const frozen = built({
      backward: ({ gradients }) => void (gradients as Float32Array[])[0].fill(0, 0, 3),
    });
    frozen.trainable = false;
    expect(() => rehearseLayer(frozen)).toThrow(
      /^layer twice: backward fails on 2 samples: Cannot read prop/,
    );
  });

  it.each<[string, Parameters<typeof built>[0], RegExp]>([
    [
      'leaves out part of its output',
      { forward: ({ y }) => void y.fill(1, 0, 10) },
      /^layer twice: forward must write all of y of shape \[2, 2, 5\] and no more: expected 20 numbers, got 10$/,
    ],
    [
      'writes past its samples',
      { forward: ({ y }) => void y.fill(1) },
      /^layer twice: forward must write all of y .*: expected 20 numbers, got one at index 20$/,
    ],
    [
      'says another output shape than it writes',
      { computeOutputShape: () => [4, 5] },
      /^layer twice: forward must write all of y of shape \[2, 4, 5\] and no more: expected 40 numbers, got 20$/,
    ],
    [
      'returns its gradient where it should write it',
      { backward: ({ dy }) => dy.map((v) => 2 * v) as unknown as undefined },
      /^layer twice: backward must write all of dx of shape \[2, 2, 5\] and no more: expected 20 numbers, got 0$/,
    ],
    [
      'leaves out a parameter’s gradient',
      { backward: ({ dx }) => void dx?.fill(1, 0, 20) },
      /^layer twice: backward must write all of the gradient of idle of shape \[3\] and no more: expected 3 numbers, got 0$/,
    ],
    [
      'adds to what it should overwrite',
      {
        backward({ dx, gradients }) {
          dx?.fill(1, 0, 20);
          for (let i = 0; gradients && i < 3; i++) gradients[0][i] += 1;
        },
      },
      /^layer twice: backward must overwrite the gradient of idle of shape \[3\]: expected the same number whatever was there, got another at index 0$/,
    ],
    [
      'hands over an array that is too long',
      { backward: ({ dx }) => dx?.set(new Float32Array(1000)) },
      /^layer twice: backward fails on 2 samples: offset is out of bounds$/,
    ],
    [
      'throws what is no error',
      {
        forward() {
          throw 'tea'; // what a user's code may do
        },
      },
      /^layer twice: forward fails on 2 samples: tea$/,
    ],
  ])('refuses a layer that %s', (_, wrong, message) => {
    expect(() => rehearseLayer(built(wrong))).toThrow(message);
  });
});

describe('rehearseLoss', () => {
  const loss = (compute: (run: LossRun) => void): degelo.Loss => ({
    name: 'mine',
    targetKind: 'rows',
    compute,
  });

  it('passes every loss of ours', () => {
    for (const name of losses.names) rehearseLoss(losses.find(name)?.({}) as degelo.Loss, 3);
  });

  it.each<[(run: LossRun) => void, RegExp]>([
    [
      ({ losses }) => void losses.fill(1, 0, 2),
      /^loss mine: compute must write all of dx of shape \[2, 3\] and no more: expected 6 numbers, got 0$/,
    ],
    [
      ({ losses, dx }) => {
        losses[0] = 1;
        dx?.fill(1, 0, 6);
      },
      /^loss mine: compute must write all of losses of shape \[2\] and no more: expected 2 numbers, got 1$/,
    ],
  ])('refuses one that leaves out numbers', (compute, message) => {
    expect(() => rehearseLoss(loss(compute), 3)).toThrow(message);
  });
});

describe('rehearseOptimizer', () => {
  it('passes every optimizer of ours', () => {
    for (const name of optimizers.names) rehearseOptimizer(optimizers.find(name)?.({}) as degelo.Optimizer);
  });

  it.each([
    [
      'weights',
      (w: degelo.FloatArray) => w.fill(0),
      /^optimizer mine: update must leave elements outside of from ≤ i < to alone: expected 3 ≤ i < 7 of the weights, got 0$/,
    ],
    ['slots', (_: unknown, [v]: readonly degelo.FloatArray[]) => v.fill(1, 3), /of velocity, got 7$/],
  ] as const)('refuses one that updates others’ %s', (_, touch, message) => {
    const optimizer: degelo.Optimizer = {
      ...{ name: 'mine', learningRate: 1, slots: ['velocity'], getConfig: () => ({ name: 'mine' }) },
      update: (_kernels, _from, _to, w, _g, slots) => void touch(w, slots),
    };
    expect(() => rehearseOptimizer(optimizer)).toThrow(message);
  });
});

describe('compile and checkGradients', () => {
  const wrong = () => Object.assign(new Twice({ name: 'twice', inputShape: [2] }), { backward: () => {} });

  it('rehearse what users wrote', () => {
    const model = degelo.sequential([wrong()]);
    expect(() => model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 })).toThrow(
      /^layer twice: backward must write all of dx/,
    );
    expect(() => degelo.checkGradients(wrong())).toThrow(/^layer twice: backward must write all of dx/);
    const loss: degelo.Loss = { name: 'idle', targetKind: 'rows', compute() {} };
    const other = degelo.sequential([new Twice({ inputShape: [2] })]);
    expect(() => other.compile({ optimizer: 'sgd', loss, threads: 0 })).toThrow(
      /^loss idle: compute must write/,
    );
    other.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  });
});
