// Generated from ../plain/winograd-filters.ts by generate-float64.mjs: do not edit.
import { type Conv2dGeometry, inputGradientGeometry } from '../geometry.ts';
import type { WinogradEdge } from '../kernels.ts';
import { F2 } from './winograd.ts';
import { placesOf, transformFilters } from './winograd-tiles.ts';
import { F4 } from './winograd4.ts';

export function winogradFilterSize({ C, OC }: Conv2dGeometry, edge: WinogradEdge): number {
  return placesOf(edge) * C * OC;
}

export function winogradFilters(
  g: Conv2dGeometry,
  edge: WinogradEdge,
  w: Float64Array,
  u: Float64Array,
): void {
  transformFilters(edge === 2 ? F2 : F4, g, w, u);
}

export function winogradTurnedFilters(
  g: Conv2dGeometry,
  w: Float64Array,
  u: Float64Array,
  scratch: Float64Array,
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
