/**
 * Filters as Winograd's kernels take them: U = G·g·Gᵀ for each pair of channels, [places, C, OC]. Made whenever weights have changed,
 * not once per call: a call may have a few samples only, a layer as many weights as those have pixels.
 */
import { type Conv2dGeometry, inputGradientGeometry } from '../geometry.ts';
import type { WinogradEdge } from '../kernels.ts';
import { F2 } from './winograd.ts';
import { placesOf, transformFilters } from './winograd-tiles.ts';
import { F4 } from './winograd4.ts';

/** Elements of U. */
export function winogradFilterSize({ C, OC }: Conv2dGeometry, edge: WinogradEdge): number {
  return placesOf(edge) * C * OC;
}

/** w [3·3·C, OC] → u [(edge + 2)², C, OC]. See Kernels.winogradFilters. */
export function winogradFilters(
  g: Conv2dGeometry,
  edge: WinogradEdge,
  w: Float32Array,
  u: Float32Array,
): void {
  transformFilters(edge === 2 ? F2 : F4, g, w, u);
}

/** w [3·3·C, OC] → u [36, OC, C]: U of the filters turned by 180°. See Kernels.winogradTurnedFilters. */
export function winogradTurnedFilters(
  g: Conv2dGeometry,
  w: Float32Array,
  u: Float32Array,
  scratch: Float32Array,
): void {
  const { C, OC } = g;
  // turned[kh, kw, oc, c] = w[2 − kh, 2 − kw, c, oc]
  let to = 0;
  for (let place = 8; place >= 0; place--) {
    for (let oc = 0; oc < OC; oc++) {
      for (let c = 0; c < C; c++) scratch[to++] = w[(place * C + c) * OC + oc];
    }
  }
  winogradFilters(inputGradientGeometry(g), 4, scratch, u);
}
