import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { plain64Kernels } from '../../src/kernels/plain64/index.ts';
import { onHeap } from './contract/heap.ts';
import { describeKernels } from './contract.ts';

// The text is that of the plain kernels.
describeKernels('plain float64', plain64Kernels, onHeap, { brief: true });

test('plain64/ is what generate-float64.mjs makes of plain/', () => {
  const script = fileURLToPath(new URL('../../src/kernels/generate-float64.mjs', import.meta.url));
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});

test('they say what they are', () => {
  expect([plain64Kernels.name, plain64Kernels.dtype]).toEqual(['plain', 'float64']);
});
