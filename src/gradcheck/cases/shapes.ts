/** Layers that copy, repeat or leave out numbers. */
import { conv2d } from '../../layers/conv2d.ts';
import { cropping2d } from '../../layers/cropping2d.ts';
import { flatten } from '../../layers/flatten.ts';
import { permute } from '../../layers/permute.ts';
import { reshape } from '../../layers/reshape.ts';
import { resizing } from '../../layers/resizing.ts';
import { upSampling2d } from '../../layers/up-sampling2d.ts';
import { zeroPadding2d } from '../../layers/zero-padding2d.ts';
import { ALL, type SuiteCase } from './case.ts';

export const SHAPES_CASES: readonly SuiteCase[] = [
  {
    name: 'zero padding',
    layers: () => [
      zeroPadding2d({
        padding: [
          [1, 0],
          [2, 3],
        ],
        inputShape: [3, 2, 4],
      }),
      conv2d({ filters: 2, kernelSize: 2 }),
    ],
    options: ALL,
  },
  {
    name: 'nearest up-sampling',
    layers: () => [upSampling2d({ size: [2, 3], inputShape: [2, 3, 4] })],
    options: ALL,
  },
  {
    name: 'bilinear up-sampling',
    layers: () => [upSampling2d({ size: [3, 2], interpolation: 'bilinear', inputShape: [3, 2, 3] })],
    options: ALL,
  },
  {
    name: 'resizing, bilinear',
    layers: () => [
      resizing({ height: 5, width: 3, inputShape: [3, 4, 2] }),
      resizing({ height: 2, width: 4, antialias: true }),
    ],
    options: ALL,
  },
  {
    name: 'resizing, nearest, cut to proportions',
    layers: () => [
      resizing({
        height: 3,
        width: 2,
        interpolation: 'nearest',
        cropToAspectRatio: true,
        inputShape: [4, 5, 2],
      }),
    ],
    options: ALL,
  },
  {
    name: 'resizing, other places',
    layers: () => [
      resizing({ height: 5, width: 3, alignCorners: true, inputShape: [3, 4, 2] }),
      resizing({ height: 4, width: 5, halfPixelCenters: false }),
      resizing({ height: 3, width: 4, interpolation: 'nearest', alignCorners: true }),
    ],
    options: ALL,
  },
  {
    name: 'resizing, bicubic and lanczos',
    layers: () => [
      resizing({ height: 5, width: 3, interpolation: 'bicubic', inputShape: [4, 5, 2] }),
      upSampling2d({ size: [1, 2], interpolation: 'bicubic' }),
      resizing({ height: 3, width: 4, interpolation: 'lanczos3', antialias: true }),
    ],
    options: ALL,
  },
  {
    name: 'reshape, permute and cropping',
    layers: () => [
      reshape({ targetShape: [3, -1, 2], inputShape: [24] }),
      permute({ dims: [2, 3, 1] }),
      cropping2d({
        cropping: [
          [1, 0],
          [0, 1],
        ],
      }),
    ],
    options: ALL,
  },
  { name: 'flatten', layers: () => [flatten({ inputShape: [2, 3, 2] })], options: ALL },
];
