/**
 * The simplest loss there is: loss[n] = Σ_c t[n, c]·x[n, c], whose gradient by x is t itself.
 *
 * With random targets t it hands a layer a gradient of which no two elements are equal, so that a mistake in the
 * layer's own backward pass has nothing to hide behind (a uniform gradient hides every permutation), and
 * with a linear layer the whole function is linear: central differences then have no truncation error.
 */
import type { Loss } from '../losses/loss.ts';

export const weightedSum: Loss = {
  name: 'weightedSum',
  targetKind: 'rows',

  compute({ C, x, targets, losses, dx }, N, batch) {
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let c = 0; c < C; c++) {
        const i = n * C + c;
        sum += targets[i] * x[i];
        if (dx) dx[i] = targets[i] / batch;
      }
      losses[n] = sum;
    }
  },
};
