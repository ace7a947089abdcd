/**
 * Normalisation of each sample by itself, for both dtypes: layer, group and RMS normalisation. x is [rows, P, G, K]: P positions of G groups of K
 * channels. The M = P·K numbers of a row's group have their mean and variance in common:
 *
 *   m = (Σ x)/M,  v = (Σ (x − m)²)/M,  x̂ = (x − m)/√(v + ε)
 *   y = x̂·γ + β                                                γ and β: a number per channel, [G·K]
 *   backward, with u = dy·γ:
 *   dx = (u − (Σ u)/M − x̂·(Σ u·x̂)/M)/√(v + ε)                  over the group
 *   dγ = Σ dy·x̂,  dβ = Σ dy                                    over rows and positions
 *
 * Where it isn't centred (RMS normalisation) m is 0, and so is Σ u in dx.
 *
 * All is computed in float64 and rounded once, on store. Sums run over positions ascending, and channels within each; those of
 * dγ and dβ over rows, then positions, ascending from +0.
 */
import type { FloatArray } from '../tensor/tensor.ts';

/** Sizes of x, as above. */
export interface SampleGroups {
  readonly rows: number;
  readonly P: number;
  readonly G: number;
  readonly K: number;
  /** false: no mean is taken away. Default: true. */
  readonly isCentred?: boolean;
}

/** What normalised numbers are scaled and shifted by; null: 1 and 0. */
export interface ScaleAndShift {
  readonly gamma: FloatArray | null;
  readonly beta: FloatArray | null;
}

/** x → y, overwritten. y may be x. */
export function normalizeSamples(
  groups: SampleGroups,
  x: FloatArray,
  epsilon: number,
  { gamma, beta }: ScaleAndShift,
  y: FloatArray,
): void {
  const { P, G, K } = groups;
  eachGroup(groups, (first, channel) => {
    const { mean, inverse } = moments(groups, x, first, epsilon);
    for (let p = 0; p < P; p++) {
      for (let k = 0, i = first + p * G * K; k < K; k++, i++) {
        const scaled = (x[i] - mean) * inverse * (gamma ? gamma[channel + k] : 1);
        y[i] = scaled + (beta ? beta[channel + k] : 0);
      }
    }
  });
}

/** Where the sums dγ and dβ go, a number a channel. */
export interface ChannelGradients {
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
}

/** dx and the sums; null: not wanted. All are overwritten. */
export function normalizeSamplesBackward(
  groups: SampleGroups,
  x: FloatArray,
  dy: FloatArray,
  epsilon: number,
  gamma: FloatArray | null,
  dx: FloatArray | null,
  sums: ChannelGradients | null,
): void {
  const { P, G, K } = groups;
  sums?.gamma.fill(0);
  sums?.beta.fill(0);
  eachGroup(groups, (first, channel) => {
    const { mean, inverse } = moments(groups, x, first, epsilon);
    let sum = 0; // Σ u
    let product = 0; // Σ u·x̂
    for (let p = 0; p < P; p++) {
      for (let k = 0, i = first + p * G * K; k < K; k++, i++) {
        const normal = (x[i] - mean) * inverse;
        const u = dy[i] * (gamma ? gamma[channel + k] : 1);
        sum += u;
        product += u * normal;
        if (!sums) continue;
        sums.gamma[channel + k] += dy[i] * normal;
        sums.beta[channel + k] += dy[i];
      }
    }
    if (!dx) return;
    const M = P * K;
    const shift = groups.isCentred === false ? 0 : sum / M;
    for (let p = 0; p < P; p++) {
      for (let k = 0, i = first + p * G * K; k < K; k++, i++) {
        const normal = (x[i] - mean) * inverse;
        const u = dy[i] * (gamma ? gamma[channel + k] : 1);
        dx[i] = (u - shift - normal * (product / M)) * inverse;
      }
    }
  });
}

/** Mean and 1/√(v + ε) of the group whose first element is x[first]. */
function moments(
  { P, G, K, isCentred = true }: SampleGroups,
  x: FloatArray,
  first: number,
  epsilon: number,
): { readonly mean: number; readonly inverse: number } {
  let sum = 0;
  for (let p = 0; p < P; p++) {
    for (let k = 0, i = first + p * G * K; k < K; k++, i++) sum += x[i];
  }
  const mean = isCentred ? sum / (P * K) : 0;
  let squares = 0;
  for (let p = 0; p < P; p++) {
    for (let k = 0, i = first + p * G * K; k < K; k++, i++) squares += (x[i] - mean) * (x[i] - mean);
  }
  return { mean, inverse: 1 / Math.sqrt(squares / (P * K) + epsilon) };
}

/** Each group, by its first element and first channel. */
function eachGroup({ rows, P, G, K }: SampleGroups, visit: (first: number, channel: number) => void): void {
  for (let row = 0; row < rows; row++) {
    for (let g = 0; g < G; g++) visit(row * P * G * K + g * K, g * K);
  }
}
