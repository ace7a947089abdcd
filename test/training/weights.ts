import type { Sequential } from '../../src/index.ts';

/** All weights as one list, to be compared bit for bit. */
export function getWeightsFlat(model: Pick<Sequential, 'getWeights'>): number[] {
  return model.getWeights().flatMap(({ data }) => [...data]);
}
