/** One layer by itself, in float64: what its tests need to run it and to check its gradients. */
import { plain64Kernels } from '../../src/kernels/plain64/index.ts';
import type { Layer, StepKey } from '../../src/layers/layer.ts';
import { makeStage, type PlannedRun, type PlannedStage } from '../../src/model/planned-stage.ts';
import { backwardAlone, forwardAlone, makePrepared, makeSums } from '../../src/model/solo.ts';
import { deriveKey, Purpose, uniform } from '../../src/tensor/random.ts';
import { type Shape, sizeOf } from '../../src/tensor/tensor.ts';
import { expectClose } from '../matchers.ts';

export interface Bench {
  readonly run: PlannedRun;
  readonly N: number;
  readonly x: Float64Array;
  /** y for the present x and parameters. */
  forward(): Float64Array;
  /** Fills dx and the parameters' gradients for the gradient dy of y. */
  backward(dy: Float64Array): { dx: Float64Array; gradients: readonly Float64Array[] };
}

/** Numbers between −1 and 1 that depend on `name` alone. */
export function numbers(length: number, name: number): Float64Array {
  const out = new Float64Array(length);
  uniform(deriveKey(7, Purpose.gradcheck, name, 0), -1, 1, out);
  return out;
}

/** Builds the layer for N samples of a shape, or of one shape an input, with random parameters and inputs. */
export function bench(
  layer: Layer,
  shapes: Shape | readonly Shape[],
  N: number,
  key: StepKey | null = [1, 2],
  plan: Partial<PlannedStage> = {},
): Bench {
  const [first, ...others] = typeof shapes[0] === 'number' ? [shapes as Shape] : (shapes as readonly Shape[]);
  layer.build(first, ...others);
  const stage = makeStage(layer, plan);
  const parameters = layer.parameters.map(({ shape }, p) => numbers(sizeOf(shape), p));
  const xs = stage.inputShapes.map((shape, i) => numbers(N * sizeOf(shape), 100 + i));
  // To be overwritten.
  const dxs = xs.map((x) => new Float64Array(x.length).fill(NaN));
  const run: PlannedRun = {
    ...{ stage, kernels: plain64Kernels, parameters, xs, x: xs[0], dxs, dx: dxs[0], first: 0 },
    y: new Float64Array(N * sizeOf(stage.outputShape)),
    dy: new Float64Array(N * sizeOf(stage.outputShape)),
    gradients: stage.weightGradient ? parameters.map((p) => new Float64Array(p.length).fill(NaN)) : null,
    kept: new Uint8Array(N * layer.keptBytes(stage)),
    scratch: new Float64Array(layer.scratchSize(stage, plain64Kernels, N)),
    prepared: makePrepared(stage, plain64Kernels),
    training: stage.training,
    sums: makeSums(stage),
  };
  return {
    run,
    N,
    x: run.x as Float64Array,
    forward() {
      forwardAlone(run, N, key);
      return Float64Array.from(run.y);
    },
    backward(dy) {
      run.dy.set(dy);
      backwardAlone(run, N);
      return { dx: run.dx as Float64Array, gradients: (run.gradients ?? []) as Float64Array[] };
    },
  };
}

/**
 * Holds a layer's backward pass to central differences of its forward pass, for every input and every
 * parameter that is trained, under the scalar Σ_i dy[i]·y[i] with dy all different.
 */
export function expectGradients(bench: Bench, bound = 1e-7): void {
  const { run } = bench;
  const dy = numbers(bench.forward().length, 200);
  const scalar = (): number => bench.forward().reduce((sum, y, i) => sum + dy[i] * y, 0);
  const numerical = (values: Float64Array): Float64Array =>
    values.map((value, i) => {
      const h = 1e-5;
      values[i] = value + h;
      const above = scalar();
      values[i] = value - h;
      const below = scalar();
      values[i] = value;
      return (above - below) / (2 * h);
    });
  bench.forward();
  const { gradients } = bench.backward(dy);
  for (const [i, x] of run.xs.entries()) {
    expectClose(run.dxs[i] as Float64Array, numerical(x as Float64Array), { absolute: bound });
  }
  for (const [p, gradient] of gradients.entries()) {
    if (run.stage.roles[p] !== 'trained') continue;
    expectClose(gradient, numerical(run.parameters[p] as Float64Array), { absolute: bound });
  }
}
