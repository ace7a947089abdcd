/** `allInitializers`, which brings those that draw normal numbers. */
import { INITIALIZERS, type InitializerName, knowNormal } from './initializers.ts';
import { fillNormal, normalOf, truncatedNormalOf } from './normal.ts';

/**
 * The names of all initializers. A bundle of `degelo/core` knows those of equal and of evenly spread numbers, `glorotUniform` among them, and
 * those of normal numbers where it names this function:
 *
 *     import { allInitializers, conv2d, register } from 'degelo/core';
 *
 *     register(allInitializers);
 *     const layer = conv2d({ filters: 8, kernelSize: 3, kernelInitializer: 'heNormal' });
 */
export function allInitializers(): readonly InitializerName[] {
  return INITIALIZERS;
}

knowNormal({
  untruncatedNormal: (key, mean, deviation, out) => fillNormal(key, mean, deviation, normalOf, out),
  truncatedNormal: (key, mean, deviation, out) => fillNormal(key, mean, deviation, truncatedNormalOf, out),
});
