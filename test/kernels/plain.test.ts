import { expect, test } from 'vitest';
import { plainKernels } from '../../src/kernels/plain/index.ts';
import { onHeap } from './contract/heap.ts';
import { describeKernels } from './contract.ts';

describeKernels('plain float32', plainKernels, onHeap);

test('they say what they are', () => {
  expect([plainKernels.name, plainKernels.dtype]).toEqual(['plain', 'float32']);
});
