/** Losses in Keras: what they give, and their gradients. Fixtures by fixtures/make-keras-losses-fixtures.py. */
import { describe, expect, it } from 'vitest';
import '../../src/everything.ts';
import type { LossRun } from '../../src/losses/loss.ts';
import { getLoss } from '../../src/losses/registry.ts';
import { readFixture } from './fixture.ts';

interface Fixture {
  readonly version: number;
  readonly shape: readonly [number, number];
  readonly cases: readonly { name: string; loss: number; x: number[]; t: number[]; dx: number[] }[];
}

const fixture = readFixture<Fixture>('keras-losses.json', 1, 'python fixtures/make-keras-losses-fixtures.py');
const [N, C] = fixture.shape;

describe.each(fixture.cases.map((each) => [each.name, each] as const))('%s', (name, each) => {
  it('gives what Keras gives, and its gradient, within 1e-6 of the largest', () => {
    const losses = new Float64Array(N);
    const dx = new Float32Array(N * C);
    const run = { C, x: Float32Array.from(each.x), targets: Float32Array.from(each.t), losses, dx };
    getLoss({ name }).compute(run as unknown as LossRun, N, N);
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / N;
    expect(Math.abs(mean / each.loss - 1)).toBeLessThan(1e-6);
    const largest = Math.max(...each.dx.map(Math.abs));
    for (const [i, d] of each.dx.entries()) expect(Math.abs(dx[i] - d)).toBeLessThan(1e-6 * largest);
  });
});

it('Keras’ names for them are known, short ones too', () => {
  const names = [
    'kld',
    'mape',
    'msle',
    'kullback_leibler_divergence',
    'log_cosh',
    'squared_hinge',
    'KLDivergence',
  ];
  expect(names.map((name) => getLoss({ name }).name)).toEqual([
    ...['klDivergence', 'meanAbsolutePercentageError', 'meanSquaredLogarithmicError', 'klDivergence'],
    ...['logCosh', 'squaredHinge', 'klDivergence'],
  ]);
});
