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
  w: Float32Array,
  g: Float32Array,
  G: Float32Array,
  D: Float32Array,
  learningRate: number,
  rho: number,
  epsilon: number,
): void {
  const lr = Math.fround(learningRate);
  const decay = Math.fround(rho);
  const share = Math.fround(1 - rho);
  const eps = Math.fround(epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const Gi = Math.fround(Math.fround(decay * G[i]) + Math.fround(share * Math.fround(gi * gi)));
    const rootD = Math.fround(Math.sqrt(Math.fround(D[i] + eps)));
    const rootG = Math.fround(Math.sqrt(Math.fround(Gi + eps)));
    const delta = Math.fround(-Math.fround(rootD * gi) / rootG);
    G[i] = Gi;
    D[i] = Math.fround(Math.fround(decay * D[i]) + Math.fround(share * Math.fround(delta * delta)));
    w[i] = Math.fround(w[i] + Math.fround(lr * delta));
  }
}
