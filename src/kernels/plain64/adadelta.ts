// Generated from ../plain/adadelta.ts by generate-float64.mjs: do not edit.
/** The step of optimizers/adadelta.ts, element by element, for elements from ≤ i < to. Each operation is rounded once. */

/**
 * Adadelta (Zeiler 2012, arXiv:1212.5701, algorithm 1, with a learning rate as in Keras). w, G and D are updated.
 *   G ← ρ·G + (1−ρ)·g²          running mean of squared gradients
 *   Δ = −(√(D+ε)·g)/√(G+ε)      with the new G: the step has the unit of w
 *   D ← ρ·D + (1−ρ)·Δ²          running mean of squared steps, before the learning rate
 *   w ← w + lr·Δ
 */
export function adadelta(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  G: Float64Array,
  D: Float64Array,
  learningRate: number,
  rho: number,
  epsilon: number,
): void {
  const lr = (learningRate);
  const decay = (rho);
  const share = (1 - rho);
  const eps = (epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const Gi = ((decay * G[i]) + (share * (gi * gi)));
    const rootD = (Math.sqrt((D[i] + eps)));
    const rootG = (Math.sqrt((Gi + eps)));
    const delta = (-(rootD * gi) / rootG);
    G[i] = Gi;
    D[i] = ((decay * D[i]) + (share * (delta * delta)));
    w[i] = (w[i] + (lr * delta));
  }
}
