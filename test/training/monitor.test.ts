import { describe, expect, it } from 'vitest';
import '../../src/everything.ts';
import { losses } from '../../src/losses/registry.ts';
import { metrics } from '../../src/metrics/registry.ts';
import { directionOf } from '../../src/training/callbacks/monitor.ts';

describe('which way is better, told by a figure’s name', () => {
  const direction = (monitor: string): string => directionOf('earlyStopping', monitor, 'auto');

  it.each(['loss', 'val_loss', 'mse', 'val_mean_squared_error', 'rootMeanSquaredError', 'val_kld'])(
    'of %s little',
    (monitor) => expect(direction(monitor)).toBe('min'),
  );

  it.each(['acc', 'val_accuracy', 'val_f1_score', 'R2Score', 'val_mean_io_u', 'AUC', 'val_truePositives'])(
    'of %s much',
    (monitor) => expect(direction(monitor)).toBe('max'),
  );

  it('of each loss little and of each metric one of both; the cosine is a metric here', () => {
    expect(direction('val_cosineSimilarity')).toBe('max');
    const little = losses.names.filter((name) => name !== 'cosineSimilarity');
    expect([...new Set(little.map(direction))]).toEqual(['min']);
    const much = metrics.names.filter((name) => direction(name) === 'max');
    expect(metrics.names.filter((name) => !much.includes(name))).toEqual([
      ...['falsePositives', 'falseNegatives', 'rootMeanSquaredError'],
    ]);
  });

  it('of any other name nothing: a score of one’s own may be better small', () => {
    expect(() => direction('val_brierScore')).toThrow(
      'mode must be min or max where monitor is val_brierScore',
    );
  });
});
