/**
 * Mistakes in the blocks of long sums (src/kernels/long/): each changes some bit. That the bits are those of the stated order,
 * test/kernels/long-sums.test.ts says.
 */
import { describe, it } from 'vitest';
import {
  conv2dGeometry,
  depthwiseGeometry,
  inputGradientGeometry,
  type Padding,
  poolGeometry,
} from '../../src/kernels/geometry.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import type * as Plain64 from '../../src/kernels/plain64/index.ts';
import { plain64Kernels } from '../../src/kernels/plain64/index.ts';
import { mutatedSources } from './loader.ts';
import { type Mutant, mutantsOf } from './mutate.ts';
import { expectDeaths } from './verdict.ts';

let seed = 0;
const numbers = (size: number): Float64Array =>
  Float64Array.from({ length: size }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return (seed / 2 ** 31 - 1) / 3; // all digits in use: sums must be rounded
  });
const room = (size: number): Float64Array => new Float64Array(size).fill(Number.NaN);

/** Runs one kernel; gives what it wrote. */
type Run = (kernels: Kernels) => Float64Array[];

const conv = (
  shape: [number, number, number],
  filters: number,
  kernelSize: [number, number],
  same = false,
  stride = 1,
) =>
  conv2dGeometry(shape, {
    ...{ filters, kernelSize, strides: [stride, stride], padding: same ? 'same' : 'valid' },
  });

function forward(g: ReturnType<typeof conv>, isPooled: boolean): Run {
  const N = 2;
  const [x, w, b] = [numbers(N * g.H * g.W * g.C), numbers(g.K * g.OC), numbers(g.OC)];
  const pool = poolGeometry([g.OH, g.OW, g.OC], [1, 2], [1, 1]);
  return (kernels) => {
    const scratch = room(kernels.conv2dScratch(g, pool));
    if (!isPooled) {
      const y = room(N * g.P * g.OC);
      kernels.conv2dForward(g, N, x, w, b, true, y, scratch);
      return [y];
    }
    const y = room(N * pool.OH * pool.OW * g.OC);
    const choice = new Uint8Array(y.length);
    kernels.conv2dPoolForward(g, pool, N, x, w, b, true, y, choice, scratch);
    return [y, Float64Array.from(choice)];
  };
}

interface Wanted {
  readonly dw: boolean;
  readonly db: boolean;
  readonly dx: boolean;
}

function backward(g: ReturnType<typeof conv>, N: number, isPooled: boolean, wanted: Wanted): Run {
  const [x, w] = [numbers(N * g.H * g.W * g.C), numbers(g.K * g.OC)];
  const pool = poolGeometry([g.OH, g.OW, g.OC], [2, 2], [2, 2]);
  const pooled = pool.OH * pool.OW * g.OC;
  const dy = numbers(N * (isPooled ? pooled : g.P * g.OC));
  const [y, choice] = [numbers(N * pooled), new Uint8Array(N * pooled).map((_, i) => (i * 7) % 4)];
  return (kernels) => {
    const scratch = room(kernels.conv2dScratch(g, isPooled ? pool : null));
    const want = (is: boolean, size: number) => (is ? room(size) : null);
    const [dw, db, dx] = [want(wanted.dw, w.length), want(wanted.db, g.OC), want(wanted.dx, x.length)];
    if (isPooled) {
      const to = ['sparse', dw, db, dx, scratch] as const;
      kernels.conv2dPoolBackward(g, pool, N, x, w, true, y, choice, dy, ...to);
    } else {
      kernels.conv2dBackward(g, N, x, w, dy, 'dense', dw, db, dx, scratch);
    }
    return [dw, db, dx].flatMap((array) => array ?? []);
  };
}

function winograd(g: ReturnType<typeof conv>, N: number, wanted: Wanted): Run {
  const [x, w, dy] = [numbers(N * g.H * g.W * g.C), numbers(g.K * g.OC), numbers(N * g.P * g.OC)];
  return (kernels) => {
    const scratch = room(kernels.winogradBackwardScratch(g));
    const want = (is: boolean, size: number) => (is ? room(size) : null);
    const [dw, db, dx] = [want(wanted.dw, w.length), want(wanted.db, g.OC), want(wanted.dx, x.length)];
    const u = room(kernels.winogradFilterSize(inputGradientGeometry(g), 4));
    kernels.winogradTurnedFilters(g, w, u, scratch);
    kernels.winogradBackward(g, N, x, u, dy, dw, db, dx, scratch);
    return [dw, db, dx].flatMap((array) => array ?? []);
  };
}

function dense(N: number, I: number, O: number): Run {
  const [x, w, b, dy] = [numbers(N * I), numbers(I * O), numbers(O), numbers(N * O)];
  return (kernels) => {
    const scratch = room(kernels.denseScratch(N, I, O));
    const [y, dx, dw, db] = [room(N * O), room(N * I), room(I * O), room(O)];
    kernels.denseForward(N, I, O, x, w, b, true, y, scratch);
    kernels.denseBackwardInput(N, I, O, dy, w, null, dx, scratch);
    for (let i = 0; i < I; i += Math.ceil(I / 2)) {
      kernels.denseBackwardWeights(N, I, O, x, dy, i, Math.min(I, i + Math.ceil(I / 2)), dw, scratch);
    }
    kernels.denseBackwardBias(N, O, dy, db);
    return [y, dx, dw, db];
  };
}

function depthwise(
  shape: [number, number, number],
  kernelSize: [number, number],
  N: number,
  padding: Padding,
  wanted: Wanted,
): Run {
  const g = depthwiseGeometry(shape, {
    ...{ kernelSize, strides: [1, 1], padding, depthMultiplier: 2 },
  });
  const [outputs, size] = [g.OH * g.OW * g.C * 2, g.KH * g.KW * g.C * 2];
  const [x, w, b, dy] = [numbers(N * g.H * g.W * g.C), numbers(size), numbers(g.C * 2), numbers(N * outputs)];
  return (kernels) => {
    const scratch = room(kernels.depthwiseScratch(g));
    const want = (is: boolean, length: number) => (is ? room(length) : null);
    const [dw, db] = [want(wanted.dw, size), want(wanted.db, g.C * 2)];
    const [y, dx] = [room(N * outputs), want(wanted.dx, x.length)];
    kernels.depthwiseForward(g, N, x, w, b, false, y, scratch); // ReLU would hide NaN
    kernels.depthwiseBackward(g, N, x, w, dy, dw, db, dx, scratch);
    return [y, dw, db, dx].flatMap((array) => array ?? []);
  };
}

const wide = conv([67, 66, 3], 2, [3, 3]);
const everyGradient = { dw: true, db: true, dx: true };
const CONVOLUTIONS: readonly Run[] = [
  forward(conv([2, 3, 4100], 3, [1, 2]), false),
  forward(conv([2, 3, 4100], 3, [1, 2]), true),
  backward(wide, 2, false, everyGradient),
  backward(wide, 2, true, everyGradient),
  ...[true, false].flatMap((isPooled) => [
    backward(wide, 2, isPooled, { dw: true, db: false, dx: false }),
    backward(wide, 2, isPooled, { dw: false, db: true, dx: false }),
    backward(wide, 2, isPooled, { dw: false, db: false, dx: true }),
  ]),
  winograd(wide, 2, everyGradient),
  ...(['dw', 'db', 'dx'] as const).map((name) =>
    winograd(wide, 2, { dw: false, db: false, dx: false, [name]: true }),
  ),
  backward(conv([3, 3, 2], 8200, [2, 2]), 2, false, everyGradient),
  backward(conv([3, 3, 2], 8200, [2, 2]), 2, true, everyGradient),
  backward(conv([3, 3, 2], 8200, [2, 2]), 2, true, { dw: false, db: true, dx: false }),
];
const DEPTHWISE: readonly Run[] = [
  depthwise([67, 66, 3], [3, 3], 2, 'same', everyGradient),
  depthwise([67, 66, 3], [3, 3], 2, 'same', { dw: true, db: false, dx: false }),
  depthwise([67, 66, 3], [3, 3], 2, 'same', { dw: false, db: true, dx: false }),
  depthwise([8195, 1, 3], [8193, 1], 1, 'valid', everyGradient),
  depthwise([92, 91, 1], [92, 90], 1, 'valid', everyGradient),
  depthwise([2, 3, 1], [95, 90], 2, 'same', everyGradient),
];
const RUNS: Readonly<Record<string, readonly Run[]>> = {
  'dense.ts': [dense(2, 8200, 3), dense(2, 3, 8200), dense(16500, 3, 2)],
  'conv2d.ts': CONVOLUTIONS.slice(0, 2),
  'conv2d-backward.ts': CONVOLUTIONS.slice(2),
  'conv2d-sums.ts': CONVOLUTIONS.slice(2),
  'depthwise.ts': DEPTHWISE,
  'depthwise-backward.ts': DEPTHWISE,
  'depthwise-rooms.ts': DEPTHWISE,
  'tiles.ts': [
    backward(wide, 2, false, everyGradient),
    backward(conv([9, 1040, 1], 2, [3, 3], true), 1, false, everyGradient),
    backward(conv([131, 133, 1], 2, [3, 3], true, 2), 2, false, everyGradient),
  ],
  'blocks.ts': [dense(2, 16700, 3)],
};

const expected = Object.fromEntries(
  Object.entries(RUNS).map(([file, runs]) => [file, runs.map((run) => run(plain64Kernels))]),
);

/** The run in which the mutant gives other bits; null: none. */
function killer({ file, text }: Mutant): string | null {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const load: (entry: string) => unknown = mutatedSources(file, text);
  const { plain64Kernels: mutated } = load('kernels/plain64/index.ts') as typeof Plain64;
  for (const [r, run] of RUNS[name].entries()) {
    try {
      const isSame = run(mutated).every((array, a) =>
        array.every((value, i) => Object.is(value, expected[name][r][a][i])),
      );
      if (!isSame) return `run ${r}`;
    } catch (error) {
      return `run ${r}: ${error}`;
    }
  }
  return null;
}

/** Lines that only ask for memory: too little of it is noticed elsewhere, and more is no mistake. */
const isRoom = ({ before }: Mutant): boolean =>
  /Scratch\(|more|size = |Room\b|room\(|maximum\(|new BlockSums|\.set\(g, |const parts = |const (rows|tiles) = .*LONGEST|const tiles = isLong/.test(
    before,
  );

describe('no mutant of long sums lives', () => {
  it.each([
    ['dense.ts', ['longDense', 'longDenseBackward']],
    ['conv2d.ts', ['longConvolution']],
    ['conv2d-backward.ts', ['longConvolutionBackward', 'gradientOf', 'spreadGradient', 'wholeWindows']],
    ['conv2d-sums.ts', ['addUpTiles', 'addUpGradients', 'addUpFilters']],
    ['depthwise.ts', ['longDepthwise']],
    ['depthwise-backward.ts', ['longDepthwiseBackward']],
    ['depthwise-rooms.ts', ['kernelRows']],
    ['tiles.ts', ['cut<G extends Geometry>', 'reach', 'tileOf']],
    ['blocks.ts', ['add', 'finish', 'gatherColumns', 'eachBlock']],
  ])('of %s', (file, functions) => {
    const mutants = mutantsOf(`kernels/long/${file}`, functions).filter((each) => !isRoom(each));
    expectDeaths(mutants, null, [], killer);
  });
});
