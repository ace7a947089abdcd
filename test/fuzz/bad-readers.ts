/** Readers that do what no test could survive, to see that run.mjs does. */
import fc from 'fast-check';
import { type Reader, reader } from './harness.ts';

const inputs = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 4 }));

export const readers: readonly Reader[] = [
  reader({
    name: 'hangs',
    inputs,
    read() {
      for (;;);
    },
    errors: [],
    memory: () => Infinity,
  }),
  reader({
    name: 'devours',
    inputs,
    read() {
      const all: number[][] = [];
      for (;;) all.push(new Array<number>(2 ** 16).fill(0.5));
    },
    errors: [],
    memory: () => Infinity,
  }),
];
