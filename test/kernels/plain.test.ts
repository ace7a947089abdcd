import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { plainKernels } from '../../src/kernels/plain/index.ts';
import { plain64Kernels } from '../../src/kernels/plain64/index.ts';
import type { Allocate } from './contract/bench.ts';
import { describeKernels } from './contract.ts';

// The type parameter can't be narrowed by comparing the string, hence the casts.
const allocate: Allocate = (type, length) => {
  if (type === 'float32') return new Float32Array(length) as never;
  if (type === 'float64') return new Float64Array(length) as never;
  return new Uint8Array(length) as never;
};

describeKernels('plain float32', plainKernels, allocate);
describeKernels('plain float64', plain64Kernels, allocate);

test('plain64/ is what generate-float64.mjs makes of plain/', () => {
  const script = fileURLToPath(new URL('../../src/kernels/generate-float64.mjs', import.meta.url));
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});

test('each implementation says its dtype', () => {
  expect([plainKernels.dtype, plain64Kernels.dtype]).toEqual(['float32', 'float64']);
  expect([plainKernels.name, plain64Kernels.name]).toEqual(['plain', 'plain']);
});
