/**
 * What engines make of functions that ECMAScript leaves to them: a hash over a million values each, for the table in
 * docs/determinism.md, and how many differ from the library's own. Run it with any engine; it needs the built library.
 */
import { createHash } from 'node:crypto';
import { exp, log } from '../../dist/tensor/exp.js';

const COUNT = 1_000_000;

/** The function's values at COUNT fixed arguments between 0 and 1. @param {(u: number) => number} f */
function values(f) {
  let state = 12345;
  return Float64Array.from({ length: COUNT }, () => {
    // A linear congruential generator, which is exact in 32 bits.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return f(state / 2 ** 32);
  });
}

/** @param {string} name @param {(u: number) => number} f @param {(u: number) => number} [own] */
function show(name, f, own) {
  const theirs = values(f);
  const hash = createHash('sha256').update(new Uint8Array(theirs.buffer)).digest('hex').slice(0, 8);
  if (!own) return console.log(name, hash);
  const ours = values(own);
  const different = theirs.filter((v, i) => v !== ours[i]).length;
  const differentSingle = theirs.filter((v, i) => Math.fround(v) !== Math.fround(ours[i])).length;
  console.log(
    name,
    hash,
    `differs from ours ${different} times, rounded to float32 ${differentSingle} times`,
  );
}

show(
  'Math.exp',
  (u) => Math.exp(-20 * u),
  (u) => exp(-20 * u),
);
show('Math.log', Math.log, log);
show('Math.pow', (u) => u ** 0.3);
show('our exp', (u) => exp(-20 * u));
show('our log', log);
