/**
 * Kernels that few layers and optimizers call, or training alone, are in groups (groups/). The module of each that calls one says so:
 * `needKernels(depthwiseGroup)`. So a bundle of degelo/core holds the kernels of the layers and optimizers that it holds, and the large ones of
 * backward passes where it compiles models; `degelo`, which has all of these, has all kernels.
 */
import { leftOut } from '../checks/bundle.ts';
import type { Kernels } from './kernels.ts';
import type { SimdCompiler } from './simd/compiler.ts';

/** What is in groups, and what brings it into a bundle; null: any model that is compiled. */
const BROUGHT_BY = {
  conv2dBackward: null,
  conv2dPoolBackward: null,
  winogradTurnedFilters: null,
  winogradBackwardScratch: null,
  winogradBackward: null,
  denseBackwardInput: null,
  denseBackwardWeights: null,
  denseBackwardBias: null,
  maxPool2dBackward: null,
  matmulTransposeA: null,
  matmulTransposeB: null,
  col2im: null,
  reluBackward: null,
  sigmoidBackward: null,
  sumShards: null,
  regularize: null,
  scale: null,
  clip: null,
  depthwiseScratch: 'DepthwiseConv2D',
  depthwiseForward: 'DepthwiseConv2D',
  depthwiseBackward: 'DepthwiseConv2D',
  upsample2dForward: 'UpSampling2D',
  upsample2dBackward: 'UpSampling2D',
  averagePool2dForward: 'AveragePooling2D',
  averagePool2dBackward: 'AveragePooling2D',
  globalMaxPoolForward: 'GlobalMaxPooling2D',
  globalMaxPoolBackward: 'GlobalMaxPooling2D',
  tanhForward: 'allActivations',
  tanhBackward: 'allActivations',
  hardSigmoidForward: 'allActivations',
  hardSigmoidBackward: 'allActivations',
  hardSwishForward: 'allActivations',
  hardSwishBackward: 'allActivations',
  smoothForward: 'allActivations',
  smoothBackward: 'allActivations',
  clippedReluForward: 'ReLU',
  clippedReluBackward: 'ReLU',
  leakyReluForward: 'LeakyReLU',
  leakyReluBackward: 'LeakyReLU',
  affine: 'Rescaling',
  multiplyBy: 'Multiply',
  channelMoments: 'BatchNormalization',
  channelSums: 'BatchNormalization',
  normalizeForward: 'BatchNormalization',
  normalizeBackward: 'BatchNormalization',
  dropoutForward: 'Dropout',
  dropoutBackward: 'Dropout',
  gaussianNoise: 'GaussianNoise',
  adadelta: 'adadelta',
  adagrad: 'adagrad',
  adam: 'adam',
  adamax: 'adamax',
  lion: 'lion',
  nadam: 'nadam',
  rmsprop: 'rmsprop',
  sgd: 'sgd',
  sgdMomentum: 'sgd',
} as const satisfies Partial<Record<keyof Kernels, string | null>>;

type GroupedKernel = keyof typeof BROUGHT_BY;

/** The kernels that every bundle has. */
export type CommonKernels = Omit<Kernels, GroupedKernel>;

/** Kernels of a kind, in all their forms. */
export interface KernelGroup {
  /** The definition of every bit, each sum in a row. */
  readonly plain: Partial<Kernels>;
  /** What there is of them in WebAssembly. */
  simd?(simd: SimdCompiler): Partial<Kernels>;
  /** The same with long sums in blocks, by means of `kernels`, which compute each in a row. */
  long?(kernels: Kernels): Partial<Kernels>;
}

/** Stand where a group isn't there: a layer of the user's own may call any kernel. */
const ABSENT = Object.fromEntries(
  Object.entries(BROUGHT_BY).map(([kernel, name]) => [
    kernel,
    () => {
      if (name) throw leftOut(`kernel ${kernel}`, name);
      throw new RangeError(
        `kernel ${kernel} isn't in this bundle: it is for training: import from "degelo", which has all`,
      );
    },
  ]),
) as Record<GroupedKernel, () => never>;

/** Whether a kernel of a group is there. */
export const holds = (kernels: Kernels, kernel: GroupedKernel): boolean => kernels[kernel] !== ABSENT[kernel];

const needed = new Set<KernelGroup>();

/** To be called where a module that calls these kernels is loaded. */
export function needKernels(...groups: readonly KernelGroup[]): void {
  for (const group of groups) needed.add(group);
}

/**
 * Common kernels, each sum in a row, with those of all groups that are needed.
 * @param simd null: plain ones
 */
export function withGroups(common: CommonKernels, simd: SimdCompiler | null): Kernels {
  const groups = [...needed];
  const plain = Object.assign({}, ...groups.map((group) => group.plain)) as Partial<Kernels>;
  const own = simd && Object.assign({}, ...groups.map((group) => group.simd?.(simd)));
  return { ...common, ...ABSENT, ...plain, ...own };
}

/** What replaces some of `kernels` so that the long sums of groups are computed in blocks. */
export function longGroups(kernels: Kernels): Partial<Kernels> {
  return Object.assign({}, ...[...needed].map((group) => group.long?.(kernels)));
}
