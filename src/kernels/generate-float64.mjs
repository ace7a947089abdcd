/**
 * Writes plain64/ from plain/: the same kernels for float64, for gradient checks.
 *
 * to-float64.mjs says what changes. Two modules of the same text, because V8 compiles a loop for the one kind of array that it has seen:
 * one function body that gets both kinds falls from 2 to 0.1 GFLOP/s.
 *
 *   node src/kernels/generate-float64.mjs           writes plain64/
 *   node src/kernels/generate-float64.mjs --check   exits with 1 where plain64/ isn't what would be written
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { toFloat64 } from './to-float64.mjs';

const source = new URL('plain/', import.meta.url);
const target = new URL('plain64/', import.meta.url);

const typescriptFiles = (folder) => readdirSync(folder).filter((file) => file.endsWith('.ts'));
const read = (folder, file) => readFileSync(new URL(file, folder), 'utf8');

const files = typescriptFiles(source);
const existing = typescriptFiles(target);
const left = existing.filter((file) => !files.includes(file));
const stale = files.filter(
  (file) => !existing.includes(file) || read(target, file) !== toFloat64(file, read(source, file)),
);

if (process.argv.includes('--check')) {
  if (stale.length + left.length > 0) {
    console.error(
      `plain64/ is not current: ${[...stale, ...left].join(', ')}; run node src/kernels/generate-float64.mjs`,
    );
    process.exitCode = 1;
  }
} else {
  for (const file of stale) writeFileSync(new URL(file, target), toFloat64(file, read(source, file)));
  for (const file of left) rmSync(new URL(file, target));
}
