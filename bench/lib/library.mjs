/**
 * The library as built: from ../dist, or from the folder that DEGELO_DIST names (to compare two versions).
 */
import { pathToFileURL } from 'node:url';

export const DIST = process.env.DEGELO_DIST ?? new URL('../../dist', import.meta.url).pathname;

/** @param {string} path inside dist */
export const load = async (path) => {
  try {
    return await import(pathToFileURL(`${DIST}/${path}`).href);
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes(DIST)) throw error;
    console.error(`bench: ${DIST}/${path} is missing: build first (npm run --silent build)`);
    return process.exit(1);
  }
};

export const degelo = await load('index.js');
export const { loadMnist } = await load('data/source.js');
export const { selectClasses } = await load('data/split.js');

const KERNELS = ['plain', 'simd', 'fma'];

/** The kernels that this build and this engine have. */
export function availableKernels() {
  return KERNELS.filter((kernel) => {
    const model = degelo.sequential([degelo.dense({ units: 1, inputShape: [1] })]);
    try {
      model.compile({ optimizer: 'sgd', loss: degelo.categoricalCrossentropy({ fromLogits: true }), kernel });
      return true;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  });
}
